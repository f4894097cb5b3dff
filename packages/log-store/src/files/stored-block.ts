// A block as the store knows it without reading it: what it covers, and where its bytes lie.
import { touches, covers, type Mask } from '../groups/mask.ts';

/** What a block holds of one stream. */
export interface StreamSpan {
  readonly stream: string;
  readonly events: number;
  readonly messageBytes: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly lastIngestedMs: number;
}

/** Where the bytes are: frames of one journal, or one frame of a segment. Plain data, fit for a worker. */
export interface BlockSource {
  readonly path: string;
  readonly salt: number;
  /** Offset and length of each frame, one pair after another. */
  readonly frames: Float64Array;
  readonly kind: 'batches' | 'block';
}

export interface StoredBlock {
  readonly firstSequence: number;
  /** Sequences that it covers, with those of events that have gone. */
  readonly count: number;
  readonly minMs: number;
  readonly maxMs: number;
  readonly messageBytes: number;
  readonly spans: readonly StreamSpan[];
  readonly source: BlockSource;
}

/** True when the block may hold events within `[fromMs, toMs)`. */
export function overlaps(block: StoredBlock, fromMs: number, toMs: number): boolean {
  return block.maxMs >= fromMs && block.minMs < toMs;
}

export function maskTouches(mask: Mask, block: StoredBlock): boolean {
  return !isEmpty(mask) && touches(mask, maskedOf(block));
}

export function maskCovers(mask: Mask, block: StoredBlock): boolean {
  return !isEmpty(mask) && covers(mask, maskedOf(block));
}

/** Nearly always: then nothing needs to be looked at. */
function isEmpty(mask: Mask): boolean {
  return mask.expiries.length === 0 && mask.streams.size === 0;
}

export function maskedOf(block: StoredBlock) {
  const { firstSequence, count, minMs, maxMs } = block;
  return { firstSequence, count, minMs, maxMs, streamNames: block.spans.map((span) => span.stream) };
}

/** Puts what two blocks hold of a stream together. */
export function joinSpans(left: StreamSpan | undefined, right: StreamSpan): StreamSpan {
  if (!left) return right;
  return {
    stream: right.stream,
    events: left.events + right.events,
    messageBytes: left.messageBytes + right.messageBytes,
    firstMs: Math.min(left.firstMs, right.firstMs),
    lastMs: Math.max(left.lastMs, right.lastMs),
    lastIngestedMs: Math.max(left.lastIngestedMs, right.lastIngestedMs),
  };
}
