// `pergola reset`: stops the sandbox and removes its state.
import { existsSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { CliError, exitCodes } from '../cli-error.ts';
import type { Command } from '../command.ts';
import { findStatus } from '../running-sandbox.ts';
import { addDataDir, dataDirOf } from '../sandbox-options.ts';
import { stopAndWait } from './down.ts';

export const reset: Command = {
  path: 'reset',
  summary: 'stop the sandbox and remove all of its state',
  configure: (command) => void addDataDir(command),
  run: async (context, _args, options) => {
    const dataDir = resolve(dataDirOf(context, options));
    const status = await findStatus(dataDir);
    if (status) await stopAndWait(dataDir, status.pid);
    if (!existsSync(dataDir)) {
      context.terminal.print('nothing to remove');
      return exitCodes.ok;
    }
    const { stateDirOf } = await import('@pergola/sandbox');
    refuseForeignFolder(dataDir, stateDirOf(dataDir).cluster);
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
    context.terminal.print(`removed ${dataDir}`);
    return exitCodes.ok;
  },
};

/** A mistyped --data-dir must never delete something else. */
function refuseForeignFolder(dataDir: string, clusterFile: string): void {
  if (existsSync(clusterFile)) return;
  throw new CliError({
    what: `${dataDir} does not look like a sandbox's state: it has no cluster.json`,
    fix: 'remove it yourself if it is not needed',
    exitCode: exitCodes.notFound,
  });
}
