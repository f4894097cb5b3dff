// Which events of a block may match, found by searching the block's bytes as a whole rather than event by event.
import type { LogBlock } from '../../log-block.ts';

/** After so many events it shows whether the search pays. */
const trialEvents = 512;

/**
 * Marks the events of `[from, to)` that hold one of the needles: byte `i - from` becomes 1. Undefined when so many
 * do that searching on would cost more than it saves, unless `always`.
 */
export function markCandidates(
  block: LogBlock,
  range: { readonly from: number; readonly to: number },
  needles: readonly Buffer[],
  always: boolean,
): Uint8Array | undefined {
  const marks = new Uint8Array(range.to - range.from);
  for (const needle of needles) {
    if (!markNeedle(block, range, needle, { marks, always })) return undefined;
  }
  return marks;
}

interface Marking {
  readonly marks: Uint8Array;
  readonly always: boolean;
}

function markNeedle(
  { bytes, starts }: LogBlock,
  { from, to }: { readonly from: number; readonly to: number },
  needle: Buffer,
  { marks, always }: Marking,
): boolean {
  const end = starts[to] ?? 0;
  let event = from;
  let hits = 0;
  let at = bytes.indexOf(needle, starts[from] ?? 0);
  while (at >= 0 && at < end) {
    event = eventAt(starts, at, event, to);
    const next = starts[event + 1] ?? end;
    if (at + needle.length <= next) {
      marks[event - from] = 1;
      hits += 1;
      at = bytes.indexOf(needle, next);
    } else {
      // It reaches into the next event: no hit, but one may begin right behind.
      at = bytes.indexOf(needle, at + 1);
    }
    if (!always && event - from >= trialEvents && hits > (event - from) / 2) return false;
  }
  return true;
}

/** The event that holds byte `at`, at or after `low`: looks at the nearest ones first, then halves. */
function eventAt(starts: Uint32Array, at: number, low: number, to: number): number {
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
