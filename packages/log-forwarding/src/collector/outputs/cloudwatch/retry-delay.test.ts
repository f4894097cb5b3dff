import { seededRandom } from '@pergola/kernel';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { rejectionsOf } from './logs-api.ts';
import { RequestLimit } from './request-limit.ts';
import { retryDelayMs } from './retry-delay.ts';

it('waits within the bounds, longer with each failure, and as long as it is asked to', () => {
  const random = seededRandom(3);
  const bounds = { minRetryMs: 100, maxRetryMs: 3_000 };
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2000 }), (failures) => {
      const delayMs = retryDelayMs(bounds, failures, random, undefined);
      expect(delayMs).toBeGreaterThanOrEqual(100);
      expect(delayMs).toBeLessThanOrEqual(Math.min(3_000, 100 * 2 ** failures));
    }),
  );
  expect(retryDelayMs(bounds, 1, random, 9_000)).toBe(9_000);
  const delays = Array.from({ length: 50 }, () => retryDelayMs(bounds, 20, random, undefined));
  expect(Math.max(...delays) - Math.min(...delays)).toBeGreaterThan(1_000);
});

it('halves requests when asked for less, once for the answers of one moment, and regains them', () => {
  const limit = new RequestLimit(16);
  for (let answer = 0; answer < 10; answer++) limit.throttled(1_000);
  expect(limit.current).toBe(8);
  for (let second = 2; second < 10; second++) limit.throttled(second * 1_000);
  expect(limit.current).toBe(1);
  for (let success = 0; success < 200; success++) limit.succeeded();
  expect(limit.current).toBe(16);
});

it.each([
  [undefined, {}],
  [{ tooOldLogEventEndIndex: 2 }, { tooOld: 2 }],
  [{ expiredLogEventEndIndex: 3 }, { expired: 3 }],
  [
    { tooOldLogEventEndIndex: 2, expiredLogEventEndIndex: 3 },
    { tooOld: 2, expired: 1 },
  ],
  [{ tooNewLogEventStartIndex: 0 }, { tooNew: 10 }],
  [{ tooNewLogEventStartIndex: 99, tooOldLogEventEndIndex: -5 }, {}],
])('reads what was rejected of ten events: %j', (info, expected) => {
  expect(rejectionsOf(info, 10)).toEqual(expected);
});
