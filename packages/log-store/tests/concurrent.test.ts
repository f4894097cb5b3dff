// Many callers at once, while upkeep moves everything about: order, visibility, and what a full disk may not do.
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fakeClock, silentLogger } from '@pergola/kernel';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { AppendedBatch, GroupRef, LogStore, StoredEvent } from '../src/contract.ts';
import { type Disk, hastyDisk } from '../src/files/disk.ts';
import { openWithLimits, usualLimits } from '../src/open-log-store.ts';
import { smallLimits } from './small-limits.ts';

const refOf = (key: string): GroupRef => ({ account: '111122223333', name: `/${key}`, key });
const group = refOf('busy');
let path: string;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'pergola-log-busy-'));
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

const open = (disk?: Disk) => openWithLimits({ path, durability: 'ephemeral' }, smallLimits, disk);
const eventsOf = (count: number, text: string) =>
  Array.from({ length: count }, (_, n) => ({ timestampMs: 1_000 + n, message: `${text} ${n}` }));

async function readAll(store: LogStore, ref = group): Promise<StoredEvent[]> {
  const all: StoredEvent[] = [];
  const request = {
    group: ref,
    fromMs: 0,
    toMs: 99_999,
    direction: 'forward',
    limitEvents: 500,
    limitBytes: 1e6,
  } as const;
  for (let page = await store.read(request); ; page = await store.read({ ...request, after: page.next })) {
    all.push(...page.events);
    if (!page.next) return all;
  }
}

it('numbers events in the order of the calls, also while the group is being opened', async () => {
  for (let round = 0; round < 3; round++) {
    await using store = await open();
    const firsts: number[] = [];
    const appends = Array.from({ length: 40 }, async (_, n) => {
      const { firstSequence } = await store.append(
        group,
        `s${n % 3}`,
        eventsOf(1 + (n % 4), `${round}.${n}`),
        5,
      );
      firsts.push(firstSequence);
      return firstSequence;
    });
    const inOrder = await Promise.all(appends);
    expect(inOrder).toEqual(inOrder.toSorted((a, b) => a - b));
    expect(new Set(firsts).size).toBe(40);
  }
});

it('shows to all what was acknowledged to one, whatever upkeep does', async () => {
  await using store = await open();
  let acknowledged = 0;
  const appender = async (lane: number) => {
    for (let n = 0; n < 60; n++) {
      const { firstSequence } = await store.append(group, `s${lane}`, eventsOf(3, `${lane}.${n}`), 5);
      acknowledged += 3;
      expect((await store.event(group, firstSequence + 2))?.message).toBe(`${lane}.${n} 2`);
    }
  };
  const reader = async () => {
    for (let before = 0; before < 700; before = acknowledged) {
      const seen = await readAll(store);
      // What is cached is read without waiting for anything; the appends need their turn.
      await new Promise((resolve) => setImmediate(resolve));
      // What comes while pages are read may lie before the page or behind it.
      expect(seen.length).toBeGreaterThanOrEqual(before);
      expect(new Set(seen.map(({ sequence }) => sequence)).size).toBe(seen.length);
    }
  };
  await Promise.all([appender(0), appender(1), appender(2), appender(3), reader()]);
  const messages = (await readAll(store)).map(({ message }) => message);
  expect(new Set(messages).size).toBe(720);
});

it('loses nothing when the disk refuses segments, and makes up for it later', async () => {
  let isFull = true;
  const disk: Disk = {
    ...hastyDisk,
    openFile: (file) =>
      isFull && file.endsWith('.segment')
        ? Promise.reject(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }))
        : hastyDisk.openFile(file),
  };
  const errors: string[] = [];
  const logger = { ...silentLogger, error: (_: object, message: string) => errors.push(message) };
  const clock = fakeClock();
  const store = await openWithLimits({ path, durability: 'ephemeral', logger, clock }, smallLimits, disk);
  for (let n = 0; n < 60; n++) await store.append(group, 's', eventsOf(3, `full ${n}`), 5);
  expect(errors.length).toBeGreaterThan(0);
  expect((await readAll(store)).length).toBe(180);
  isFull = false;
  clock.advance(60_000);
  for (let n = 0; n < 20; n++) await store.append(group, 's', eventsOf(3, `free ${n}`), 5);
  await expect
    .poll(() => readdirSync(join(path, 'busy')).some((name) => name.endsWith('.segment')))
    .toBe(true);
  expect((await readAll(store)).length).toBe(240);
  await store[Symbol.asyncDispose]();
  const again = await open();
  expect((await readAll(again)).length).toBe(240);
  await again[Symbol.asyncDispose]();
});

