// Which segments of a group are to be written anew. Pure, so that it can be tested without files.
import type { Segment } from '../groups/group-log.ts';
import type { Mask } from '../groups/mask.ts';
import { maskCovers, type StoredBlock } from '../files/stored-block.ts';

/** Neighbours `[from, to)` to be written as one segment; nothing when all that they hold is hidden. */
export interface Merge {
  readonly from: number;
  readonly to: number;
  readonly packed: boolean;
}

export interface MergeLimits {
  /** Of all plain segments of a group; beyond it the oldest are packed. */
  readonly plainBytesMax: number;
  /** Of a packed segment that comes from merging. */
  readonly packedBytesMax: number;
  /** Of a plain segment that comes from merging. */
  readonly mergedBytesMax: number;
}

/** So many neighbours of about the same size become one. */
const FAN_IN = 4;

/** The next merge that pays; undefined when all is in order. */
export function chooseMerge(
  segments: readonly Segment[],
  mask: Mask,
  limits: MergeLimits,
): Merge | undefined {
  return chooseHidden(segments, mask) ?? choosePacking(segments, limits) ?? chooseSmall(segments, limits);
}

/** A segment of which most is hidden. */
function chooseHidden(segments: readonly Segment[], mask: Mask): Merge | undefined {
  const index = segments.findIndex(({ facts, blocks }) => {
    if (blocks.length === 0) return true;
    const hidden = blocks.reduce((sum, block) => sum + hiddenBytes(block, mask), 0);
    return hidden * 2 > facts.messageBytes || blocks.every((block) => maskCovers(mask, block));
  });
  return index < 0
    ? undefined
    : { from: index, to: index + 1, packed: segments[index]?.facts.packed ?? false };
}

/** At least so many bytes of the block are hidden. */
function hiddenBytes(block: StoredBlock, mask: Mask): number {
  if (maskCovers(mask, block)) return block.messageBytes;
  const end = block.firstSequence + block.count;
  return block.spans
    .filter((span) => end <= (mask.streams.get(span.stream) ?? 0))
    .reduce((sum, span) => sum + span.messageBytes, 0);
}

function choosePacking(segments: readonly Segment[], limits: MergeLimits): Merge | undefined {
  const plainBytes = segments.reduce((sum, { facts }) => sum + (facts.packed ? 0 : facts.messageBytes), 0);
  if (plainBytes <= limits.plainBytesMax) return undefined;
  const from = segments.findIndex(({ facts }) => !facts.packed);
  return from < 0 ? undefined : { from, to: endWithin(segments, from, limits.packedBytesMax), packed: true };
}

/** The end of the plain neighbours from `from` on that together are not too long; at least one. */
function endWithin(segments: readonly Segment[], from: number, bytesMax: number): number {
  let bytes = segments[from]?.facts.messageBytes ?? 0;
  let to = from + 1;
  for (; to < segments.length; to++) {
    const facts = segments[to]?.facts;
    bytes += facts?.messageBytes ?? 0;
    if (!facts || facts.packed || bytes > bytesMax) break;
  }
  return to;
}

/** The youngest segments when there are several of a size: each event is written anew a few times only. */
function chooseSmall(segments: readonly Segment[], limits: MergeLimits): Merge | undefined {
  const to = segments.length;
  let from = to;
  let bytes = 0;
  let largest = 0;
  while (from > 0) {
    const facts = segments[from - 1]?.facts;
    if (!facts || facts.packed || bytes + facts.messageBytes > limits.mergedBytesMax) break;
    const grown = Math.max(largest, sizeClass(facts.messageBytes));
    // A larger neighbour joins only when the smaller ones before it have grown to its size together.
    if (grown > largest && largest > 0 && sizeClass(bytes) < grown) break;
    largest = grown;
    bytes += facts.messageBytes;
    from--;
  }
  return to - from >= FAN_IN ? { from, to, packed: false } : undefined;
}

function sizeClass(bytes: number): number {
  return Math.ceil(Math.log(Math.max(bytes, 4096)) / Math.log(FAN_IN));
}
