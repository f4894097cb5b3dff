// Which events of a block may match, found by searching the block's bytes as a whole rather than event by event.
import type { LogBlock } from '../../log-block.ts';
import { mayPass, type Probe } from './probe.ts';

/** What is searched for before events are looked at. */
export interface Prefilter {
  /** Events that hold one of these may match. */
  readonly needles: readonly Buffer[];
  /** And events that have a key with a value that may pass. */
  readonly probe: Probe | undefined;
  /** An event that holds a needle surely matches: there is no other test. */
  readonly exact: boolean;
}

/** After so many events it shows whether the search pays. */
const trialEvents = 512;

/**
 * Marks the events of `[from, to)` that may match: byte `i - from` becomes 1. Undefined when so many do that
 * searching on would cost more than it saves.
 */
export function markCandidates(
  block: LogBlock,
  range: { readonly from: number; readonly to: number },
  { needles, probe, exact }: Prefilter,
): Uint8Array | undefined {
  const search = new Search(block, range, exact);
  for (const needle of needles) if (!search.mark(needle)) return undefined;
  if (probe && !search.mark(probe.key, probe)) return undefined;
  return search.marks;
}

class Search {
  readonly marks: Uint8Array;
  readonly #bytes: Buffer;
  readonly #starts: Uint32Array;
  readonly #from: number;
  readonly #to: number;
  readonly #always: boolean;

  constructor(
    { bytes, starts }: LogBlock,
    { from, to }: { readonly from: number; readonly to: number },
    always: boolean,
  ) {
    this.marks = new Uint8Array(to - from);
    // Nothing behind the range is searched, however large the block.
    this.#bytes = bytes.subarray(0, starts[to]);
    this.#starts = starts;
    this.#from = from;
    this.#to = to;
    this.#always = always;
  }

  /** Marks the events that hold `needle`, with what may pass behind it. False when that does not pay. */
  mark(needle: Buffer, probe?: Probe): boolean {
    const bytes = this.#bytes;
    let event = this.#from;
    let hits = 0;
    let at = bytes.indexOf(needle, this.#starts[event] ?? 0);
    while (at >= 0) {
      event = this.#eventAt(at, event);
      const next = this.#starts[event + 1] ?? 0;
      const behind = at + needle.length;
      // A hit that reaches into the next event is none, but one may begin right behind its first byte.
      const inside = behind <= next;
      const hit = inside && (probe === undefined || mayPass(bytes, behind, next, probe));
      if (hit) {
        this.marks[event - this.#from] = 1;
        hits += 1;
      }
      at = bytes.indexOf(needle, hit ? next : at + 1);
      if (this.#isFutile(event - this.#from, hits)) return false;
    }
    return true;
  }

  #isFutile(events: number, hits: number): boolean {
    return !this.#always && events >= trialEvents && hits > events / 2;
  }

  /** The event that holds byte `at`, not before `low`: looks at the nearest ones first, then halves. */
  #eventAt(at: number, low: number): number {
    const starts = this.#starts;
    const to = this.#to;
    let first = low;
    let step = 1;
    while (first + step < to && (starts[first + step] ?? 0) <= at) {
      first += step;
      step *= 2;
    }
    let last = Math.min(first + step, to);
    while (last - first > 1) {
      const middle = (first + last) >>> 1;
      if ((starts[middle] ?? 0) <= at) first = middle;
      else last = middle;
    }
    return first;
  }
}
