// Searching must find what the engine's search finds, and end soon on what is made to be slow.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCondition } from '../condition/parse-condition.ts';
import { Placeholders } from '../placeholders.ts';
import { bytesInclude, textIncludes } from './search.ts';

/** Few letters, so that parts repeat. */
const text = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom('a', 'b'), minLength, maxLength });

describe('searching', () => {
  it('finds what the engine finds', () => {
    fc.assert(
      fc.property(text(0, 200), text(0, 40), fc.nat(200), (whole, other, at) => {
        for (const part of [other, whole.slice(at), whole.slice(at, at + 30), `${whole.slice(at)}a`]) {
          expect(textIncludes(whole, part)).toBe(whole.includes(part));
          expect(bytesInclude(Buffer.from(whole), Buffer.from(part))).toBe(whole.includes(part));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is not slowed down by a part that nearly matches everywhere', { timeout: 5_000 }, () => {
    const half = 'a'.repeat(100_000);
    const part = `${half}b${half}`;
    const whole = half.repeat(4);
    const ask = (value: object) =>
      parseCondition(
        'FilterExpression',
        'contains(v, :part)',
        new Placeholders({ values: { ':part': value } }),
      );
    expect(ask({ S: part }).test({ v: { S: whole } })).toBe(false);
    expect(ask({ B: Buffer.from(part) }).test({ v: { B: Buffer.from(whole) } })).toBe(false);
  });
});
