import { describe, expect, it } from 'vitest';
import type { Change } from './entry.ts';
import { History } from './history.ts';

const change = (revision: number, chars: number): Change => ({
  key: 'a/1',
  revision,
  entry: { key: 'a/1', value: 'x'.repeat(chars), revision, createRevision: 1 },
  previous: undefined,
});

describe('what is remembered', () => {
  it('is bounded by length, and says from where on it is whole', () => {
    const history = new History(1, 1_000, 100);
    for (let revision = 2; revision <= 50; revision++) history.append([change(revision, 10)]);
    expect(history.oldest).toBeGreaterThan(38);
    const seen: number[] = [];
    history.watch('a/', history.oldest, (changes) => seen.push(...changes.map((each) => each.revision)));
    expect(seen).toEqual(
      Array.from({ length: 50 - history.oldest }, (_, index) => history.oldest + 1 + index),
    );
    expect(() => history.watch('a/', history.oldest - 1, () => {})).toThrow('too old');
  });

  it('is nothing when one commit is longer than all may be, or none is wanted', () => {
    const history = new History(1, 1_000, 100);
    history.append([change(2, 10), change(2, 500)]);
    expect(history.oldest).toBe(2);
    history.append([change(3, 10)]);
    expect(history.oldest).toBe(2);
    const forgetful = new History(1, 0);
    forgetful.append([change(2, 1)]);
    expect(forgetful.oldest).toBe(2);
  });

  it('keeps a commit whole or not at all', () => {
    const history = new History(1, 2);
    for (let revision = 2; revision <= 9; revision++)
      history.append([change(revision, 1), change(revision, 1)]);
    const counts = new Map<number, number>();
    history.watch('a/', history.oldest, (changes) => {
      for (const each of changes) counts.set(each.revision, (counts.get(each.revision) ?? 0) + 1);
    });
    expect([...counts.values()].every((count) => count === 2)).toBe(true);
  });
});
