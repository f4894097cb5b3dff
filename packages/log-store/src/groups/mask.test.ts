import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  covers,
  emptyMask,
  isGone,
  type Mask,
  pruneMask,
  touches,
  withDeletedStream,
  withExpiry,
} from './mask.ts';

const streams = ['a', 'b'];
const small = fc.integer({ min: 0, max: 12 });
const change = fc.oneof(
  fc.record({ beforeMs: small, beforeSequence: small }),
  fc.record({ stream: fc.constantFrom(...streams), beforeSequence: small }),
);
const mask = fc
  .array(change, { maxLength: 5 })
  .map((changes) =>
    changes.reduce<Mask>(
      (mask, change) =>
        'stream' in change
          ? withDeletedStream(mask, change.stream, change.beforeSequence)
          : withExpiry(mask, change),
      emptyMask,
    ),
  );
const event = fc.record({ stream: fc.constantFrom(...streams), timestampMs: small });
const block = fc.record({ firstSequence: small, events: fc.array(event, { minLength: 1, maxLength: 5 }) });

function factsOf({
  firstSequence,
  events,
}: {
  firstSequence: number;
  events: { stream: string; timestampMs: number }[];
}) {
  const times = events.map(({ timestampMs }) => timestampMs);
  const streamNames = [...new Set(events.map(({ stream }) => stream))];
  return {
    firstSequence,
    count: events.length,
    minMs: Math.min(...times),
    maxMs: Math.max(...times),
    streamNames,
  };
}

describe('a mask', () => {
  it('never overlooks an event that has gone, and covers a block only when all have', () => {
    fc.assert(
      fc.property(mask, block, (mask, block) => {
        const gone = block.events.map(({ stream, timestampMs }, index) =>
          isGone(mask, stream, timestampMs, block.firstSequence + index),
        );
        if (gone.some(Boolean)) expect(touches(mask, factsOf(block))).toBe(true);
        if (covers(mask, factsOf(block))) expect(gone.every(Boolean)).toBe(true);
      }),
    );
  });

  it('hides the same after it is pruned to the blocks that are there', () => {
    fc.assert(
      fc.property(mask, fc.array(block, { maxLength: 4 }), (mask, blocks) => {
        const pruned = pruneMask(mask, blocks.map(factsOf));
        for (const { firstSequence, events } of blocks) {
          for (const [index, { stream, timestampMs }] of events.entries()) {
            const sequence = firstSequence + index;
            expect(isGone(pruned, stream, timestampMs, sequence)).toBe(
              isGone(mask, stream, timestampMs, sequence),
            );
          }
        }
      }),
    );
  });

  it('remembers one expiry when each says more than the last', () => {
    let mask = emptyMask;
    for (let n = 1; n < 50; n++) mask = withExpiry(mask, { beforeMs: n, beforeSequence: n });
    expect(mask.expiries).toEqual([{ beforeMs: 49, beforeSequence: 49 }]);
  });

  it('forgets what hides nothing', () => {
    const mask = withDeletedStream(withExpiry(emptyMask, { beforeMs: 5, beforeSequence: 9 }), 'a', 3);
    const later = { firstSequence: 9, count: 2, minMs: 1, maxMs: 2, streamNames: ['a'] };
    expect(pruneMask(mask, [later])).toEqual(emptyMask);
  });
});
