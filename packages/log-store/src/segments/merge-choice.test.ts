import { describe, expect, it } from 'vitest';
import type { Segment } from '../groups/group-log.ts';
import { emptyMask, type Mask, withDeletedStream, withExpiry } from '../groups/mask.ts';
import { chooseMerge } from './merge-choice.ts';
import type { StoredBlock } from '../files/stored-block.ts';

const limits = { mergedBytesMax: 1_000_000, packedBytesMax: 4_000_000, plainBytesMax: 8_000_000 };

/** A segment of one block; its times are its place in the list. */
function segment(messageBytes: number, place = 0, packed = false): Segment {
  const span = { stream: 's', events: 1, messageBytes, firstMs: place, lastMs: place, lastIngestedMs: 0 };
  const block = { firstSequence: place, count: 1, minMs: place, maxMs: place, messageBytes, spans: [span] };
  const facts = { name: '', salt: 0, sizeBytes: 0, indexAt: 0, messageBytes, packed };
  return { facts, blocks: [block as unknown as StoredBlock] };
}

const choose = (sizes: readonly number[], mask: Mask = emptyMask) =>
  chooseMerge(
    sizes.map((size, place) => segment(size, place)),
    mask,
    limits,
  );

describe('which segments are merged', () => {
  it('none when there are few, or when they are large', () => {
    expect(choose([])).toBeUndefined();
    expect(choose([10_000, 10_000, 10_000])).toBeUndefined();
    expect(choose([900_000, 900_000, 900_000, 900_000])).toBeUndefined();
  });

  it('the youngest when four are of a size', () => {
    expect(choose([900_000, 10_000, 10_000, 10_000, 10_000])).toEqual({ from: 1, to: 5, packed: false });
  });

  it('the oldest plain ones, packed, when there is too much', () => {
    const sizes = Array.from({ length: 9 }, () => 1_000_000);
    expect(choose(sizes)).toEqual({ from: 0, to: 4, packed: true });
  });

  it('one of which most is hidden', () => {
    const sizes = [900_000, 900_000, 900_000];
    expect(choose(sizes, withExpiry(emptyMask, { beforeMs: 2, beforeSequence: 2 }))).toMatchObject({
      from: 0,
      to: 1,
    });
    expect(choose(sizes, withDeletedStream(emptyMask, 's', 99))).toMatchObject({ from: 0, to: 1 });
    expect(choose(sizes, withDeletedStream(emptyMask, 't', 99))).toBeUndefined();
  });

  it('so that each event is written anew a few times only, and few segments are left', () => {
    let sizes: number[] = [];
    let rewritten = 0;
    for (let n = 0; n < 400; n++) {
      sizes.push(2_000);
      for (let merge = choose(sizes); merge; merge = choose(sizes)) {
        const sum = sizes.slice(merge.from, merge.to).reduce((total, size) => total + size, 0);
        rewritten += sum;
        sizes = sizes.toSpliced(merge.from, merge.to - merge.from, sum);
      }
    }
    expect(sizes.reduce((total, size) => total + size, 0)).toBe(800_000);
    expect(rewritten / 800_000).toBeLessThan(8);
    expect(sizes.length).toBeLessThan(20);
  });
});
