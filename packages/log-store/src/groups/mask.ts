// What of a group is no longer to be seen although its bytes are still there: expired events, deleted streams.

/** Events older than `beforeMs` among the first `beforeSequence` of the group are gone. */
export interface Expiry {
  readonly beforeMs: number;
  readonly beforeSequence: number;
}

/** Plain data, so that it can be handed to a worker. Never changed: a change makes a new one. */
export interface Mask {
  readonly expiries: readonly Expiry[];
  /** Events of a stream below this sequence are gone. */
  readonly streams: ReadonlyMap<string, number>;
}

/** What a mask is asked about a block. */
export interface Masked {
  readonly firstSequence: number;
  readonly count: number;
  readonly minMs: number;
  readonly maxMs: number;
  readonly streamNames: readonly string[];
}

export const emptyMask: Mask = { expiries: [], streams: new Map() };

export function withExpiry(mask: Mask, expiry: Expiry): Mask {
  const rest = mask.expiries.filter(
    (old) => old.beforeMs > expiry.beforeMs || old.beforeSequence > expiry.beforeSequence,
  );
  return { ...mask, expiries: [...rest, expiry] };
}

export function withDeletedStream(mask: Mask, stream: string, beforeSequence: number): Mask {
  const before = Math.max(mask.streams.get(stream) ?? 0, beforeSequence);
  return { ...mask, streams: new Map(mask.streams).set(stream, before) };
}

/** True when some event of the block may be gone. */
export function touches(mask: Mask, block: Masked): boolean {
  const byTime = mask.expiries.some(
    (expiry) => block.minMs < expiry.beforeMs && block.firstSequence < expiry.beforeSequence,
  );
  return byTime || block.streamNames.some((name) => block.firstSequence < (mask.streams.get(name) ?? 0));
}

/** True when every event of the block is gone. */
export function covers(mask: Mask, block: Masked): boolean {
  const end = block.firstSequence + block.count;
  const byTime = mask.expiries.some(
    (expiry) => block.maxMs < expiry.beforeMs && end <= expiry.beforeSequence,
  );
  return byTime || block.streamNames.every((name) => end <= (mask.streams.get(name) ?? 0));
}

/** True when this event is gone. */
export function isGone(mask: Mask, stream: string, timestampMs: number, sequence: number): boolean {
  if (sequence < (mask.streams.get(stream) ?? 0)) return true;
  return mask.expiries.some((expiry) => timestampMs < expiry.beforeMs && sequence < expiry.beforeSequence);
}

/** The part of `mask` that still hides something in `blocks`. */
export function pruneMask(mask: Mask, blocks: readonly Masked[]): Mask {
  const expiries = mask.expiries.filter((expiry) =>
    blocks.some((block) => block.minMs < expiry.beforeMs && block.firstSequence < expiry.beforeSequence),
  );
  const first = new Map<string, number>();
  for (const block of blocks) {
    for (const name of block.streamNames) {
      first.set(name, Math.min(first.get(name) ?? Number.POSITIVE_INFINITY, block.firstSequence));
    }
  }
  const streams = [...mask.streams].filter(([name, before]) => (first.get(name) ?? before) < before);
  return { expiries, streams: new Map(streams) };
}