it('goes on with the other groups when one of them cannot be kept in order', async () => {
  const disk: Disk = {
    ...hastyDisk,
    openFile: (file) =>
      file.includes('/bad/') ? Promise.reject(new Error('input/output error')) : hastyDisk.openFile(file),
  };
  const clock = fakeClock();
  await using store = await openWithLimits({ path, durability: 'ephemeral', clock }, smallLimits, disk);
  for (let n = 0; n < 60; n++) {
    clock.advance(10_000);
    await store.append(refOf('bad'), 's', eventsOf(3, `bad ${n}`), 5);
    await store.append(refOf('good'), 's', eventsOf(3, `good ${n}`), 5);
  }
  await expect
    .poll(() => readdirSync(join(path, 'good')).some((name) => name.endsWith('.segment')))
    .toBe(true);
  expect((await readAll(store, refOf('bad'))).length).toBe(180);
  expect((await readAll(store, refOf('good'))).length).toBe(180);
});

it('takes events of any length, and pages them', async () => {
  await using store = await openWithLimits({ path, durability: 'ephemeral' }, usualLimits);
  const lengths = [1, 1_000_000, 10, 999_999, 70_000];
  const long = lengths.map((length, n) => ({ timestampMs: 1_000 + n, message: 'é'.repeat(length / 2 + 1) }));
  await store.append(group, 's', long, 5);
  for (const event of long) await store.append(group, 't', [event], 5);
  await store.append(group, 'u', eventsOf(10_000, 'many'), 5);
  const seen = await readAll(store);
  expect(seen.length).toBe(10_010);
  const lengthsSeen = seen.filter(({ stream }) => stream !== 'u').map(({ message }) => message.length);
  expect(lengthsSeen).toEqual(long.flatMap(({ message }) => [message.length, message.length]));
});

it('forgets a deleted group, also over a restart, and takes nothing more for it', async () => {
  const store = await open();
  for (let n = 0; n < 40; n++) await store.append(group, 's', eventsOf(3, `${n}`), 5);
  await store.append(refOf('other'), 's', eventsOf(1, 'kept'), 5);
  const reading = readAll(store);
  await store.deleteGroup(group);
  await store.deleteGroup(group);
  await reading;
  expect(await readAll(store)).toEqual([]);
  expect(await store.storedBytes(group)).toBe(0);
  await expect(store.append(group, 's', eventsOf(1, 'late'), 5)).rejects.toThrow('was deleted');
  await store[Symbol.asyncDispose]();
  expect(readdirSync(path)).not.toContain('busy');
  await using again = await open();
  expect(await readAll(again)).toEqual([]);
  expect((await readAll(again, refOf('other'))).length).toBe(1);
});

it('keeps the groups that it is told, and no others', async () => {
  const store = await open();
  for (const key of ['one', 'two', 'three']) {
    for (let n = 0; n < 30; n++) await store.append(refOf(key), 's', eventsOf(2, `${n}`), 5);
  }
  await store[Symbol.asyncDispose]();
  await using again = await open();
  await again.retainOnly(new Set(['two']));
  expect(readdirSync(path).filter((name) => !name.startsWith('journal-'))).toEqual(['two']);
  const left = await Promise.all(['one', 'two', 'three'].map((key) => readAll(again, refOf(key))));
  expect(left.map(({ length }) => length)).toEqual([0, 60, 0]);
});

it('tells listeners of each batch once it is stored, and bears with those that throw', async () => {
  await using store = await open();
  const heard: AppendedBatch[] = [];
  store.onAppend(() => {
    throw new Error('a bad listener');
  });
  const stop = store.onAppend((batch) => heard.push(batch));
  const events = eventsOf(2, 'heard');
  await store.append(group, 's', events, 7);
  await expect.poll(() => heard.length).toBe(1);
  expect(heard[0]).toEqual({ group, stream: 's', ingestedMs: 7, firstSequence: 0, events });
  stop();
  await store.append(group, 's', events, 7);
  expect(heard.length).toBe(1);
});

it('refuses what cannot be stored', async () => {
  await using store = await open();
  await expect(store.append(group, 's', [], 5)).rejects.toThrow('nothing to append');
  await expect(store.append(group, 's', [{ timestampMs: 1, message: '' }], 5)).rejects.toThrow(RangeError);
  await expect(store.append(group, 's', [{ timestampMs: Number.NaN, message: 'x' }], 5)).rejects.toThrow(
    RangeError,
  );
  for (const key of ['../up', 'A', '', 'a'.repeat(65)]) {
    await expect(store.append(refOf(key), 's', eventsOf(1, 'x'), 5)).rejects.toThrow('not a key');
  }
});

it('writes nothing down when there is nothing to expire', async () => {
  await using store = await openWithLimits(
    { path, durability: 'ephemeral' },
    { ...smallLimits, journalFileBytes: 1e6, groupBytesInJournal: 1e6, groupBatchesInJournal: 1e6 },
  );
  await store.append(group, 's', eventsOf(10, 'old'), 5);
  await store.expire(group, 1_005);
  const size = () => readdirSync(path).reduce((sum, name) => sum + statSync(join(path, name)).size, 0);
  const before = size();
  for (let n = 0; n < 20; n++) await store.expire(group, 1_005);
  await store.expire(refOf('unknown'), 1_005);
  expect(size()).toBe(before);
  expect((await readAll(store)).length).toBe(5);
  await store.expire(group, 1_006);
  expect(size()).toBeGreaterThan(before);
  expect((await readAll(store)).length).toBe(4);
});
