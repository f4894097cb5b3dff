// Items as bytes: whether they hold any bytes themselves, their size as DynamoDB counts it, and JSON as on the wire.
import type { AttributeValue, Item } from '@pergola/item-language';
import { itemBytes } from '@pergola/item-language';
import { wireJson } from '../faults.ts';

const HEAD_BYTES = 5;

export interface StoredItem {
  readonly item: Item;
  /** As DynamoDB counts them. */
  readonly bytes: number;
}

export function storedItem(item: Item): StoredItem {
  return { item, bytes: itemBytes(item) };
}

export function encodeItem({ item, bytes }: StoredItem): Buffer {
  const binary = membersHoldBytes(item);
  const text = JSON.stringify(binary ? wireJson(item) : item);
  const record = Buffer.allocUnsafe(HEAD_BYTES + Buffer.byteLength(text));
  record[0] = binary ? 1 : 0;
  record.writeUInt32BE(bytes, 1);
  record.write(text, HEAD_BYTES);
  return record;
}

function membersHoldBytes(members: Item): boolean {
  for (const name in members) {
    const value = members[name];
    if (value && valueHoldsBytes(value)) return true;
  }
  return false;
}

function valueHoldsBytes(value: AttributeValue): boolean {
  if ('S' in value || 'N' in value) return false;
  if ('M' in value) return membersHoldBytes(value.M);
  if ('L' in value) return value.L.some(valueHoldsBytes);
  return 'B' in value || 'BS' in value;
}

export function decodeItem(record: Buffer): StoredItem {
  const bytes = record.readUInt32BE(1);
  const plain = JSON.parse(record.toString('utf8', HEAD_BYTES)) as Item;
  return { item: record[0] === 1 ? withBytes(plain) : plain, bytes };
}

/** An item as its JSON has it, with bytes for what stands there in base64. */
export function withBytes(item: Item): Item {
  for (const name of Object.keys(item)) {
    const value = item[name];
    if (value && mayHoldBytes(value)) (item as Record<string, AttributeValue>)[name] = valueWithBytes(value);
  }
  return item;
}

function mayHoldBytes(value: AttributeValue): boolean {
  return 'B' in value || 'BS' in value || 'M' in value || 'L' in value;
}

function valueWithBytes(value: AttributeValue): AttributeValue {
  if ('B' in value) return { B: fromBase64(value.B) };
  if ('BS' in value) return { BS: value.BS.map(fromBase64) };
  if ('M' in value) return { M: withBytes(value.M) };
  if ('L' in value) return { L: value.L.map(valueWithBytes) };
  return value;
}

function fromBase64(text: unknown): Uint8Array {
  return Buffer.from(String(text), 'base64');
}
