// Bytes of items as DynamoDB counts them, and the capacity units they cost (Developer Guide, "Item sizes and formats" and
// "Read and write operations").
import type { AttributeValue, Item } from '../attribute-value.ts';
import { parseDecimal } from './decimal.ts';

/** What an item may have at most. */
export const ITEM_BYTES_MAX = 400 * 1_024;

/** Names and values. */
export function itemBytes(item: Item): number {
  return membersBytes(item);
}

function membersBytes(members: Readonly<Record<string, AttributeValue>>): number {
  let bytes = 0;
  for (const name of Object.keys(members)) {
    const value = members[name];
    if (value !== undefined) bytes += Buffer.byteLength(name) + valueBytes(value);
  }
  return bytes;
}

/** A checked value without its name. */
export function valueBytes(value: AttributeValue): number {
  if ('S' in value) return Buffer.byteLength(value.S);
  if ('N' in value) return numberBytes(value.N);
  if ('B' in value) return value.B.length;
  if ('M' in value) return 3 + Object.keys(value.M).length + membersBytes(value.M);
  if ('L' in value) return value.L.reduce((bytes, member) => bytes + 1 + valueBytes(member), 3);
  if ('SS' in value) return value.SS.reduce((bytes, member) => bytes + Buffer.byteLength(member), 0);
  if ('NS' in value) return value.NS.reduce((bytes, member) => bytes + numberBytes(member), 0);
  if ('BS' in value) return value.BS.reduce((bytes, member) => bytes + member.length, 0);
  return 1;
}

/** One byte, one for every two digits (in pairs about the decimal point), and one for a minus. */
function numberBytes(text: string): number {
  const { negative, digits, exponent } = parseDecimal(text);
  if (digits === '') return 1;
  const padded = digits.length + (exponent % 2 === 0 ? 1 : 0);
  return 1 + Math.ceil(padded / 2) + (negative ? 1 : 0);
}

/** How a read is done, which is what it costs. */
export type ReadConsistency = 'eventual' | 'strong' | 'transactional';

const READ_FACTOR: Readonly<Record<ReadConsistency, number>> = { eventual: 0.5, strong: 1, transactional: 2 };

/** Units for reading so many bytes at once; nothing found costs as much as something small. */
export function readUnits(bytes: number, consistency: ReadConsistency): number {
  return Math.max(1, Math.ceil(bytes / 4_096)) * READ_FACTOR[consistency];
}

/** Units for writing an item of so many bytes: the larger of before and after. */
export function writeUnits(bytes: number, transactional = false): number {
  return Math.max(1, Math.ceil(bytes / 1_024)) * (transactional ? 2 : 1);
}
