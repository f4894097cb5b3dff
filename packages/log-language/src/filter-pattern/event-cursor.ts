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

export interface Needle {
  readonly bytes: Buffer;
  /** What must follow it: asked with where the needle ends, and where the message ends. */
  readonly follows?: ((bytes: Buffer, at: number, end: number) => boolean) | undefined;
}

/** Events that hold a needle. Questions must not go backwards. */
export class NeedleCursor implements EventCursor {
  readonly #span: EventSpan;
  readonly #needle: Needle;
  #found = -1;

  constructor(span: EventSpan, needle: Needle) {
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
    const { bytes: needle, follows } = this.#needle;
    let candidate = event;
    let at = bytes.indexOf(needle, starts[event]);
    while (at >= 0) {
      candidate = eventAt(starts, at, candidate, to);
      const end = starts[candidate + 1] ?? 0;
      const behind = at + needle.length;
      if (behind <= end && (!follows || follows(bytes, behind, end))) return candidate;
      // What lies across the border of two messages is in neither.
      at = bytes.indexOf(needle, behind <= end ? behind : end);
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

/** Events that all of the cursors find, and none of the others. The cursors must be exact. */
export class AllCursor implements EventCursor {
  readonly #required: readonly EventCursor[];
  readonly #excluded: readonly EventCursor[];
  readonly #none: number;

  constructor(span: EventSpan, required: readonly EventCursor[], excluded: readonly EventCursor[]) {
    this.#required = required;
    this.#excluded = excluded;
    this.#none = span.to;
  }

  next(event: number): number {
    let candidate = this.#agreed(event);
    while (candidate < this.#none && this.#excluded.some((cursor) => cursor.next(candidate) === candidate))
      candidate = this.#agreed(candidate + 1);
    return candidate;
  }

  #agreed(event: number): number {
    let agreed = 0;
    for (let turn = 0; agreed < this.#required.length && event < this.#none; turn++) {
      const found = this.#required[turn % this.#required.length]?.next(event) ?? event;
      agreed = found === event ? agreed + 1 : 1;
      event = found;
    }
    return event;
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
