// Looks that come soon at first, and never more seldom than they may.
import { expect, test } from 'vitest';
import { lookAgainMs } from './patience.ts';

test('looks become rarer with the time that AWS takes, down to what is allowed', () => {
  let nowMs = 5_000;
  const waiting = {
    context: { clock: { monotonicMs: () => nowMs } },
    remembered: { waitingSinceMs: undefined },
  };
  const pauses: number[] = [];
  while (nowMs < 20_000) {
    const pauseMs = lookAgainMs(waiting, 1_000);
    pauses.push(pauseMs);
    nowMs += pauseMs;
  }
  expect(pauses.slice(0, 4)).toEqual([100, 100, 100, 100]);
  expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
  expect(pauses.at(-1)).toBe(1_000);
  expect(pauses.length).toBeLessThan(50);
});

test('a kind that may be looked at often is', () => {
  const waiting = {
    context: { clock: { monotonicMs: () => 0 } },
    remembered: { waitingSinceMs: undefined },
  };
  expect(lookAgainMs(waiting, 20)).toBe(20);
});
