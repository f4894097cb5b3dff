// Where the rows of a run end up before the parts are put together: the first rows, groups, or patterns.
import type { Value } from '../values/value.ts';
import type { Row } from './row.ts';

/** Takes rows in any order. */
export interface Collector {
  accept(row: Row): void;
  /** True when no further row can change the result. */
  enough(): boolean;
  /** Fit for structured clone; independent of what is accepted later. */
  partial(): unknown;
}

/** How rows are collected, and put together again. Its columns may still be added to until the first run starts. */
export interface Terminal {
  collector(): Collector;
  /** The rows of all partials, each as values by slot, in their order. */
  finish(partials: readonly unknown[]): Value[][];
}
