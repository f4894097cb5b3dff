// A row that is kept: its values, what it is sorted by, and where it came from.
import { compareSorted, type SortValue } from '../values/order.ts';
import type { Value } from '../values/value.ts';
import { comparePlaces } from './place-order.ts';
import type { RowPlace } from './row.ts';

export interface HeldRow {
  readonly keys: readonly SortValue[];
  readonly place: RowPlace;
  readonly values: Value[];
}

/** Of each key, whether larger values come first. */
export type Directions = readonly boolean[];

export function compareKeys(
  left: readonly SortValue[],
  right: readonly SortValue[],
  descending: Directions,
): number {
  for (const [index, down] of descending.entries()) {
    const difference = compareSorted(left[index], right[index]);
    if (difference !== 0) return down ? -difference : difference;
  }
  return 0;
}

export function compareHeld(left: HeldRow, right: HeldRow, descending: Directions): number {
  return compareKeys(left.keys, right.keys, descending) || comparePlaces(left.place, right.place);
}

/** Roughly the memory that a row takes, in characters. */
export function weightOf({ values }: HeldRow): number {
  let weight = 64;
  for (const value of values) {
    if (typeof value === 'string') weight += value.length;
    else if (typeof value === 'object' && value.kind === 'structure') weight += 200;
  }
  return weight;
}
