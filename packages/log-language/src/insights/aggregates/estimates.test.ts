// Distinct counts and percentiles beyond the bounds up to which they are exact: close, and the same for any split.
import { seededRandom } from '@pergola/kernel';
import { describe, expect, it } from 'vitest';
import { Budget } from '../query-limit-error.ts';
import { Row } from '../run/row.ts';
import type { Accumulator } from './accumulator.ts';
import { Distinct } from './distinct.ts';
import { Moments } from './moments.ts';
import { Percentile } from './percentile.ts';

const budget = () => new Budget(10_000_000, 'values');
const row = new Row();

/** One accumulator that sees all, and three that share the work. */
function bothWays(create: () => Accumulator, values: readonly (string | number)[]) {
  const whole = create();
  const parts = [create(), create(), create()];
  for (const [index, value] of values.entries()) {
    whole.add(value, row);
    parts[index % 7 === 0 ? 0 : index % 2 === 0 ? 1 : 2]?.add(value, row);
  }
  const merged = create();
  for (const part of parts.toReversed()) merged.merge(structuredClone(part.state()));
  expect(merged.result()).toBe(whole.result());
  return Number(whole.result());
}

describe('count_distinct', () => {
  it('is exact up to 10,000 values, whoever has seen them', () => {
    const values = Array.from({ length: 30_000 }, (_, index) => `v${index % 10_000}`);
    expect(bothWays(() => new Distinct(budget()), values)).toBe(10_000);
  });

  it('is off by 2 % at most beyond', () => {
    const values = Array.from({ length: 60_000 }, (_, index) => `value-${index}`);
    const estimate = bothWays(() => new Distinct(budget()), values);
    expect(Math.abs(estimate / 60_000 - 1)).toBeLessThan(0.02);
  });
});

describe('percentiles', () => {
  it('are exact up to 10,000 values', () => {
    const values = Array.from({ length: 10_000 }, (_, index) => (index * 7919) % 10_000);
    expect(bothWays(() => new Percentile(95, budget()), values)).toBe(9499);
    expect(bothWays(() => new Percentile(0, budget()), values)).toBe(0);
    expect(bothWays(() => new Percentile(100, budget()), values)).toBe(9999);
  });

  it('are off by 0.1 % at most beyond', () => {
    const random = seededRandom(7);
    const values = Array.from(
      { length: 40_000 },
      () => (random.fraction() - 0.2) * 10 ** (random.fraction() * 6),
    );
    const sorted = values.toSorted((a, b) => a - b);
    for (const percent of [1, 25, 50, 95, 99.9]) {
      const exact = sorted[Math.ceil((percent / 100) * values.length) - 1] ?? 0;
      const estimate = bothWays(() => new Percentile(percent, budget()), values);
      expect(Math.abs(estimate / exact - 1)).toBeLessThan(0.0011);
    }
  });

  it('count against the bound of a query', () => {
    const percentile = new Percentile(50, new Budget(3, 'values'));
    for (let index = 0; index < 3; index += 1) percentile.add(index);
    expect(() => percentile.add(4)).toThrow('the query needs more than 3 values');
  });
});

describe('stddev', () => {
  it('does not lose small differences of large numbers', () => {
    const values = Array.from({ length: 1000 }, (_, index) => 1_700_000_000_000 + (index % 2));
    expect(bothWays(() => new Moments('stddev'), values)).toBe(0.5);
    const fractions = [1e9 + 0.1, 1e9 + 0.3];
    expect(bothWays(() => new Moments('stddev'), fractions)).toBeCloseTo(0.1, 6);
  });
});
