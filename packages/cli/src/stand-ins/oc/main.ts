// A small `oc`: OpenShift's own words over kubectl, which does the rest. On PATH only where oc is absent.
import { spawn } from 'node:child_process';
import { readEnv } from '@pergola/kernel';
import { projectCommands } from './projects.ts';
import { OcError, openCluster, ServerError } from './cluster.ts';
import { readWords } from './words.ts';

async function main(argv: readonly string[]): Promise<number> {
  const env = readEnv();
  const [verb = '', ...rest] = argv;
  try {
    const own = projectCommands[verb];
    if (own) return await own(openCluster(env), rest);
    if (verb === 'rsh') return await kubectl(['exec', ...rsh(rest)]);
    return await kubectl(argv);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    process.stderr.write(error instanceof ServerError ? `${text}\n` : `error: ${text}\n`);
    return 1;
  }
}

/** `oc rsh POD [CMD…]`: a shell when no command is named; a terminal when we have one, unless told. */
function rsh(words: readonly string[]): string[] {
  const { plain, values, switches, rest } = readWords(words, ['-n', '--namespace', '-c', '--container'], 1);
  const [pod] = plain;
  if (pod === undefined) throw new OcError('rsh requires a valid Pod to be named');
  const tty = !switches.has('-T') && !switches.has('--no-tty') && (process.stdin.isTTY || switches.has('-t'));
  const shell = ['/bin/sh', '-c', 'TERM="xterm" /bin/sh'];
  const flags = [...values].map(([flag, value]) =>
    flag.startsWith('--') ? [`${flag}=${value}`] : [flag, value],
  );
  return [tty ? '-it' : '-i', ...flags.flat(), pod, '--', ...(rest.length > 0 ? rest : shell)];
}

function kubectl(argv: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn('kubectl', argv, { stdio: 'inherit' });
    child.once('error', (error: NodeJS.ErrnoException) => {
      const absent = error.code === 'ENOENT';
      reject(
        absent
          ? new OcError(
              `this small oc needs kubectl for \`oc ${argv.join(' ')}\`, and kubectl is not on PATH; install kubectl 1.27 or later, or oc`,
            )
          : error,
      );
    });
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

process.exitCode = await main(process.argv.slice(2));
