// Forgetting ranges of data, a few thousand keys in a transaction, and finding those that belong to nothing any more.
import type { ByteStore } from '@pergola/store';
import { behind, itemPrefix, kinds, tableKinds } from './layout.ts';

const BATCH_KEYS = 2_000;

/** Deletes all keys that begin with `prefix`. */
export async function forgetPrefix(bytes: ByteStore, prefix: Buffer, stopping: AbortSignal): Promise<void> {
  await forgetRange(bytes, prefix, behind(prefix), stopping);
}

/** Deletes the keys from `from` up to `to`. */
export async function forgetRange(
  bytes: ByteStore,
  from: Buffer,
  to: Buffer,
  stopping: AbortSignal,
): Promise<void> {
  let found: number;
  do {
    if (stopping.aborted) return;
    const keys = [...bytes.range({ from, to, limit: BATCH_KEYS })].map(({ key }) => key);
    found = keys.length;
    if (found > 0)
      await bytes.transact((tx) => {
        for (const key of keys) tx.delete(key);
      });
  } while (found === BATCH_KEYS);
}

/** Everything of a table. */
export async function forgetTableData(bytes: ByteStore, table: string, stopping: AbortSignal): Promise<void> {
  for (const kind of tableKinds) {
    const prefix = itemPrefix(table);
    prefix[0] = kind;
    await forgetPrefix(bytes, prefix, stopping);
  }
}

const ID_BYTES = 8;

/** Deletes the data of tables, streams and backups that are not among those known. */
export async function forgetStrangers(
  bytes: ByteStore,
  known: {
    readonly tables: ReadonlySet<string>;
    readonly streams: ReadonlySet<string>;
    readonly backups: ReadonlySet<string>;
  },
  stopping: AbortSignal,
): Promise<void> {
  const owners = new Map<number, ReadonlySet<string>>(tableKinds.map((kind) => [kind, known.tables]));
  owners.set(kinds.stream, known.streams).set(kinds.counter, known.streams).set(kinds.backup, known.backups);
  for (const [kind, ids] of owners) {
    for (let at: Buffer = Buffer.of(kind); ; ) {
      const [first] = bytes.range({ from: at, to: Buffer.of(kind + 1), limit: 1 });
      if (!first || stopping.aborted) break;
      const prefix = first.key.subarray(0, 1 + ID_BYTES);
      if (!ids.has(prefix.subarray(1).toString('hex'))) await forgetPrefix(bytes, prefix, stopping);
      at = behind(prefix);
    }
  }
}
