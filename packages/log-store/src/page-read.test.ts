import { fakeClock } from '@pergola/kernel';
import { describe, expect, it } from 'vitest';
import type { Place, ReadPage, ReadRequest } from './contract.ts';
import { type LoadedBlock, loadedBlock } from './files/loaded-block.ts';
import { emptyMask } from './groups/mask.ts';
import { readPage } from './page-read.ts';
import type { StoredBlock } from './files/stored-block.ts';

const clock = fakeClock();
const loads: number[] = [];

/** Blocks with these times, each of which takes a second to load. */
function blocksOf(times: readonly (readonly number[])[]) {
  let firstSequence = 0;
  return times.map((block) => {
    const messages = block.map((timestampMs) => Buffer.from(`at ${timestampMs}`));
    const starts = messages.reduce((all, message) => [...all, (all.at(-1) ?? 0) + message.length], [0]);
    const loaded = loadedBlock({
      account: '1',
      group: 'g',
      count: block.length,
      firstSequence,
      bytes: Buffer.concat(messages),
      starts: Uint32Array.from(starts),
      timestampsMs: Float64Array.from(block),
      ingestedMs: new Float64Array(block.length),
      streams: new Uint32Array(block.length),
      streamNames: ['s'],
    });
    firstSequence += block.length;
    const stored = { ...loaded, minMs: Math.min(...block), maxMs: Math.max(...block), spans: [] };
    return { stored: stored as unknown as StoredBlock, loaded };
  });
}

async function read(blocks: ReturnType<typeof blocksOf>, more: Partial<ReadRequest>): Promise<ReadPage> {
  const request: ReadRequest = {
    group: { account: '1', name: 'g', key: 'g' },
    fromMs: 0,
    toMs: 1_000,
    direction: 'forward',
    limitEvents: 100,
    limitBytes: 10_000,
    ...more,
  };
  loads.length = 0;
  const load = (block: StoredBlock): Promise<LoadedBlock | undefined> => {
    clock.advance(1_000);
    loads.push(block.firstSequence);
    return Promise.resolve(blocks.find(({ stored }) => stored === block)?.loaded);
  };
  const stored = blocks.map((block) => block.stored);
  return readPage(request, { blocks: stored, mask: emptyMask, load, pattern: undefined, clock });
}

async function allPages(blocks: ReturnType<typeof blocksOf>, more: Partial<ReadRequest>) {
  const times: number[] = [];
  let pages = 0;
  for (let after: Place | undefined; ; pages++) {
    const page = await read(blocks, { ...more, after });
    times.push(...page.events.map(({ timestampMs }) => timestampMs));
    if (!page.next) return { times, pages: pages + 1 };
    after = page.next;
    expect(pages).toBeLessThan(100);
  }
}

const apart = [[1, 2, 3], [4, 5], [6, 7, 8], [9]];
const mixed = [
  [5, 1, 9],
  [2, 8],
  [3, 3, 7],
  [4, 6],
];
const sorted = (blocks: readonly (readonly number[])[]) => blocks.flat().sort((a, b) => a - b);

describe('a page', () => {
  it('loads no block that lies behind it', async () => {
    const page = await read(blocksOf(apart), { limitEvents: 2 });
    expect(page.events.map(({ timestampMs }) => timestampMs)).toEqual([1, 2]);
    expect(loads).toEqual([0]);
    const last = await read(blocksOf(apart), { limitEvents: 2, direction: 'backward' });
    expect(last.events.map(({ timestampMs }) => timestampMs)).toEqual([9, 8]);
    expect(loads).toEqual([8, 5]);
  });

  it('has no next when nothing was left out', async () => {
    expect((await read(blocksOf(apart), { limitEvents: 9 })).next).toBeUndefined();
    expect((await read(blocksOf(apart), { limitEvents: 8 })).next).toEqual({ timestampMs: 8, sequence: 7 });
  });

  it.each(['forward', 'backward'] as const)(
    'ends when its time is up, and is gone on with: %s',
    async (direction) => {
      for (const blocks of [apart, mixed]) {
        const { times, pages } = await allPages(blocksOf(blocks), { direction, budgetMs: 1_500 });
        expect(times).toEqual(direction === 'forward' ? sorted(blocks) : sorted(blocks).toReversed());
        if (blocks === apart) expect(pages).toBeGreaterThan(1);
      }
    },
  );

  it('makes headway without any time', async () => {
    for (const blocks of [
      apart,
      mixed,
      [
        [1, 1, 1],
        [1, 1],
        [1, 2],
      ],
    ]) {
      const { times } = await allPages(blocksOf(blocks), { budgetMs: 0, limitEvents: 2 });
      expect(times).toEqual(sorted(blocks));
    }
  });

  it('lets others have their turn between two blocks that take long', async () => {
    const seen: number[] = [];
    let waiting = setImmediate(look);
    function look(): void {
      seen.push(loads.length);
      waiting = setImmediate(look);
    }
    await read(blocksOf(apart), {});
    clearImmediate(waiting);
    expect(seen).toEqual(expect.arrayContaining([1, 2, 3]));
  });

  it('ends with the reason of its signal', async () => {
    const reason = new Error('gone');
    await expect(read(blocksOf(apart), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
