// Two orders: that of comparisons in a filter, and that of sort, which every pair of values has a place in.
import { render, toNumber, toText, type Value } from './value.ts';

/** Below, at or above zero, as numbers when both are numbers, else as text. Undefined when either is absent, a map or a list. */
export function compare(left: Value, right: Value): number | undefined {
  const a = toNumber(left);
  const b = a === undefined ? undefined : toNumber(right);
  if (a !== undefined && b !== undefined) return a - b || compareBeyondDoubles(a, left, right);
  const first = toText(left);
  const second = toText(right);
  if (first === undefined || second === undefined) return undefined;
  return compareText(first, second);
}

const whole = /^[+-]?\d{1,100}$/;

/** Identifiers of 17 digits and more, which are the same as doubles, may differ all the same. */
function compareBeyondDoubles(number: number, left: Value, right: Value): number {
  if (Math.abs(number) <= Number.MAX_SAFE_INTEGER || typeof left !== 'string' || typeof right !== 'string')
    return 0;
  if (!whole.test(left) || !whole.test(right)) return 0;
  return Number(BigInt(left.replace('+', '')) - BigInt(right.replace('+', '')));
}

/** By code points, as UTF-8 bytes would be. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) return order(a) - order(b);
  }
  return left.length - right.length;
}

/** Surrogates stand for code points above all others. */
function order(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** A value made ready for sorting: absence, then text, then numbers. */
export type SortValue = string | number | undefined;

export function sortValueOf(value: Value): SortValue {
  if (value === undefined) return undefined;
  return toNumber(value) ?? render(value);
}

export function compareSorted(left: SortValue, right: SortValue): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (left === undefined || right === undefined)
    return Number(left !== undefined) - Number(right !== undefined);
  if (typeof left === 'number') return 1;
  if (typeof right === 'number') return -1;
  return compareNatural(left, right);
}

const runs = /[0-9]+|[^0-9]+/g;
const digits = /^[0-9]/;

/** Runs of digits by length, then value; all else by code points. */
function compareNatural(left: string, right: string): number {
  const a = left.match(runs) ?? [];
  const b = right.match(runs) ?? [];
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const difference = compareRuns(a[index] ?? '', b[index] ?? '');
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function compareRuns(left: string, right: string): number {
  if (digits.test(left) && digits.test(right)) return left.length - right.length || compareText(left, right);
  return compareText(left, right);
}
