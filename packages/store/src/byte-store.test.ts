import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ByteStore, openByteStore } from './byte-store.ts';

let path: string;
let store: ByteStore;
beforeAll(() => {
  path = mkdtempSync(join(tmpdir(), 'pergola-bytes-'));
  store = openByteStore({ path, durability: 'ephemeral' });
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  rmSync(path, { recursive: true, force: true });
});

const bytes = (...values: number[]) => Buffer.from(values);
const keysIn = (from: number, to: number, options = {}) =>
  [...store.range({ from: bytes(from), to: bytes(to), ...options })].map(({ key }) => [...key]);

describe('the byte store', () => {
  it('walks ranges both ways, the end excluded', async () => {
    await store.transact((tx) => {
      for (const key of [1, 2, 3, 4]) tx.put(bytes(key), bytes(key));
      tx.put(bytes(2, 0), bytes(0));
    });
    expect(keysIn(2, 4)).toEqual([[2], [2, 0], [3]]);
    expect(keysIn(2, 4, { reverse: true })).toEqual([[3], [2, 0], [2]]);
    expect(keysIn(2, 5, { reverse: true, limit: 2 })).toEqual([[4], [3]]);
    expect(keysIn(1, 9, { limit: 2 })).toEqual([[1], [2]]);
    expect(keysIn(1, 9, { limit: 0 })).toEqual([]);
    expect(store.count({ from: bytes(2), to: bytes(4) })).toBe(3);
  });

  it('shows a transaction its own writes, and drops them all when it throws', async () => {
    const failing = store.transact((tx) => {
      tx.put(bytes(7), bytes(1));
      tx.delete(bytes(1));
      expect(tx.get(bytes(7))).toEqual(bytes(1));
      expect(tx.get(bytes(1))).toBeUndefined();
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(store.get(bytes(7))).toBeUndefined();
    expect(store.get(bytes(1))).toEqual(bytes(1));
  });

  it('keeps a snapshot as it was', async () => {
    const snapshot = store.snapshot();
    const before = keysIn(1, 9);
    await store.transact((tx) => {
      tx.delete(bytes(1));
      tx.put(bytes(5), bytes(5));
    });
    const seen = [...snapshot.range({ from: bytes(1), to: bytes(9) })].map(({ key }) => [...key]);
    snapshot.release();
    expect(seen).toEqual(before);
    expect(keysIn(1, 9)).not.toEqual(before);
  });

  it('runs transactions one after the other', async () => {
    const count = () => store.get(bytes(8))?.[0] ?? 0;
    await Promise.all(
      Array.from({ length: 50 }, () =>
        store.transact((tx) => tx.put(bytes(8), bytes((tx.get(bytes(8))?.[0] ?? 0) + 1))),
      ),
    );
    expect(count()).toBe(50);
  });
});
