// Records of a stream: written with the change that they tell of, read by GetRecords.
import type { Item } from '@pergola/item-language';
import { itemBytes } from '@pergola/item-language';
import type { ByteTransaction } from '@pergola/store';
import { wireJson } from '../faults.ts';
import type { Table } from '../tables/table.ts';
import type { Change } from './change.ts';
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

export function appendRecord(
  tx: ByteTransaction,
  table: Table,
  { before, after, atMs, expired }: Change,
): void {
  const { stream } = table.record;
  const source = after ?? before;
  if (!stream || !source) return;
  const keys = keysOf(table, source.item);
  const wantsOld = stream.view === 'OLD_IMAGE' || stream.view === 'NEW_AND_OLD_IMAGES';
  const wantsNew = stream.view === 'NEW_IMAGE' || stream.view === 'NEW_AND_OLD_IMAGES';
  const entry: Omit<StreamEntry, 'number'> = {
    atMs,
    name: before ? (after ? 'MODIFY' : 'REMOVE') : 'INSERT',
    keys,
    before: wantsOld ? before?.item : undefined,
    after: wantsNew ? after?.item : undefined,
    bytes: itemBytes(keys) + (wantsOld ? (before?.bytes ?? 0) : 0) + (wantsNew ? (after?.bytes ?? 0) : 0),
    expired,
  };
  const counter = streamCounter(stream.key);
  const number = Number(tx.get(counter)?.readBigUInt64BE() ?? 0n) + 1;
  tx.put(counter, bigEndian(number));
  tx.put(
    Buffer.concat([streamPrefix(stream.key), bigEndian(number)]),
    Buffer.from(JSON.stringify(wireJson(entry))),
  );
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
