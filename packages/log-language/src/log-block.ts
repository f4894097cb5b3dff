// A block of log events as columns: what the store hands to filter patterns and queries, and all that they may read.

/**
 * Events of one log group, in the order of their ids. The buffers are valid only during the call that hands them over.
 * Works on bytes: a message becomes a string only when a pattern or a query needs it.
 */
export interface LogBlock {
  /** 12 digits. */
  readonly account: string;
  /** Name of the log group. */
  readonly group: string;
  readonly count: number;
  /** All messages, UTF-8, one after another without separators. */
  readonly bytes: Buffer;
  /** `count + 1` offsets into `bytes`: message i is `[starts[i], starts[i + 1])`. */
  readonly starts: Uint32Array;
  /** When the event happened, as its sender said: milliseconds since the epoch. */
  readonly timestampsMs: Float64Array;
  /** When the event was accepted: milliseconds since the epoch. */
  readonly ingestedMs: Float64Array;
  /** Index into `streamNames` for each event. */
  readonly streams: Uint32Array;
  readonly streamNames: readonly string[];
  /** The sequence number of event 0 within its group; event i has `firstSequence + i`. Below 2^53. */
  readonly firstSequence: number;
}

/** The text of event `index`; invalid UTF-8 is replaced. */
export function messageOf(block: LogBlock, index: number): string {
  return block.bytes.toString('utf8', block.starts[index], block.starts[index + 1]);
}
