// What to tell a person when the sandbox cannot boot.
import { LockedError, OptionError, PortTakenError } from '@pergola/sandbox';
import { CliError, exitCodes } from './cli-error.ts';

/** Rethrows a boot's error as one that says how to go on. */
export function explainBootFailure(error: unknown): never {
  if (error instanceof PortTakenError) {
    throw new CliError({
      what: error.message,
      fix: `end that process, or choose another port with ${error.flag} (0 draws a free one)`,
      command: `pergola up ${error.flag} 0`,
      exitCode: exitCodes.busy,
    });
  }
  if (error instanceof LockedError) {
    throw new CliError({
      what: error.message,
      fix: 'use it, stop it with `pergola down`, or give the new one a folder and ports of its own',
      command: 'pergola up --data-dir ./other --aws-port 0 --kube-port 0',
      exitCode: exitCodes.busy,
    });
  }
  if (error instanceof OptionError) throw new CliError({ what: error.message, exitCode: exitCodes.usage });
  throw error;
}
