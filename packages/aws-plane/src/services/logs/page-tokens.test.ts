import { fakeClock } from '@pergola/kernel';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PageTokens } from './page-tokens.ts';

const HOUR_MS = 3_600_000;
const key = Buffer.alloc(32, 7);

describe('PageTokens', () => {
  it('opens what it sealed, for the same purpose, for a day', () => {
    const clock = fakeClock();
    const tokens = new PageTokens(key, clock);
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), (scope, value) => {
        const token = tokens.seal(scope, value as never);
        expect(token).toMatch(/^[\w-]+$/);
        expect(tokens.open(scope, token)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(tokens.open(`${scope}x`, token)).toBeUndefined();
      }),
    );
    const token = tokens.seal('s', 1);
    clock.advance(24 * HOUR_MS);
    expect(tokens.open('s', token)).toBe(1);
    clock.advance(1);
    expect(tokens.open('s', token)).toBeUndefined();
  });

  it('opens places of streams in both directions', () => {
    const clock = fakeClock();
    const tokens = new PageTokens(key, clock);
    const places = fc.record({
      timestampMs: fc.nat(99_999_999_999_999),
      sequence: fc.integer({ min: -1, max: Number.MAX_SAFE_INTEGER - 1 }),
    });
    const directions = fc.constantFrom('forward' as const, 'backward' as const);
    fc.assert(
      fc.property(places, directions, (place, direction) => {
        const token = tokens.sealStream('s', { direction, place });
        expect(token).toMatch(/^[fb]\/\d{56}\/s$/);
        expect(tokens.openStream('s', token)).toEqual({ direction, place });
        expect(tokens.openStream('t', token)).toBeUndefined();
        expect(
          tokens.openStream('s', token.replace(/^./, direction === 'forward' ? 'b' : 'f')),
        ).toBeUndefined();
      }),
    );
    const old = tokens.sealStream('s', { direction: 'forward', place: { timestampMs: 1, sequence: 1 } });
    clock.advance(24 * HOUR_MS + 1_000);
    expect(tokens.openStream('s', old)).toBeUndefined();
  });

  it('opens nothing that it did not seal, and never throws', () => {
    const tokens = new PageTokens(key, fakeClock());
    const other = new PageTokens(Buffer.alloc(32, 8), fakeClock());
    const foreign = [
      other.seal('s', 1),
      other.sealStream('s', { direction: 'forward', place: { timestampMs: 1, sequence: 1 } }),
    ];
    for (const token of foreign) {
      expect(tokens.open('s', token)).toBeUndefined();
      expect(tokens.openStream('s', token)).toBeUndefined();
    }
    fc.assert(
      fc.property(fc.string(), fc.base64String(), (text, base64) => {
        for (const token of [text, base64]) {
          expect(tokens.open('s', token)).toBeUndefined();
          expect(tokens.openStream('s', token)).toBeUndefined();
        }
      }),
    );
  });
});
