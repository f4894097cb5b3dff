// How many items a table or an index has, and how many bytes: counted with each write, in its transaction.
import type { ByteReader, ByteTransaction } from '@pergola/store';

export interface Sizes {
  readonly items: number;
  readonly bytes: number;
}

const FIELD_BYTES = 8;

export function sizesAt(reader: ByteReader, key: Buffer): Sizes {
  const record = reader.get(key);
  if (!record) return { items: 0, bytes: 0 };
  return { items: record.readDoubleBE(0), bytes: record.readDoubleBE(FIELD_BYTES) };
}

export function addSizes(tx: ByteTransaction, key: Buffer, { items, bytes }: Sizes): void {
  if (items === 0 && bytes === 0) return;
  const before = sizesAt(tx, key);
  const record = Buffer.allocUnsafe(2 * FIELD_BYTES);
  record.writeDoubleBE(before.items + items, 0);
  record.writeDoubleBE(before.bytes + bytes, FIELD_BYTES);
  tx.put(key, record);
}

/** What a write adds: `bytes` of what was there and is there, undefined where nothing is. */
export function sizesOf(before: number | undefined, after: number | undefined): Sizes {
  const count = (bytes: number | undefined) => (bytes === undefined ? 0 : 1);
  return { items: count(after) - count(before), bytes: (after ?? 0) - (before ?? 0) };
}
