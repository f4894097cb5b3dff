import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortBatch } from './event-batch.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const nowMs = 1_800_000_000_000;

describe('sortBatch', () => {
  it('tells by its indices exactly the events that it does not accept', () => {
    const offsets = fc.array(fc.integer({ min: -20 * DAY_MS, max: 4 * HOUR_MS }), {
      minLength: 1,
      maxLength: 30,
    });
    const retentions = fc.constantFrom(0, DAY_MS, 7 * DAY_MS, 30 * DAY_MS);
    fc.assert(
      fc.property(offsets, retentions, (drawn, retentionMs) => {
        const expiryMs = retentionMs === 0 ? 0 : nowMs - retentionMs;
        const batch = drawn
          .sort((a, b) => a - b)
          .map((offset, n) => ({ timestamp: nowMs + offset, message: String(n) }));
        const isAccepted = (timestamp: number) =>
          timestamp >= nowMs - 14 * DAY_MS && timestamp >= expiryMs && timestamp <= nowMs + 2 * HOUR_MS;
        const wanted = batch.filter(({ timestamp }) => isAccepted(timestamp));
        const span = (wanted.at(-1)?.timestamp ?? 0) - (wanted[0]?.timestamp ?? 0);
        if (span > DAY_MS) {
          expect(() => sortBatch(batch, { nowMs, expiryMs })).toThrow('cannot span more than 24 hours');
          return;
        }
        const { accepted, rejected } = sortBatch(batch, { nowMs, expiryMs });
        expect([...accepted].map(({ message }) => String(message))).toEqual(
          wanted.map(({ message }) => message),
        );
        const start = Math.max(rejected?.tooOldLogEventEndIndex ?? 0, rejected?.expiredLogEventEndIndex ?? 0);
        const end = rejected?.tooNewLogEventStartIndex ?? batch.length;
        expect(batch.slice(start, end)).toEqual(wanted);
        expect(rejected === undefined).toBe(wanted.length === batch.length);
      }),
    );
  });
});
