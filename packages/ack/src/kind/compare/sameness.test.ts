// What AWS writes in its own way is the same; what it has otherwise is not.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Comparison } from '../description.ts';
import type { Json } from '../kind.ts';
import { isNothing, isSatisfied } from './sameness.ts';

const key = 'arn:aws:kms:us-east-1:123456789012:key/1234abcd';

test.each<[Json, Json | undefined, Comparison | undefined]>([
  [{ a: 1 }, { a: 1, b: 2 }, undefined],
  [['a', 'b'], ['b', 'a'], undefined],
  [[{ id: 1 }, { id: 2 }], [{ id: 2, x: 1 }, { id: 1 }], undefined],
  [false, undefined, undefined],
  [[], undefined, undefined],
  [{ enabled: false }, undefined, undefined],
  ['text ', 'text', undefined],
  ['1234abcd', key, undefined],
  ['alias/mine', key, undefined],
  ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00Z', undefined],
  ['Sun:05:00', 'sun:05:00', 'caseless'],
  ['14', '14.23', 'version'],
  ['14.20', '14.23', 'version'],
  ['14.9', '14.10', 'version'],
  ['{"a": 1, "b": 2}', '{"b":2,"a":1}', 'document'],
  ['anything', 'else', 'never'],
])('%j is satisfied by %j (%s)', (wanted, observed, comparison) => {
  expect(isSatisfied(wanted, observed, comparison)).toBe(true);
});

test.each<[Json, Json | undefined, Comparison | undefined]>([
  [{ a: 1 }, { b: 1 }, undefined],
  [['a'], ['a', 'b'], undefined],
  [['a', 'a'], ['a', 'b'], undefined],
  [true, undefined, undefined],
  [true, false, undefined],
  [1, '1', undefined],
  ['a', 'A', undefined],
  ['other', key, undefined],
  ['14', '15.1', 'version'],
  ['1', '14', 'version'],
  ['14.23', '14.20', 'version'],
  ['{"a": 1}', '{"a": 2}', 'document'],
  ['not json', '{}', 'document'],
])('%j is not satisfied by %j (%s)', (wanted, observed, comparison) => {
  expect(isSatisfied(wanted, observed, comparison)).toBe(false);
});

describe('whatever it is', () => {
  const anything = fc.jsonValue() as fc.Arbitrary<Json>;

  test('it satisfies itself', () => {
    fc.assert(fc.property(anything, (value) => isSatisfied(value, value)));
  });

  test('what AWS adds to an object changes nothing', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), anything), fc.dictionary(fc.string(), anything), (asked, more) =>
        isSatisfied(asked, { ...more, ...asked }),
      ),
    );
  });

  test('nothing is satisfied by nothing, and nothing else is', () => {
    fc.assert(
      fc.property(
        anything,
        (value) => isSatisfied(value, undefined) === (value === null || isNothing(value)),
      ),
    );
  });
});
