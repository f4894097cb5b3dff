// Snapshots: a consistent copy of a database's folder, taken while it runs or not.
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type DatabaseRecord, readRecord, writeRecord } from '../../database/database-files.ts';
import { copyFolder, flushFolder, makeFolder } from '../../files/folders.ts';
import { writePrivateFile } from '../../files/private-file.ts';
import type { Account } from '../../process/account.ts';
import { administer, type Administration, type Query } from '../server/administration.ts';

export interface SnapshotSource {
  readonly data: string;
  readonly record: DatabaseRecord;
  readonly major: number;
  readonly account: Account | undefined;
  /** Whether the copy must outlive a power cut. */
  readonly isDurable: boolean;
  /** The running server, when it runs. */
  readonly server: Administration | undefined;
}

/** Makes the folder `home` with the copy; nothing is left of a failure. */
export async function takeSnapshot(home: string, source: SnapshotSource): Promise<void> {
  const { server } = source;
  if (await readRecord(home)) throw new Error('there is a snapshot of that name already');
  await makeFolder(home, async (partial) => {
    const copy = join(partial, 'data');
    if (server) await administer(server, 'postgres', (query) => copyRunning(query, source, copy));
    else await copyFolder(source.data, copy);
    await writeRecord(partial, source.record);
    if (source.isDurable) await flushFolder(partial);
  });
}

/**
 * As pg_basebackup does: what is copied while it changes is put right by the write-ahead log, which is copied last. The
 * slot goes with the session, and until then keeps the server from removing that log.
 */
async function copyRunning(query: Query, source: SnapshotSource, copy: string): Promise<void> {
  const { major, data, account } = source;
  const [begin, end] =
    major >= 15
      ? ["pg_backup_start('snapshot', true)", 'pg_backup_stop(false)']
      : ["pg_start_backup('snapshot', true, false)", 'pg_stop_backup(false, false)'];
  await query("SELECT pg_create_physical_replication_slot('pergola_snapshot', true, true)");
  await query(`SELECT ${begin}`);
  await copyFolder(data, copy, 'in-use');
  const [label] = await query(`SELECT labelfile FROM ${end}`);
  await rm(join(copy, 'pg_wal'), { recursive: true, force: true });
  await copyFolder(join(data, 'pg_wal'), join(copy, 'pg_wal'), 'in-use');
  await forgetTheServer(copy);
  await writePrivateFile(join(copy, 'backup_label'), String(label?.['labelfile'] ?? ''), account);
}

/** What belongs to the running server and not to its data. */
async function forgetTheServer(copy: string): Promise<void> {
  for (const name of ['postmaster.pid', 'postmaster.opts']) await rm(join(copy, name), { force: true });
  const slots = join(copy, 'pg_replslot');
  for (const name of await readdir(slots)) await rm(join(slots, name), { recursive: true, force: true });
}
