// What a compiled filter pattern can do.
import type { LogBlock } from '../log-block.ts';

/** Why a text is not a filter pattern. `offset` counts from 0 in UTF-16 units. */
export interface PatternSyntaxError {
  readonly message: string;
  readonly offset: number;
}

/** A compiled filter pattern. */
export interface FilterPattern {
  readonly source: string;
  /** How many regular expressions it holds; AWS allows two in one pattern, and five patterns with any in a group. */
  readonly regexes: number;
  /** Appends to `into` the indices of the events of `block` within `[from, to)` that match, ascending. */
  select(block: LogBlock, from: number, to: number, into: number[]): void;
  matches(message: string): boolean;
  /**
   * The fields that the pattern names, by `$.selector` or `$name`, with their values in `message`: what
   * TestMetricFilter and metric transformations see. Undefined when the message does not match.
   */
  extract(message: string): Readonly<Record<string, string>> | undefined;
}
