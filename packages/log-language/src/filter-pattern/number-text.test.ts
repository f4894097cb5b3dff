import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareNumbers, isNumber } from './number-text.ts';

describe('numbers as texts', () => {
  it('knows numbers', () => {
    for (const text of ['0', '-1', '+1.5', '1.', '.5', '1e3', '1E-3', '10e+3'])
      expect(isNumber(text)).toBe(true);
    for (const text of ['', '.', '1e', 'e3', '1.2.3', '0x1', ' 1', 'Infinity'])
      expect(isNumber(text)).toBe(false);
  });

  it('compares all digits', () => {
    expect(compareNumbers('9007199254740993', '9007199254740992')).toBe(1);
    expect(compareNumbers('-9007199254740993', '-9007199254740992')).toBe(-1);
    expect(compareNumbers('1e999', '1e998')).toBeGreaterThan(0);
    expect(compareNumbers('1e-999', '0')).toBeGreaterThan(0);
    expect(compareNumbers('100000000000000000000', '1e20')).toBe(0);
    expect(compareNumbers('000000000000000000.50', '.5')).toBe(0);
    expect(compareNumbers('-0.000000000000000000', '0')).toBe(0);
  });

  it('orders integers of any size as BigInt does, however they are written', () => {
    const sized = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
    fc.assert(
      fc.property(sized, sized, fc.nat(5), (left, right, zeros) => {
        const expected = left < right ? -1 : left > right ? 1 : 0;
        const written = `${right * 10n ** BigInt(zeros)}.000e-${zeros}`;
        expect(Math.sign(compareNumbers(String(left), written))).toBe(expected);
      }),
    );
  });
});
