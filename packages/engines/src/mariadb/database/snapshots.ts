// Snapshots: a consistent copy of a database's folder, taken while it runs or not.
//
// A running server is kept from writing for the time of the copy: first its tables are locked, which ends what is under
// way, then its process is halted. What the copy holds is what a server would find after a sudden end at that instant,
// and it recovers from that in the same way.
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type DatabaseRecord, readRecord, writeRecord } from '../../database/database-files.ts';
import { copyFolder, flushFolder, makeFolder } from '../../files/folders.ts';
import { eventually } from '../../process/eventually.ts';
import type { ServerProcess } from '../../process/server-process.ts';
import type { Connection } from '../client/connection.ts';
import { pidFile, startFile } from '../config/options.ts';

export interface SnapshotSource {
  readonly data: string;
  readonly record: DatabaseRecord;
  /** Whether the copy must outlive a power cut. */
  readonly isDurable: boolean;
  /** The running server, when it runs. */
  readonly server: { readonly process: ServerProcess; readonly connection: Connection } | undefined;
}

const LOCK_LIMIT_S = 60;
const HALT_LIMIT_MS = 5_000;

/** Makes the folder `home` with the copy; nothing is left of a failure. */
export async function takeSnapshot(home: string, source: SnapshotSource): Promise<void> {
  const { server, data } = source;
  if (await readRecord(home)) throw new Error('there is a snapshot of that name already');
  await makeFolder(home, async (partial) => {
    const copy = join(partial, 'data');
    if (server) {
      await server.connection.query(`SET SESSION lock_wait_timeout = ${LOCK_LIMIT_S}`);
      await server.connection.query('FLUSH TABLES WITH READ LOCK');
      await whileHalted(server.process, () => copyFolder(data, copy));
      await server.connection.query('UNLOCK TABLES');
    } else await copyFolder(data, copy);
    // Of the server, not of its data.
    for (const name of [pidFile, startFile]) await rm(join(copy, name), { force: true });
    await writeRecord(partial, source.record);
    if (source.isDurable) await flushFolder(partial);
  });
}

/** The watcher of the process kills it even so when we end meanwhile. */
async function whileHalted(server: ServerProcess, work: () => Promise<void>): Promise<void> {
  server.signal('SIGSTOP');
  try {
    const halted = await eventually(async () => ((await isHalted(server.pid)) ? true : undefined), {
      limitMs: HALT_LIMIT_MS,
      everyMs: 1,
    });
    if (!halted) throw new Error('the server could not be halted for a copy');
    await work();
  } finally {
    server.signal('SIGCONT');
  }
}

/** Each thread halts when the call that it is in has ended. Elsewhere than on Linux the process is asked as a whole. */
async function isHalted(pid: number): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  const threads = await readdir(`/proc/${pid}/task`);
  const states = await Promise.all(
    threads.map(async (thread) => {
      const text = await readFile(`/proc/${pid}/task/${thread}/stat`, 'utf8').catch(() => '');
      return text.slice(text.lastIndexOf(')') + 2)[0];
    }),
  );
  return states.every((state) => state === 'T' || state === undefined);
}
