// Random lives of a store against the model: appends, reads both ways, expiry, deletions, upkeep, and reopening.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom, silentLogger } from '@pergola/kernel';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { GroupRef, LogStore, ReadRequest, StoredEvent } from '../src/contract.ts';
import { openWithLimits } from '../src/open-log-store.ts';
import { smallLimits } from './small-limits.ts';
import { GroupModel } from './store-model.ts';

const streams = ['a', 'ab', 'b', 'ü'];
const groups: GroupRef[] = ['first', 'second'].map((key) => ({
  account: '111122223333',
  name: `/${key}`,
  key,
}));

const time = fc.integer({ min: 1_000, max: 1_060 });
const group = fc.integer({ min: 0, max: groups.length - 1 });
const stream = fc.constantFrom(...streams);
const text = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' });
const message = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 1, arbitrary: text.map((value) => Buffer.from(value)) },
);
const events = fc.array(fc.record({ timestampMs: time, message }), { minLength: 1, maxLength: 12 });
const request = fc.record({
  fromMs: time,
  length: fc.integer({ min: 0, max: 80 }),
  direction: fc.constantFrom('forward' as const, 'backward' as const),
  which: fc.oneof(
    fc.constant({}),
    fc.record({ streams: fc.subarray(streams, { minLength: 1 }) }),
    fc.record({ streamPrefix: fc.constantFrom('a', 'b', 'x', '') }),
  ),
  limitEvents: fc.integer({ min: 1, max: 9 }),
  limitBytes: fc.constantFrom(1, 60, 10_000),
});

type Act =
  | {
      do: 'append';
      group: number;
      stream: string;
      events: { timestampMs: number; message: string | Buffer }[];
    }
  | { do: 'expire'; group: number; beforeMs: number }
  | { do: 'deleteStream'; group: number; stream: string }
  | { do: 'read'; group: number; request: typeof request extends fc.Arbitrary<infer T> ? T : never }
  | { do: 'facts'; group: number }
  | { do: 'reopen' };

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('append' as const), group, stream, events }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('expire' as const), group, beforeMs: time }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('deleteStream' as const), group, stream }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('read' as const), group, request }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('facts' as const), group }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen' as const) }) },
);

/** Reads to the end, page by page, and checks each page's limits. */
async function readAll(store: LogStore, first: ReadRequest): Promise<StoredEvent[]> {
  const all: StoredEvent[] = [];
  for (let after = first.after, pages = 0; ; pages++) {
    const page = await store.read({ ...first, after });
    const bytes = page.events.reduce((sum, event) => sum + Buffer.byteLength(event.message), 0);
    expect(page.events.length).toBeLessThanOrEqual(first.limitEvents);
    if (page.events.length > 1) expect(bytes).toBeLessThanOrEqual(first.limitBytes);
    all.push(...page.events);
    if (!page.next) return all;
    if (pages > 10_000) throw new Error('reading does not end');
    after = page.next;
  }
}

async function live(path: string, acts: readonly Act[]): Promise<void> {
  const errors: string[] = [];
  const logger = { ...silentLogger, error: (_: object, message: string) => errors.push(message) };
  const options = { path, durability: 'ephemeral', random: seededRandom(), logger } as const;
  const open = () => openWithLimits(options, smallLimits);
  const models = groups.map(() => new GroupModel());
  let store = await open();
  let ingestedMs = 5_000;
  for (const act of acts) {
    if (act.do === 'reopen') {
      await store[Symbol.asyncDispose]();
      store = await open();
      continue;
    }
    const ref = groups[act.group]!;
    const model = models[act.group]!;
    if (act.do === 'append') {
      ingestedMs++;
      const { firstSequence } = await store.append(ref, act.stream, act.events, ingestedMs);
      expect(firstSequence).toBe(model.append(act.stream, act.events, ingestedMs));
    } else if (act.do === 'expire') {
      await store.expire(ref, act.beforeMs);
      model.expire(act.beforeMs);
    } else if (act.do === 'deleteStream') {
      await store.deleteStream(ref, act.stream);
      model.deleteStream(act.stream);
    } else if (act.do === 'read') {
      const { fromMs, length, which, ...rest } = act.request;
      const wanted = { ...rest, ...which, fromMs, toMs: fromMs + length };
      expect(await readAll(store, { ...wanted, group: ref })).toEqual(model.read(wanted));
    } else {
      expect(await store.storedBytes(ref)).toBe(model.storedBytes());
      const all = await store.streams(ref);
      for (const name of streams) {
        expect(await store.stream(ref, name)).toEqual(model.stream(name));
        expect(all.get(name)).toEqual(model.stream(name));
      }
      for (let sequence = 0; sequence < model.next; sequence++) {
        const wanted = model.events.find((event) => event.sequence === sequence);
        expect(await store.event(ref, sequence)).toEqual(wanted);
      }
    }
  }
  await store[Symbol.asyncDispose]();
  expect(errors).toEqual([]);
}

it('looks like a sorted list of events, whatever happens to its files', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 60 }), async (acts) => {
      const path = mkdtempSync(join(tmpdir(), 'pergola-log-model-'));
      try {
        await live(path, acts);
      } finally {
        rmSync(path, { recursive: true, force: true });
      }
    }),
    { numRuns: 60 },
  );
});
