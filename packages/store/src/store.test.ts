import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Change, CompactedError, openStore, type Store } from './index.ts';

let path: string;
let store: Store;

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'pergola-store-'));
  store = openStore({ path, historyLimit: 10 });
});

afterEach(async () => {
  await store[Symbol.asyncDispose]();
  rmSync(path, { recursive: true, force: true });
});

const put = (key: string, value: string) => store.transact((tx) => tx.put(key, value));

describe('transact', () => {
  it('numbers commits with one counter and keeps the creating revision', async () => {
    const first = await put('a/1', 'one');
    const second = await put('a/1', 'two');
    expect(second.revision).toBe(first.revision + 1);
    expect(store.get('a/1')).toEqual({
      key: 'a/1',
      value: 'two',
      revision: second.revision,
      createRevision: first.revision,
    });
    expect(store.revision()).toBe(second.revision);
  });

  it('writes nothing when the work throws, though it had written before throwing', async () => {
    const before = store.revision();
    const attempt = store.transact((tx) => {
      tx.put('a/1', 'one');
      throw new Error('changed my mind');
    });
    await expect(attempt).rejects.toThrow('changed my mind');
    expect(store.get('a/1')).toBeUndefined();
    expect(store.revision()).toBe(before);
  });

  it('lets exactly one of many compare-and-set writers win', async () => {
    await put('n', '0');
    const increment = () => store.transact((tx) => tx.put('n', String(Number(tx.get('n')?.value) + 1)));
    await Promise.all(Array.from({ length: 50 }, increment));
    expect(store.get('n')?.value).toBe('50');
  });

  it('sees its own writes and deletions in get and list', async () => {
    await put('a/1', 'one');
    const { value } = await store.transact((tx) => {
      tx.delete('a/1');
      tx.put('a/2', 'two');
      return { gone: tx.get('a/1'), keys: tx.list('a/').map((entry) => entry.key) };
    });
    expect(value).toEqual({ gone: undefined, keys: ['a/2'] });
  });

  it('refuses a key that LMDB could not hold', async () => {
    await expect(put('k'.repeat(2_000), 'v')).rejects.toThrow(RangeError);
  });

  it('keeps everything acknowledged over a reopening', async () => {
    await put('a/1', 'one');
    await store.transact((tx) => tx.putBlob('b', Buffer.from([0, 255])));
    const revision = store.revision();
    await store[Symbol.asyncDispose]();
    store = openStore({ path });
    expect(store.get('a/1')?.value).toBe('one');
    expect(store.blob('b')).toEqual(Buffer.from([0, 255]));
    expect(store.revision()).toBe(revision);
  });
});

describe('list', () => {
  it('is ordered by key, bounded by prefix, and can be continued', async () => {
    for (const key of ['a/2', 'a/1', 'b/1', 'a/10', 'a/é']) await put(key, key);
    expect(store.list('a/').map((entry) => entry.key)).toEqual(['a/1', 'a/10', 'a/2', 'a/é']);
    expect(store.list('a/', { after: 'a/1', limit: 2 }).map((entry) => entry.key)).toEqual(['a/10', 'a/2']);
  });
});

it('counts what a list would hold, from any key on', async () => {
  for (const key of ['a', 'a/', 'a/1', 'a/2', 'a/2/3', 'a/ü', 'a0', 'b/1']) await put(key, key);
  await store.transact((tx) => tx.delete('a/2'));
  for (const prefix of ['', 'a', 'a/', 'a/2', 'b/', 'c']) {
    expect(store.count(prefix), prefix).toBe(store.list(prefix).length);
    for (const after of ['', 'a', 'a/', 'a/1', 'a/2', 'a/3', 'a/ü', 'b', 'b/1', 'c', 'd']) {
      const wanted = store.list(prefix, { after }).length;
      expect(store.count(prefix, after), `${prefix} after ${after}`).toBe(wanted);
    }
  }
});

describe('watch', () => {
  it('delivers remembered changes first, then new ones, each once and in order', async () => {
    const start = store.revision();
    await put('a/1', 'one');
    await put('b/1', 'other');
    const seen: Change[] = [];
    const stop = store.watch('a/', start, (changes) => seen.push(...changes));
    await put('a/1', 'two');
    await store.transact((tx) => tx.delete('a/1'));
    stop();
    await put('a/1', 'three');
    expect(seen.map((change) => [change.previous?.value, change.entry?.value])).toEqual([
      [undefined, 'one'],
      ['one', 'two'],
      ['two', undefined],
    ]);
  });

  it('throws CompactedError once the wanted changes are forgotten', async () => {
    for (let i = 0; i < 40; i++) await put('a/1', String(i));
    expect(() => store.watch('a/', 1, () => {})).toThrow(CompactedError);
    expect(store.compactedRevision()).toBeGreaterThan(1);
  });
});
