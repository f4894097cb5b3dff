// Finds events by bytes: one search runs over all the messages of a block at once, and each place where it stops is
// mapped to the event that holds it.
import type { LogBlock } from '../log-block.ts';

/** Events `[from, to)` of a block. */
export interface EventSpan {
  readonly block: LogBlock;
  readonly from: number;
  readonly to: number;
  /** The messages up to the end of the span. */
  readonly bytes: Buffer;
}

export function spanOf(block: LogBlock, from: number, to: number): EventSpan {
  return { block, from, to, bytes: block.bytes.subarray(0, block.starts[to]) };
}

export interface EventCursor {
  /** The first event from `event` on that may match; `to` of the span, or more, when there is none. */
  next(event: number): number;
}

/** Every event. */
export const everyEvent: EventCursor = { next: (event) => event };

/** Events that hold a needle. Questions must not go backwards. */
export class NeedleCursor implements EventCursor {
  readonly #span: EventSpan;
  readonly #needle: Buffer;
  #found = -1;

  constructor(span: EventSpan, needle: Buffer) {
    this.#span = span;
    this.#needle = needle;
  }

  next(event: number): number {
    if (this.#found < event) this.#found = this.#search(event);
    return this.#found;
  }

  #search(event: number): number {
    const { bytes, to, block } = this.#span;
    if (event >= to) return to;
    const { starts } = block;
    const needle = this.#needle;
    let candidate = event;
    let at = bytes.indexOf(needle, starts[event]);
    while (at >= 0) {
      candidate = eventAt(starts, at, candidate, to);
      const end = starts[candidate + 1] ?? 0;
      if (at + needle.length <= end) return candidate;
      // What was found lies across the border of two messages.
      at = bytes.indexOf(needle, end);
    }
    return to;
  }
}

/** Events that any of the cursors finds. */
export class AnyCursor implements EventCursor {
  readonly #cursors: readonly EventCursor[];
  readonly #none: number;

  constructor(span: EventSpan, cursors: readonly EventCursor[]) {
    this.#cursors = cursors;
    this.#none = span.to;
  }

  next(event: number): number {
    let first = this.#none;
    for (const cursor of this.#cursors) {
      const found = cursor.next(event);
      if (found < first) first = found;
      if (first <= event) return first;
    }
    return first;
  }
}

/** The event within `[low, to)` whose message holds byte `at`: in growing steps first, since hits lie near each other. */
function eventAt(starts: Uint32Array, at: number, low: number, to: number): number {
  let step = 1;
  let high = low + 1;
  while (high < to && (starts[high] ?? 0) <= at) {
    low = high;
    high += step;
    step *= 2;
  }
  high = Math.min(high, to);
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) <= at) low = middle;
    else high = middle;
  }
  return low;
}
