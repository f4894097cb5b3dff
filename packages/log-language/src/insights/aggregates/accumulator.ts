// What computes one aggregate over one group: fed with values in any order, split and put together at will.
import type { Row } from '../run/row.ts';
import type { Value } from '../values/value.ts';

export interface Accumulator {
  add(value: Value, row: Row): void;
  /** Fit for structured clone; independent of what is added later. */
  state(): unknown;
  /** Takes in what another accumulator of the same aggregate gave as its state. */
  merge(state: unknown): void;
  result(): Value;
}
