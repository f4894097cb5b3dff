// Numbers: exact arithmetic, canonical texts, order; against big integers of 10^-400.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addNumbers, canonicalNumber, compareNumbers, parseDecimal, subtractNumbers } from './decimal.ts';

const SCALE = 400;

/** Any number that DynamoDB keeps, written in many ways. */
const numberTexts = fc
  .record({
    sign: fc.constantFrom('', '-', '+'),
    digits: fc.stringMatching(/^[0-9]{1,38}$/),
    point: fc.nat(38),
    exponent: fc.integer({ min: -90, max: 80 }),
  })
  .map(({ sign, digits, point, exponent }) => {
    const at = Math.min(point, digits.length);
    const text = at === digits.length ? digits : `${digits.slice(0, at)}.${digits.slice(at)}`;
    return `${sign}${text}${exponent === 0 ? '' : `e${exponent}`}`;
  });

/** The number as so many 10^-400, by other means than the code's. */
function scaled(text: string): bigint {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const negative = mantissa.startsWith('-');
  const [whole = '', fraction = ''] = mantissa.replace(/^[+-]/, '').split('.');
  const shift = SCALE + Number(exponent) - fraction.length;
  const magnitude = BigInt(`${whole}${fraction}` || '0') * 10n ** BigInt(shift);
  return negative ? -magnitude : magnitude;
}

describe('numbers', () => {
  it('print what they were, plainly, and for ever the same', () => {
    fc.assert(
      fc.property(numberTexts, (text) => {
        const canonical = canonicalNumber(text);
        expect(canonical).toMatch(/^(0|-?(0\.\d*[1-9]|[1-9]\d*(\.\d*[1-9])?))$/);
        expect(scaled(canonical)).toBe(scaled(text));
        expect(canonicalNumber(canonical)).toBe(canonical);
      }),
    );
  });

  it('are ordered as numbers', () => {
    fc.assert(
      fc.property(numberTexts, numberTexts, (left, right) => {
        const difference = scaled(left) - scaled(right);
        const order = compareNumbers(canonicalNumber(left), canonicalNumber(right));
        expect(Math.sign(order)).toBe(difference === 0n ? 0 : difference < 0n ? -1 : 1);
      }),
    );
  });

  it('are added and subtracted exactly, or refused', () => {
    fc.assert(
      fc.property(numberTexts, numberTexts, (left, right) => {
        for (const [operation, exact] of [
          [addNumbers, scaled(left) + scaled(right)],
          [subtractNumbers, scaled(left) - scaled(right)],
        ] as const) {
          const digits = exact.toString().replace(/^-|0+$/g, '').length;
          if (digits > 38) expect(() => operation(left, right)).toThrow('Number overflow');
          else expect(scaled(operation(left, right))).toBe(exact);
        }
      }),
    );
  });

  it('accept what DynamoDB accepts, and nothing else', () => {
    for (const text of [
      '3',
      '-7.1234',
      '-17e5',
      '-17.4E37',
      '+3',
      '.123',
      '0001.23',
      '1e+5',
      '0e1000',
      '1.',
      '-0',
    ])
      expect(() => parseDecimal(text)).not.toThrow();
    for (const text of [
      'NaN',
      'Infinity',
      '-Infinity',
      'dog',
      '-dog',
      ' 1',
      '1 ',
      '.',
      '1e',
      '--1',
      '1,5',
      '٣',
      '1e9999999999',
    ])
      expect(() => parseDecimal(text)).toThrow(
        `The parameter cannot be converted to a numeric value: ${text}`,
      );
    expect(() => parseDecimal('')).toThrow(/^The parameter cannot be converted to a numeric value$/);
  });

  it('keep within 38 digits and 10^126, at both ends', () => {
    expect(canonicalNumber('1e125')).toBe(`1${'0'.repeat(125)}`);
    expect(canonicalNumber('-1e-130')).toBe(`-0.${'0'.repeat(129)}1`);
    expect(canonicalNumber(`${'9'.repeat(38)}e88`)).toBe('9'.repeat(38) + '0'.repeat(88));
    expect(canonicalNumber('1000000000000000000000000000000000000000000')).toHaveLength(43);
    const overflow =
      'Number overflow. Attempting to store a number with magnitude larger than supported range';
    for (const text of ['1e126', '-1e126', '11e125', '1.0e100000000'])
      expect(() => parseDecimal(text)).toThrow(overflow);
    for (const text of ['1e-131', '0.9e-130'])
      expect(() => parseDecimal(text)).toThrow(
        'Number underflow. Attempting to store a number with magnitude smaller than supported range',
      );
    for (const text of [
      '123456789012345678901234567890123456789',
      '-1.23456789012345678901234567890123456789',
    ])
      expect(() => parseDecimal(text)).toThrow(
        'Attempting to store more than 38 significant digits in a Number',
      );
    expect(() => addNumbers('9e125', '9e125')).toThrow(overflow);
    expect(() => subtractNumbers('1e50', '1')).toThrow(overflow);
    expect(addNumbers('1', '10000000000000000000000')).toBe('10000000000000000000001');
    expect(addNumbers('0.1', '0.2')).toBe('0.3');
  });
});
