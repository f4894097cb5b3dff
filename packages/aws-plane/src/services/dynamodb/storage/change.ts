// One change of one item, with everything that follows from it in the same transaction: entries of indexes, the time of
// its expiry, the stream's record, what restoring needs, and the sizes.
import { type Item, itemBytes } from '@pergola/item-language';
import type { ByteTransaction } from '@pergola/store';
import type { Index, Table } from '../tables/table.ts';
import type { Change } from './item-change.ts';
import { encodeItem, type StoredItem } from './item-record.ts';
import { bigEndian, changeCounter, changePrefix, entryKey, expiryKey, sizeKey } from './layout.ts';
import { addSizes, sizesOf } from './sizes.ts';
import { appendRecord } from './stream-record.ts';

export function applyChange(tx: ByteTransaction, table: Table, change: Change): void {
  const { key, before, after } = change;
  const known = tx.get(key);
  const record = after && encodeItem(after);
  if (record ? known?.equals(record) : !known) return;
  if (record) tx.put(key, record);
  else tx.delete(key);
  addSizes(tx, sizeKey(table.record.key), sizesOf(before?.bytes, after?.bytes));
  for (const index of table.indexes) changeEntry(tx, table, index, change);
  if (table.expiry) changeExpiry(tx, table.expiry, change);
  appendRecord(tx, table, change);
  if (table.record.recovery) rememberBefore(tx, table, change, known);
}

function changeEntry(tx: ByteTransaction, table: Table, index: Index, { key, before, after }: Change): void {
  const old = entryOf(index, before, key);
  // A backfill may not have come to this item yet: then there is no entry of it, and none is counted.
  const was = old && (index.record.status !== 'CREATING' || tx.get(old.key)) ? old : undefined;
  const is = entryOf(index, after, key);
  replaceEntry(tx, { was: was?.key, is: is?.key }, key);
  addSizes(tx, sizeKey(table.record.key, index.record.key), sizesOf(was?.bytes, is?.bytes));
}

interface Entry {
  readonly key: Buffer;
  /** Of what the index holds of the item. */
  readonly bytes: number;
}

function entryOf(index: Index, stored: StoredItem | undefined, key: Buffer): Entry | undefined {
  const entry = stored && entryKey(index, stored.item, key);
  return stored && entry && { key: entry, bytes: projectedBytes(index, stored) };
}

type Replacement = Readonly<Record<'was' | 'is', Buffer | undefined>>;

function replaceEntry(tx: ByteTransaction, { was, is }: Replacement, key: Buffer): void {
  if (was && is && was.equals(is)) return;
  if (was) tx.delete(was);
  if (is) tx.put(is, key);
}

export function projectedBytes(index: Index, stored: StoredItem): number {
  return index.record.projection === 'ALL' ? stored.bytes : itemBytes(index.project(stored.item));
}

function changeExpiry(
  tx: ByteTransaction,
  { attribute, prefix }: { readonly attribute: string; readonly prefix: Buffer },
  { key, before, after }: Change,
): void {
  const placeOf = (stored: StoredItem | undefined) =>
    stored && expiryKey(prefix, expirySecond(stored.item, attribute), key);
  replaceEntry(tx, { was: placeOf(before), is: placeOf(after) }, key);
}

/** The second at which an item expires; undefined when its attribute does not say one. */
export function expirySecond(item: Item, attribute: string): number | undefined {
  const value = Object.hasOwn(item, attribute) ? item[attribute] : undefined;
  if (!value || !('N' in value)) return undefined;
  const second = Math.floor(Number(value.N));
  return Number.isSafeInteger(second) && second > 0 ? second : undefined;
}

/** For restoring to a point in time: the instant, the item's key, and its bytes before the change. */
function rememberBefore(
  tx: ByteTransaction,
  table: Table,
  { key, atMs }: Change,
  known: Buffer | undefined,
): void {
  const counter = changeCounter(table.record.key);
  const number = nextNumber(tx, counter);
  const below = key.subarray(table.prefix.length);
  const head = Buffer.alloc(10);
  head.writeDoubleBE(atMs, 0);
  head.writeUInt16BE(below.length, 8);
  const place = Buffer.concat([changePrefix(table.record.key), bigEndian(number)]);
  tx.put(place, Buffer.concat([head, below, known ?? Buffer.alloc(0)]));
}

/** Counts up; the first number is 1. */
export function nextNumber(tx: ByteTransaction, counter: Buffer): number {
  const number = Number(tx.get(counter)?.readBigUInt64BE() ?? 0n) + 1;
  tx.put(counter, bigEndian(number));
  return number;
}
