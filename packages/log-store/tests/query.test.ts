// Queries here and in workers: the same answers, an end when nobody waits, and no harm from those that go wrong.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@pergola/kernel';
import { compileQuery } from '@pergola/log-language';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GroupRef, LogStore, QueryProgress, StoreQuery } from '../src/contract.ts';
import { openWithLimits } from '../src/open-log-store.ts';
import { smallLimits } from './small-limits.ts';

const groups: GroupRef[] = ['a', 'b'].map((key) => ({ account: '111122223333', name: `/${key}`, key }));
const context = { startMs: 0, endMs: 10_000, nowMs: 20_000 };
const folder = mkdtempSync(join(tmpdir(), 'pergola-log-query-'));
let here: LogStore;
let there: LogStore;

async function fill(store: LogStore): Promise<void> {
  for (let n = 0; n < 200; n++) {
    const group = groups[n % 3 === 0 ? 1 : 0]!;
    const message = JSON.stringify({ n, even: n % 2 === 0, word: ['rose', 'lily', 'oak'][n % 3] });
    await store.append(group, `s${n % 4}`, [{ timestampMs: 1_000 + n, message }], 5);
  }
  await store.deleteStream(groups[0]!, 's1');
  await store.expire(groups[1]!, 1_050);
}

beforeAll(async () => {
  const open = (name: string, queryBytesHere: number) =>
    openWithLimits({ path: join(folder, name), durability: 'ephemeral' }, { ...smallLimits, queryBytesHere });
  here = await open('here', 1_000_000);
  there = await open('there', 0);
  await Promise.all([fill(here), fill(there)]);
});
afterAll(async () => {
  await here[Symbol.asyncDispose]();
  await there[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

function run(store: LogStore, text: string, more: Partial<StoreQuery> = {}): Promise<QueryProgress> {
  return store.query({ groups, text, context, signal: new AbortController().signal, ...more });
}

/** The answer of the query when it sees all visible events in one go. */
async function naive(text: string, more: Partial<StoreQuery> = {}) {
  const compiled = compileQuery(text, more.context ?? context);
  if (!compiled.ok) throw new Error(compiled.error.message);
  const query = compiled.value.start();
  let events = 0;
  for (const group of more.groups ?? groups) {
    const { fromMs, toMs } = { fromMs: 0, toMs: 10_000 };
    const page = await here.read({
      group,
      fromMs,
      toMs,
      direction: 'forward',
      limitEvents: 999,
      limitBytes: 1e9,
    });
    for (const event of page.events) {
      const bytes = Buffer.from(event.message);
      const block = {
        account: group.account,
        group: group.name,
        count: 1,
        bytes,
        starts: Uint32Array.of(0, bytes.length),
        timestampsMs: Float64Array.of(event.timestampMs),
        ingestedMs: Float64Array.of(event.ingestedMs),
        streams: Uint32Array.of(0),
        streamNames: [event.stream],
        firstSequence: event.sequence,
      };
      query.add(block, 0, 1);
      events++;
    }
  }
  return { events, result: compiled.value.finish([query.partial()]) };
}

describe('a query', () => {
  it.each([
    'fields @timestamp, @message, @logStream, @log | sort @timestamp asc | limit 1000',
    'filter word = "rose" | stats count(*) as many, sum(n) as total by even | sort even asc',
    'filter @message like /li.y/ | stats min(n) as least, max(n) as most',
    'filter n > 100 and word != "oak" | fields n | sort n desc | limit 7',
  ])('answers the same here, in workers and event by event: %s', async (text) => {
    const wanted = await naive(text);
    for (const store of [here, there]) {
      const { result, recordsScanned } = await run(store, text);
      expect(result).toEqual(wanted.result);
      expect(recordsScanned).toBe(wanted.events);
    }
  });

  it('reads only what its time and its groups ask for', async () => {
    const more = { groups: [groups[0]!], context: { ...context, startMs: 1_060, endMs: 1_069 } };
    const text = 'stats count(*) as many';
    const wanted = await naive(text, more);
    for (const store of [here, there]) {
      const { result, recordsScanned } = await run(store, text, more);
      expect(result.rows).toEqual(wanted.result.rows);
      expect(recordsScanned).toBeLessThan(12);
    }
  });

  it('of nothing has an answer too', async () => {
    const nowhere = { account: '111122223333', name: '/none', key: 'none' };
    const { recordsScanned, result } = await run(there, 'fields @message', { groups: [nowhere] });
    expect([recordsScanned, result.rows]).toEqual([0, []]);
  });

  it('rejects with the reason of its signal', async () => {
    const reason = new Error('enough of this');
    const before = AbortSignal.abort(reason);
    await expect(run(there, 'fields @message', { signal: before })).rejects.toBe(reason);
    const during = new AbortController();
    const running = run(there, 'stats count(*) by n', { signal: during.signal });
    during.abort(reason);
    await expect(running).rejects.toBe(reason);
    expect((await run(there, 'stats count(*) as many')).recordsScanned).toBeGreaterThan(0);
  });

  it('that runs away is ended when nobody waits for it, and harms no other', async () => {
    const bait = { account: '111122223333', name: '/bait', key: 'bait' };
    await there.append(bait, 's', [{ timestampMs: 1_000, message: `${'a'.repeat(60)}!` }], 5);
    const caller = new AbortController();
    const reason = new Error('nobody waits');
    const hostile = run(there, 'filter @message like /^(a+)+$/', { groups: [bait], signal: caller.signal });
    // It has come to a worker before this one, which needs the other.
    const honest = await run(there, 'stats count(*) as many');
    caller.abort(reason);
    await expect(hostile).rejects.toBe(reason);
    const others = await Promise.all(Array.from({ length: 4 }, () => run(there, 'stats count(*) as many')));
    const wanted = honest.result;
    expect(others.map(({ result }) => result)).toEqual([wanted, wanted, wanted, wanted]);
  });

  it('tells what it has found so far', async () => {
    const clock = { ...systemClock, monotonicMs: () => (ticks += 1_000) };
    let ticks = 0;
    const path = join(folder, 'progress');
    await using store = await openWithLimits(
      { path, durability: 'ephemeral', clock },
      { ...smallLimits, queryBytesHere: 1_000_000 },
    );
    await fill(store);
    const seen: number[] = [];
    const onProgress = ({ recordsScanned }: QueryProgress) => seen.push(recordsScanned);
    const { recordsScanned } = await run(store, 'stats count(*) as many', { onProgress });
    expect(seen.length).toBeGreaterThan(2);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBeLessThanOrEqual(recordsScanned);
  });

  it('many at once get their own answers', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) => run(there, `filter n = ${n * 10} | fields n`)),
    );
    const wanted = await Promise.all(
      Array.from({ length: 12 }, (_, n) => naive(`filter n = ${n * 10} | fields n`)),
    );
    expect(answers.map(({ result }) => result.rows.map((row) => row[0]?.value))).toEqual(
      wanted.map(({ result }) => result.rows.map((row) => row[0]?.value)),
    );
  });

  it('sees nothing that expired before it, and what came after that', async () => {
    const path = join(folder, 'expiring');
    const options = { path, durability: 'ephemeral' } as const;
    const [group] = groups as [GroupRef];
    const more = { groups: [group] };
    const text = 'fields n | sort n asc';
    for (const queryBytesHere of [0, 1_000_000]) {
      rmSync(path, { recursive: true, force: true });
      const limits = { ...smallLimits, queryBytesHere };
      const store = await openWithLimits(options, limits);
      const append = (n: number) => store.append(group, 's', [{ timestampMs: n, message: `{"n":${n}}` }], 5);
      const seenIn = async (one: LogStore) => {
        const { result, recordsScanned } = await run(one, text, more);
        const seen = result.rows.map((row) => Number(row.find(({ field }) => field === 'n')?.value));
        expect(recordsScanned).toBe(seen.length);
        return seen;
      };
      for (let n = 10; n < 40; n++) await append(n);
      const expired = store.expire(group, 35);
      // Under way at the same time: with all of them or without what has expired, never with a part.
      const during = (await seenIn(store)).length;
      expect([5, 30]).toContain(during);
      await expired;
      expect(await seenIn(store)).toEqual([35, 36, 37, 38, 39]);
      await append(12);
      expect(await seenIn(store)).toEqual([12, 35, 36, 37, 38, 39]);
      await store.expire(group, 38);
      await store[Symbol.asyncDispose]();
      await using again = await openWithLimits(options, limits);
      expect(await seenIn(again)).toEqual([38, 39]);
    }
  });

  it('passes over a group that is deleted meanwhile', async () => {
    const doomed = { account: '111122223333', name: '/doomed', key: 'doomed' };
    for (let n = 0; n < 50; n++) {
      await there.append(doomed, 's', [{ timestampMs: 1_000 + n, message: `{"n":${n}}` }], 5);
    }
    const running = run(there, 'stats count(*) as many', { groups: [doomed] });
    await there.deleteGroup(doomed);
    expect((await running).recordsScanned).toBeLessThanOrEqual(50);
    expect((await run(there, 'stats count(*) as many', { groups: [doomed] })).recordsScanned).toBe(0);
  });

  it('ends with the store', async () => {
    const path = join(folder, 'closing');
    const store = await openWithLimits(
      { path, durability: 'ephemeral' },
      { ...smallLimits, queryBytesHere: 0 },
    );
    await fill(store);
    const running = Array.from({ length: 6 }, () => run(store, 'stats count(*) as many').catch(String));
    await store[Symbol.asyncDispose]();
    for (const answer of await Promise.all(running)) expect(answer).toMatch(/closed|lost|ended/);
    await expect(run(store, 'stats count(*) as many')).rejects.toThrow('closed');
  });
});
