// Equality of all values, and the order that strings, numbers and bytes have.
import type { AttributeValue } from '../attribute-value.ts';
import { compareNumbers } from './decimal.ts';
import { memberOf } from './member.ts';
import { compareBytes, compareStrings } from './text-order.ts';

/** Negative, zero or positive; undefined when the two have no order: different types, or a type without one. */
export function compareValues(left: AttributeValue, right: AttributeValue): number | undefined {
  if ('S' in left) return 'S' in right ? compareStrings(left.S, right.S) : undefined;
  if ('N' in left) return 'N' in right ? compareNumbers(left.N, right.N) : undefined;
  if ('B' in left) return 'B' in right ? compareBytes(left.B, right.B) : undefined;
  return undefined;
}

/** Whether two checked values are the same. Sets have no order; numbers are compared as numbers. */
export function equalValues(left: AttributeValue, right: AttributeValue): boolean {
  if ('S' in left) return 'S' in right && left.S === right.S;
  if ('N' in left) return 'N' in right && left.N === right.N;
  if ('B' in left) return 'B' in right && compareBytes(left.B, right.B) === 0;
  if ('BOOL' in left) return 'BOOL' in right && left.BOOL === right.BOOL;
  if ('NULL' in left) return 'NULL' in right;
  return equalCollections(left, right);
}

function equalCollections(left: AttributeValue, right: AttributeValue): boolean {
  if ('M' in left) return 'M' in right && equalMaps(left.M, right.M);
  if ('L' in left) return 'L' in right && equalLists(left.L, right.L);
  return equalSets(left, right);
}

function equalSets(left: AttributeValue, right: AttributeValue): boolean {
  if ('SS' in left) return 'SS' in right && equalTextSets(left.SS, right.SS);
  if ('NS' in left) return 'NS' in right && equalTextSets(left.NS, right.NS);
  if ('BS' in left && 'BS' in right) return equalTextSets(left.BS.map(byteText), right.BS.map(byteText));
  return false;
}

/** Up to this size, looking through a set costs less than making one to look things up in. */
const SMALL_SET = 8;

function equalTextSets(left: readonly string[], right: readonly string[]): boolean {
  if (left.length !== right.length) return false;
  if (left.length <= SMALL_SET) return right.every((member) => left.includes(member));
  const members = new Set(left);
  return right.every((member) => members.has(member));
}

/** A text that stands for bytes in sets. */
export function byteText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function equalLists(left: readonly AttributeValue[], right: readonly AttributeValue[]): boolean {
  return (
    left.length === right.length &&
    left.every((value, at) => {
      const other = right[at];
      return other !== undefined && equalValues(value, other);
    })
  );
}

type Members = Readonly<Record<string, AttributeValue>>;

function equalMaps(left: Members, right: Members): boolean {
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => {
      const a = memberOf(left, name);
      const b = memberOf(right, name);
      return a !== undefined && b !== undefined && equalValues(a, b);
    })
  );
}
