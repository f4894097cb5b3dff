// The bytes of keys: their order under memcmp is the order of the values, part by part.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AttributeValue } from '../attribute-value.ts';
import { compareValues } from './compare.ts';
import { keyBytes, keyPrefixBytes } from './key-bytes.ts';
import { numbers } from '../../tests/random-values.ts';

const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 5 }),
  fc
    .array(fc.constantFrom('\0', '\u0001', 'a', '\u00ff', '\uffff', '\u{1f600}'), { maxLength: 4 })
    .map((all) => all.join('')),
);
const binaries = fc
  .array(fc.constantFrom(0, 1, 2, 0xfe, 0xff), { maxLength: 5 })
  .map((all) => Uint8Array.from(all));

const pairs: fc.Arbitrary<readonly [AttributeValue, AttributeValue]> = fc.oneof(
  fc.tuple(texts, texts).map(([a, b]) => [{ S: a }, { S: b }] as const),
  fc.tuple(numbers, numbers).map(([a, b]) => [{ N: a }, { N: b }] as const),
  fc.tuple(fc.integer(), fc.integer()).map(([a, b]) => [{ N: `${a}` }, { N: `${b}` }] as const),
  fc.tuple(binaries, binaries).map(([a, b]) => [{ B: a }, { B: b }] as const),
);

describe('key bytes', () => {
  it('are ordered as the values are', () => {
    fc.assert(
      fc.property(pairs, ([left, right]) => {
        const order = Buffer.compare(keyBytes(left), keyBytes(right));
        expect(order).toBe(Math.sign(compareValues(left, right) ?? Number.NaN));
      }),
    );
  });

  it('are ordered by the first part, then by the second', () => {
    fc.assert(
      fc.property(pairs, pairs, ([a, b], [c, d]) => {
        const first = Math.sign(compareValues(a, b) ?? 0);
        const expected = first === 0 ? Math.sign(compareValues(c, d) ?? 0) : first;
        expect(Buffer.compare(keyBytes(a, c), keyBytes(b, d))).toBe(expected);
      }),
    );
  });

  it('begin with the bytes of a prefix exactly when the values do', () => {
    fc.assert(
      fc.property(texts, texts, (whole, start) => {
        const prefix = keyPrefixBytes({ S: start });
        const begins = Buffer.compare(keyBytes({ S: whole }).subarray(0, prefix.length), prefix) === 0;
        expect(begins).toBe(
          Buffer.from(whole).subarray(0, Buffer.byteLength(start)).equals(Buffer.from(start)),
        );
      }),
    );
  });
});
