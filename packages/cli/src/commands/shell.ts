// `pergola shell [-- CMD…]`: a shell, or one command, that talks to the sandbox.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { CliError, exitCodes } from '../cli-error.ts';
import { clientPath } from '../client-path.ts';
import type { Command } from '../command.ts';
import { requireStatus } from '../running-sandbox.ts';
import { addDataDir, dataDirOf } from '../sandbox-options.ts';

export const shell: Command = {
  path: 'shell',
  summary: 'a shell, or one command after --, in which aws, kubectl, oc and rosa talk to the sandbox',
  configure: (command) => void addDataDir(command).argument('[command...]', 'run this instead of a shell'),
  run: async (context, args, options) => {
    const status = await requireStatus(dataDirOf(context, options));
    const [program = context.env['SHELL'] ?? '/bin/sh', ...rest] = args;
    if (args.length === 0) {
      context.terminal.note(
        `shell for ${status.infrastructureName}: ${status.awsUrl}, ${status.kubeUrl}; exit to leave`,
      );
    }
    return runChild(program, rest, {
      ...withoutCredentials(context.env),
      ...status.environment,
      PATH: clientPath(context),
    });
  },
};

/** Keys of a real account in the environment would win over the sandbox's profile, so they are left out. */
function withoutCredentials(
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  const outside =
    /^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|PROFILE|DEFAULT_PROFILE|ROLE_ARN|WEB_IDENTITY_TOKEN_FILE|ENDPOINT_URL_.*|CA_BUNDLE)$/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !outside.test(name)));
}

function runChild(
  program: string,
  args: readonly string[],
  env: Record<string, string | undefined>,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', env });
    // The terminal sends Ctrl-C to both; the child decides what it means.
    const ignore = () => {};
    process.on('SIGINT', ignore);
    child.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        new CliError({
          what: `cannot run ${program}: ${error.code === 'ENOENT' ? 'no such program' : error.message}`,
          exitCode: error.code === 'ENOENT' ? 127 : exitCodes.failed,
        }),
      );
    });
    child.once('exit', (code, signal) => {
      process.off('SIGINT', ignore);
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
  });
}
