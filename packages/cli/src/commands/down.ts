// `pergola down`: stops the sandbox and waits until it has.
import { systemClock } from '@pergola/kernel';
import { CliError, exitCodes } from '../cli-error.ts';
import type { Command } from '../command.ts';
import { askToStop, findStatus } from '../running-sandbox.ts';
import { addDataDir, dataDirOf } from '../sandbox-options.ts';

const STOP_MS = 45_000;

export const down: Command = {
  path: 'down',
  summary: 'stop the sandbox; its state stays',
  configure: (command) => void addDataDir(command),
  run: async (context, _args, options) => {
    const dataDir = dataDirOf(context, options);
    const status = await findStatus(dataDir);
    if (!status) {
      context.terminal.print('no sandbox runs here');
      return exitCodes.ok;
    }
    await stopAndWait(dataDir, status.pid);
    context.terminal.print(`stopped (process ${status.pid}); state stays in ${status.dataDir}`);
    return exitCodes.ok;
  },
};

/** Asks the sandbox to stop, and resolves when its process has ended. */
export async function stopAndWait(dataDir: string, pid: number): Promise<void> {
  await askToStop(dataDir);
  const deadlineMs = systemClock.monotonicMs() + STOP_MS;
  while (isAlive(pid)) {
    if (systemClock.monotonicMs() > deadlineMs) {
      throw new CliError({
        what: `the sandbox (process ${pid}) did not stop within ${STOP_MS / 1000} s`,
        fix: 'end it; nothing that was acknowledged is lost',
        command: `kill -9 ${pid}`,
      });
    }
    await systemClock.sleep(20);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // ESRCH: the process is gone, which is what was asked for.
    return false;
  }
}
