// A command on rows that have been collected: all rows go in, in their order, and all rows come out.
import type { Value } from '../values/value.ts';

/** The rows may be changed. */
export type TableCommand = (rows: Value[][]) => Value[][];
