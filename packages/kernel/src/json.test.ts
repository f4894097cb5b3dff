import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRecord, jsonEqual } from './index.ts';

describe('jsonEqual', () => {
  it('agrees with a canonical text of both', () => {
    const canonical = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(canonical);
      if (!isRecord(value)) return value;
      const pairs = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
      // Marked, so that an object is never the same text as an array of pairs.
      return { object: pairs.map(([key, each]) => [key, canonical(each)]) };
    };
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
        const [a, b] = [JSON.parse(JSON.stringify(left)), JSON.parse(JSON.stringify(right))] as [
          unknown,
          unknown,
        ];
        expect(jsonEqual(a, JSON.parse(JSON.stringify(a)))).toBe(true);
        expect(jsonEqual(a, b)).toBe(JSON.stringify(canonical(a)) === JSON.stringify(canonical(b)));
      }),
    );
  });

  it('tells an absent key from an undefined one, and an array from an object', () => {
    expect(jsonEqual({ a: 1 }, { b: 1 })).toBe(false);
    expect(jsonEqual([], {})).toBe(false);
    expect(jsonEqual({ a: { b: [1] } }, { a: { b: [1] } })).toBe(true);
  });
});
