// Boots a sandbox for a command, and says what a person can do when it cannot boot. The sandbox is loaded here, on
// first use, so that commands which boot none start without it.
import type { LockedError, OptionError, PortTakenError, Sandbox, SandboxOptions } from '@pergola/sandbox';
import { CliError, exitCodes } from './cli-error.ts';

interface SandboxErrors {
  readonly LockedError: typeof LockedError;
  readonly OptionError: typeof OptionError;
  readonly PortTakenError: typeof PortTakenError;
}

/** Boots. Throws CliError where another option or command helps. */
export async function bootSandbox(options: SandboxOptions): Promise<Sandbox> {
  const door = await import('@pergola/sandbox');
  try {
    return await door.startSandbox(options);
  } catch (error) {
    throw explained(door, error);
  }
}

/** The error as one that says how to go on. */
function explained(door: SandboxErrors, error: unknown): unknown {
  if (error instanceof door.PortTakenError) {
    return new CliError({
      what: error.message,
      fix: `end that process, or choose another port with ${error.flag} (0 draws a free one)`,
      command: `pergola up ${error.flag} 0`,
      exitCode: exitCodes.busy,
    });
  }
  if (error instanceof door.LockedError) {
    return new CliError({
      what: error.message,
      fix: 'use it, stop it with `pergola down`, or give the new one a folder and ports of its own',
      command: 'pergola up --data-dir ./other --aws-port 0 --kube-port 0',
      exitCode: exitCodes.busy,
    });
  }
  if (error instanceof door.OptionError) {
    return new CliError({ what: error.message, exitCode: exitCodes.usage });
  }
  return error;
}
