// How values are read as numbers, shown, compared and sorted.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare, compareSorted, compareText, sortValueOf } from './order.ts';
import { ceilTo, floorTo, nextAfter, parsePeriod } from './period.ts';
import { instant, numberIn, render, renderNumber, structure, type Value } from './value.ts';

describe('numbers', () => {
  it('are decimal, and nothing else', () => {
    for (const text of ['1', '-1', '+1.5', '.5', '1.', '1e3', '1E-3', '007'])
      expect(numberIn(text)).toBe(Number(text));
    for (const text of [
      '',
      ' ',
      '1 ',
      ' 1',
      '0x10',
      '0b1',
      '0o7',
      'Infinity',
      'NaN',
      '1e999',
      '-',
      '1,5',
      '1e',
      '1_000',
    ]) {
      expect(numberIn(text)).toBeUndefined();
    }
  });

  it.each([
    [0, '0'],
    [-0, '0'],
    [1e20, '100000000000000000000'],
    [1e21, '1000000000000000000000'],
    [1.5, '1.5'],
    [1 / 3, '0.3333'],
    [2 / 3, '0.6667'],
    [1.00004, '1'],
    [0.00012, '0.0001'],
    [0.00001, '1E-5'],
    [-1234.56789, '-1234.5679'],
  ])('%d is shown as %s', (number, text) => {
    expect(renderNumber(number)).toBe(text);
  });

  it('are shown so that whole ones are read back', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (number) => {
        expect(Number(renderNumber(number))).toBe(number + 0);
      }),
    );
  });
});

const value: fc.Arbitrary<Value> = fc.oneof(
  fc.string(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer().map(String),
  fc.integer().map((ms) => instant(ms)),
  fc.constant(undefined),
  fc.constant(structure({ a: 1 })),
);

describe('orders', () => {
  it('compares numbers as numbers and all else as text', () => {
    expect(compare('10', 9)).toBeGreaterThan(0);
    expect(compare('10', '9')).toBeGreaterThan(0);
    expect(compare('10a', '9')).toBeLessThan(0);
    expect(compare('a', undefined)).toBeUndefined();
    expect(compare(structure([]), structure([]))).toBeUndefined();
    expect(compare(instant(5), 5)).toBe(0);
  });

  it('orders text as UTF-8 does', () => {
    const unit = fc.string({ unit: 'binary' }).map((text) => Buffer.from(text).toString());
    fc.assert(
      fc.property(unit, unit, (left, right) => {
        expect(Math.sign(compareText(left, right))).toBe(
          Buffer.compare(Buffer.from(left), Buffer.from(right)),
        );
      }),
    );
  });

  it('sorts every pair one way, and every three consistently', () => {
    const sortValue = value.map(sortValueOf);
    fc.assert(
      fc.property(sortValue, sortValue, sortValue, (a, b, c) => {
        expect(Math.sign(compareSorted(a, b))).toBe(0 - Math.sign(compareSorted(b, a)));
        if (compareSorted(a, b) <= 0 && compareSorted(b, c) <= 0)
          expect(compareSorted(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });
});

describe('periods', () => {
  it('are capped as AWS caps them', () => {
    expect(parsePeriod('300s')).toEqual({ amount: 60, unit: 's' });
    expect(parsePeriod('90min')).toEqual({ amount: 60, unit: 'm' });
    expect(parsePeriod('48hrs')).toEqual({ amount: 24, unit: 'h' });
    expect(parsePeriod('5000ms')).toEqual({ amount: 1000, unit: 'ms' });
    expect(parsePeriod('30d')).toEqual({ amount: 30, unit: 'd' });
    for (const text of ['5', 'm', '0m', '1.5h', '5x', '5ds', '']) expect(parsePeriod(text)).toBeUndefined();
  });

  it('begin at or before, and end after', () => {
    const period = fc.tuple(
      fc.integer({ min: 1, max: 12 }),
      fc.constantFrom('ms', 's', 'm', 'h', 'd', 'w', 'mo', 'q', 'y'),
    );
    fc.assert(
      fc.property(period, fc.integer({ min: -1e12, max: 4e12 }), ([amount, unit], ms) => {
        const parsed = parsePeriod(`${amount}${unit}`);
        if (!parsed) throw new Error(unit);
        const floor = floorTo(parsed, ms);
        expect(floor).toBeLessThanOrEqual(ms);
        expect(nextAfter(parsed, floor)).toBeGreaterThan(ms);
        expect(floorTo(parsed, floor)).toBe(floor);
        expect(ceilTo(parsed, ms)).toBe(floor === ms ? ms : nextAfter(parsed, floor));
      }),
    );
  });
});

it('shows times, maps and lists', () => {
  expect(render(instant(0))).toBe('1970-01-01 00:00:00.000');
  expect(render(instant(9e15))).toBe('9000000000000000');
  expect(render(structure({ a: [1] }))).toBe('{"a":[1]}');
});
