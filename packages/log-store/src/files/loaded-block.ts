// A block in memory: the columns that patterns and queries read, and which of its events are still to be seen.
import { type LogBlock, messageOf } from '@pergola/log-language';
import type { StoredEvent } from '../contract.ts';
import { isGone, type Mask, touches } from '../groups/mask.ts';
import type { StreamSpan } from './stored-block.ts';

/** Stands in `streams` for an event that is not there any more. */
export const GONE = 0xffff_ffff;

export interface LoadedBlock extends LogBlock {
  /** True when the timestamps never descend. */
  readonly inOrder: boolean;
  /** True when some event is GONE. */
  readonly hasGone: boolean;
}

/** Indices from `from` until before `to`. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export function loadedBlock(block: LogBlock): LoadedBlock {
  let inOrder = true;
  let hasGone = false;
  let last = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < block.count; i++) {
    const timestampMs = block.timestampsMs[i] ?? 0;
    if (timestampMs < last) inOrder = false;
    last = timestampMs;
    if (block.streams[i] === GONE) hasGone = true;
  }
  return { ...block, inOrder, hasGone };
}

/** Which events of the block are to be seen, as few stretches as there are. */
export function stretchesOf(block: LoadedBlock, mask: Mask, wanted?: (stream: string) => boolean): Stretch[] {
  const whole = !block.hasGone && !touches(mask, { ...block, ...timesOf(block) });
  const streams = block.streamNames.map((name) => wanted?.(name) ?? true);
  if (whole && streams.every(Boolean)) return block.count > 0 ? [{ from: 0, to: block.count }] : [];
  const isSeen = (index: number) => {
    const stream = block.streams[index] ?? GONE;
    return streams[stream] === true && (whole || !isGoneAt(block, index, mask));
  };
  return stretchesWhere(isSeen, block.count);
}

function stretchesWhere(isSeen: (index: number) => boolean, count: number): Stretch[] {
  const stretches: Stretch[] = [];
  let from = -1;
  for (let i = 0; i <= count; i++) {
    const seen = i < count && isSeen(i);
    if (seen && from < 0) from = i;
    if (!seen && from >= 0) {
      stretches.push({ from, to: i });
      from = -1;
    }
  }
  return stretches;
}

function isGoneAt(block: LogBlock, index: number, mask: Mask): boolean {
  const stream = block.streamNames[block.streams[index] ?? GONE] ?? '';
  return isGone(mask, stream, block.timestampsMs[index] ?? 0, block.firstSequence + index);
}

function timesOf(block: LoadedBlock): { minMs: number; maxMs: number } {
  if (block.inOrder) {
    return { minMs: block.timestampsMs[0] ?? 0, maxMs: block.timestampsMs[block.count - 1] ?? 0 };
  }
  let minMs = Number.POSITIVE_INFINITY;
  let maxMs = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < block.count; i++) {
    const timestampMs = block.timestampsMs[i] ?? 0;
    if (timestampMs < minMs) minMs = timestampMs;
    if (timestampMs > maxMs) maxMs = timestampMs;
  }
  return { minMs, maxMs };
}

export function eventAt(block: LogBlock, index: number): StoredEvent {
  return {
    timestampMs: block.timestampsMs[index] ?? 0,
    ingestedMs: block.ingestedMs[index] ?? 0,
    stream: block.streamNames[block.streams[index] ?? GONE] ?? '',
    message: messageOf(block, index),
    sequence: block.firstSequence + index,
  };
}

export function messageBytesAt(block: LogBlock, index: number): number {
  return (block.starts[index + 1] ?? 0) - (block.starts[index] ?? 0);
}

/** What the visible events of the block are, stream by stream. */
export function spansOf(block: LoadedBlock, stretches: readonly Stretch[]): StreamSpan[] {
  const tallies: Tally[] = block.streamNames.map(() => ({
    events: 0,
    messageBytes: 0,
    firstMs: Number.POSITIVE_INFINITY,
    lastMs: Number.NEGATIVE_INFINITY,
    lastIngestedMs: Number.NEGATIVE_INFINITY,
  }));
  for (const { from, to } of stretches) {
    for (let i = from; i < to; i++) {
      const tally = tallies[block.streams[i] ?? GONE];
      if (tally) count(tally, block, i);
    }
  }
  return tallies.flatMap((tally, index) =>
    tally.events > 0 ? [{ stream: block.streamNames[index] ?? '', ...tally }] : [],
  );
}

interface Tally {
  events: number;
  messageBytes: number;
  firstMs: number;
  lastMs: number;
  lastIngestedMs: number;
}

function count(tally: Tally, block: LogBlock, index: number): void {
  const timestampMs = block.timestampsMs[index] ?? 0;
  const ingestedMs = block.ingestedMs[index] ?? 0;
  tally.events++;
  tally.messageBytes += messageBytesAt(block, index);
  if (timestampMs < tally.firstMs) tally.firstMs = timestampMs;
  if (timestampMs > tally.lastMs) tally.lastMs = timestampMs;
  if (ingestedMs > tally.lastIngestedMs) tally.lastIngestedMs = ingestedMs;
}

/** The bytes of a block in memory, for bounding caches. */
export function sizeOf(block: LogBlock): number {
  return block.bytes.length + block.count * 24;
}

/** The first index within the stretch whose time is not before `timeMs`, or its end. The times must be in order. */
export function firstNotBefore(times: Float64Array, timeMs: number, { from, to }: Stretch): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
