// The only file that knows the keys of DynamoDB's data. Partitions stand in the order of their hashes, as AWS scans
// them; within one, items stand in the order of their sort keys.
//
//   10 TABLE HASH SORT            item; HASH is of the partition key, 16 bytes
//   20 TABLE INDEX HASH SORT ID   entry of an index: the key of its item; ID is the hash of that key
//   20 TABLE INDEX SECOND ID      entry of what tells when items expire
//   30 STREAM NUMBER              record of a stream
//   31 STREAM                     the number of the stream's next record
//   40 TABLE [INDEX]              how many items, and how many bytes
//   50 BACKUP HASH SORT           item of a backup
//   60 TABLE NUMBER               what a table's item was before a change, for restoring to a point in time
//   61 TABLE                      the number of the next change
//   70 TOKEN                      what a transaction with a token was; TOKEN is a hash
//   71 INSTANT TOKEN              when the token may be forgotten
import { hash } from 'node:crypto';
import { type Item, keyBytes, type KeySchema } from '@pergola/item-language';
import { faults } from '../faults.ts';

export const HASH_BYTES = 16;
/** LMDB's limit, and of it what an index's sort key must leave for the hash behind it. */
const KEY_BYTES_MAX = 1_978;

const prefix = (kind: number, ...ids: readonly string[]) =>
  Buffer.concat([Buffer.of(kind), ...ids.map((id) => Buffer.from(id, 'hex'))]);

export const itemPrefix = (table: string) => prefix(0x10, table);
export const indexPrefix = (table: string, index: string) => prefix(0x20, table, index);
export const indexesPrefix = (table: string) => prefix(0x20, table);
export const streamPrefix = (stream: string) => prefix(0x30, stream);
export const streamCounter = (stream: string) => prefix(0x31, stream);
export const sizeKey = (table: string, index = '') => prefix(0x40, table, index);
export const backupPrefix = (backup: string) => prefix(0x50, backup);
export const tokenPrefix = prefix(0x70);
export const tokenExpiryPrefix = prefix(0x71);
export const changePrefix = (table: string) => prefix(0x60, table);
export const changeCounter = (table: string) => prefix(0x61, table);
/** The first byte of each kind of key that begins with the key of a table. */
export const tableKinds: readonly number[] = [0x10, 0x20, 0x40, 0x60, 0x61];
export const kinds = { item: 0x10, index: 0x20, stream: 0x30, counter: 0x31, backup: 0x50 } as const;

export function hashOf(bytes: Uint8Array): Buffer {
  return Buffer.from(hash('sha256', bytes, 'buffer').subarray(0, HASH_BYTES));
}

/** The place of a partition, below `prefix`. */
export function partitionPrefix(prefix: Buffer, schema: KeySchema, key: Item): Buffer {
  const value = key[schema.partition.name];
  return Buffer.concat([prefix, hashOf(keyBytes(value ?? { S: '' }))]);
}

/** The key of an item below `prefix`, by the attributes of its key. */
export function itemKey(prefix: Buffer, schema: KeySchema, key: Item): Buffer {
  const partition = partitionPrefix(prefix, schema, key);
  const sort = schema.sort && key[schema.sort.name];
  return fitting(sort ? Buffer.concat([partition, keyBytes(sort)]) : partition);
}

/** The key of an index's entry for an item; undefined when the item has not all its keys. */
export function entryKey(
  { prefix: below, schema }: { readonly prefix: Buffer; readonly schema: KeySchema },
  item: Item,
  key: Buffer,
): Buffer | undefined {
  const { partition, sort } = schema;
  if (!hasKey(item, partition) || (sort && !hasKey(item, sort))) return undefined;
  return fitting(Buffer.concat([itemKey(below, schema, item), hashOf(key)]));
}

function hasKey(item: Item, { name, type }: KeySchema['partition']): boolean {
  const value = Object.hasOwn(item, name) ? item[name] : undefined;
  return value !== undefined && type in value;
}

function fitting(key: Buffer): Buffer {
  if (key.length <= KEY_BYTES_MAX) return key;
  throw faults.notImplemented('A sort key with so many zero bytes');
}

const SECOND_BYTES = 8;

/** The key of the entry that tells when an item expires; undefined when it does not. */
export function expiryKey(below: Buffer, second: number | undefined, key: Buffer): Buffer | undefined {
  return second === undefined ? undefined : Buffer.concat([below, bigEndian(second), hashOf(key)]);
}

export function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(SECOND_BYTES);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

/** The first key behind all those that begin with `prefix`. */
export function behind(prefix: Buffer): Buffer {
  for (let at = prefix.length - 1; at >= 0; at -= 1) {
    const byte = prefix[at] ?? 0;
    if (byte === 0xff) continue;
    const end = Buffer.from(prefix.subarray(0, at + 1));
    end[at] = byte + 1;
    return end;
  }
  return Buffer.alloc(KEY_BYTES_MAX, 0xff);
}

/** The smallest key that is greater than `key`. */
export function after(key: Buffer): Buffer {
  return Buffer.concat([key, Buffer.of(0)]);
}
