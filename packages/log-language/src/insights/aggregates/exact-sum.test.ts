// Sums are those of exact arithmetic, whatever the order.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExactSum, ratio } from './exact-sum.ts';

function sumOf(numbers: readonly number[]): number | undefined {
  const sum = new ExactSum();
  for (const number of numbers) sum.add(number);
  return sum.value();
}

/** By rational arithmetic on the decimal notation: scaled to whole numbers. */
const decimal = fc.tuple(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.integer({ min: 0, max: 30 }));

describe('ExactSum', () => {
  it('does not care for order or parts', () => {
    const numbers = fc.array(
      fc.oneof(
        fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e150, max: 1e150 }),
        fc.maxSafeInteger(),
      ),
    );
    fc.assert(
      fc.property(numbers, fc.nat(), (list, at) => {
        const whole = sumOf(list);
        expect(sumOf(list.toReversed())).toBe(whole);
        const left = new ExactSum();
        const right = new ExactSum();
        for (const [index, number] of list.entries())
          (index < at % (list.length + 1) ? left : right).add(number);
        right.merge(structuredClone(left.state()));
        expect(right.value()).toBe(whole);
      }),
    );
  });

  it('takes away what was added, to the last bit', () => {
    fc.assert(
      fc.property(
        fc.array(decimal),
        fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e100, max: 1e100 }),
        (list, rest) => {
          const numbers = list.map(([mantissa, power]) => mantissa * 10 ** power);
          expect(sumOf([...numbers, rest, ...numbers.map((number) => -number)])).toBe(rest + 0);
        },
      ),
    );
  });

  it('rounds once', () => {
    expect(sumOf([0.1, 0.2, 0.3])).toBe(0.6);
    expect(sumOf([1e16, 1, 1e-16, -1e16])).toBe(1);
    expect(sumOf([2 ** 53, 1, 1])).toBe(2 ** 53 + 2);
    expect(sumOf([Number.MIN_VALUE, Number.MIN_VALUE])).toBe(2 * Number.MIN_VALUE);
    expect(sumOf([Number.MAX_VALUE, Number.MAX_VALUE])).toBeUndefined();
    expect(sumOf([])).toBe(0);
  });

  it('divides whole numbers into the nearest double', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 1, max: 2 ** 31 }), (numerator, denominator) => {
        expect(ratio(BigInt(numerator), BigInt(denominator))).toBe(numerator / denominator + 0);
      }),
    );
    expect(ratio(1n, 1n << 1074n)).toBe(Number.MIN_VALUE);
  });
});
