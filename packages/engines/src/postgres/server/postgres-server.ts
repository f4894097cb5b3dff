// One run of a PostgreSQL server: from its start until it accepts connections, and its end.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '@pergola/kernel';
import type { Account } from '../../process/account.ts';
import { eventually } from '../../process/eventually.ts';
import { clearLeftOver } from '../../process/left-over.ts';
import { type ServerProcess, startServerProcess } from '../../process/server-process.ts';
import { libraryPath, type PreparedRuntime } from '../runtime/prepared-runtime.ts';

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 10_000;

export interface PostgresRun {
  readonly process: ServerProcess;
  /** Ends sessions and the server, in order. */
  stop(): Promise<void>;
}

export interface PostgresStart {
  readonly runtime: PreparedRuntime;
  readonly data: string;
  readonly account: Account | undefined;
  readonly logger: Logger;
}

/** Resolves when it accepts connections; rejects with the server's own words. */
export async function startPostgres({ runtime, data, account, logger }: PostgresStart): Promise<PostgresRun> {
  await clearLeftOver(data, 'postmaster.pid');
  const server = await startServerProcess(
    {
      program: join(runtime.bin, 'postgres'),
      folders: [data, ...(runtime.links === undefined ? [] : [runtime.links])],
      account,
      variables: ([, links]) => libraryPath(runtime, links),
      words: ([path = '']) => ['-D', path],
      abortSignal: 'QUIT',
    },
    logger,
  );
  const outcome = await eventually(
    async () => {
      if (server.hasEnded) return 'ended';
      return (await isReady(data, server.pid)) ? 'ready' : undefined;
    },
    { limitMs: START_LIMIT_MS, everyMs: 4 },
  );
  if (outcome !== 'ready') {
    await end(server, ['SIGQUIT', 'SIGKILL']);
    throw new Error(`PostgreSQL ${runtime.version} did not start: ${complaint(server.lastWords())}`);
  }
  // Fast: sessions are ended, then a checkpoint is made. Immediate: neither, and the next start recovers.
  return { process: server, stop: () => end(server, ['SIGINT', 'SIGQUIT', 'SIGKILL']) };
}

/** The eighth line of the pid file, which PostgreSQL's own tools wait for too. */
async function isReady(data: string, pid: number): Promise<boolean> {
  const lines = (await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  return lines[0] === String(pid) && lines[7]?.trim() === 'ready';
}

async function end(server: ServerProcess, signals: readonly NodeJS.Signals[]): Promise<void> {
  for (const signal of signals) {
    if (server.hasEnded) return;
    server.signal(signal);
    await eventually(async () => (server.hasEnded ? true : undefined), {
      limitMs: STOP_LIMIT_MS,
      everyMs: 4,
    });
  }
}

/** The lines that say what is wrong, or the last ones. */
function complaint(words: string): string {
  const lines = words.split('\n');
  const told = lines.filter((line) => /FATAL|PANIC|ERROR|HINT|error while loading/.test(line));
  return (told.length > 0 ? told : lines).slice(-4).join('; ') || 'it said nothing';
}
