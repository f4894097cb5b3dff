// Records of a stream: written with the change that they tell of, read by GetRecords.
import type { Item } from '@pergola/item-language';
import { itemBytes } from '@pergola/item-language';
import type { ByteTransaction } from '@pergola/store';
import { wireJson } from '../faults.ts';
import type { Table } from '../tables/table.ts';
import type { StreamSetting } from '../tables/table-record.ts';
import type { Change } from './item-change.ts';
import { withBytes } from './item-record.ts';
import { bigEndian, streamCounter, streamPrefix } from './layout.ts';

/** As it is kept: instants in milliseconds, items as on the wire. */
export interface StreamEntry {
  readonly number: number;
  readonly atMs: number;
  readonly name: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly keys: Item;
  readonly before?: Item | undefined;
  readonly after?: Item | undefined;
  readonly bytes: number;
  readonly expired?: boolean | undefined;
}

/** Writes the record of a change, where the table has a stream. */
export function appendRecord(tx: ByteTransaction, table: Table, change: Change): void {
  const { stream } = table.record;
  if (!stream?.enabled) return;
  const entry = entryOf(table, stream.view, change);
  const counter = streamCounter(stream.key);
  const number = Number(tx.get(counter)?.readBigUInt64BE() ?? 0n) + 1;
  tx.put(counter, bigEndian(number));
  tx.put(
    Buffer.concat([streamPrefix(stream.key), bigEndian(number)]),
    Buffer.from(JSON.stringify(wireJson(entry))),
  );
}

const shows: Readonly<Record<StreamSetting['view'], { readonly old: boolean; readonly new: boolean }>> = {
  KEYS_ONLY: { old: false, new: false },
  NEW_IMAGE: { old: false, new: true },
  OLD_IMAGE: { old: true, new: false },
  NEW_AND_OLD_IMAGES: { old: true, new: true },
};

function entryOf(table: Table, view: StreamSetting['view'], change: Change): Omit<StreamEntry, 'number'> {
  const { before, after, atMs, expired } = change;
  const keys = keysOf(table, (after ?? before)?.item ?? {});
  const old = shows[view].old ? before : undefined;
  const fresh = shows[view].new ? after : undefined;
  return {
    atMs,
    name: nameOf(change),
    keys,
    before: old?.item,
    after: fresh?.item,
    bytes: itemBytes(keys) + (old?.bytes ?? 0) + (fresh?.bytes ?? 0),
    expired,
  };
}

function nameOf({ before, after }: Change): StreamEntry['name'] {
  if (!after) return 'REMOVE';
  return before ? 'MODIFY' : 'INSERT';
}

export function decodeRecord(key: Buffer, value: Buffer): StreamEntry {
  const entry = JSON.parse(value.toString()) as StreamEntry;
  for (const item of [entry.keys, entry.before, entry.after]) if (item) withBytes(item);
  return { ...entry, number: Number(key.readBigUInt64BE(key.length - 8)) };
}

/** The attributes of an item's key, alone. */
export function keysOf(table: Table, item: Item): Item {
  return Object.fromEntries(
    table.keyNames.flatMap((name) => {
      const value = item[name];
      return value ? [[name, value]] : [];
    }),
  );
}
