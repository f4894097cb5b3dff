// A small `oc`: OpenShift's own words over kubectl, which does the rest. On PATH only where oc is absent.
import { spawn } from 'node:child_process';
import { readEnv } from '@pergola/kernel';
import { projectCommands } from './projects.ts';
import { OcError, openCluster } from './cluster.ts';

async function main(argv: readonly string[]): Promise<number> {
  const env = readEnv();
  const [verb = '', ...rest] = argv;
  try {
    const own = projectCommands[verb];
    if (own) return await own(openCluster(env), rest);
    if (verb === 'rsh') return await kubectl(['exec', '-it', ...rsh(rest)]);
    return await kubectl(argv);
  } catch (error) {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

/** `oc rsh POD [CMD…]`: a shell when no command is named. */
function rsh(words: readonly string[]): string[] {
  const at = words.findIndex((word) => !word.startsWith('-'));
  if (at < 0) throw new OcError('rsh requires a valid Pod to be named');
  const command = words.slice(at + 1).filter((word, index) => !(index === 0 && word === '--'));
  return [
    ...words.slice(0, at + 1),
    '--',
    ...(command.length > 0 ? command : ['/bin/sh', '-c', 'TERM="xterm" /bin/sh']),
  ];
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
