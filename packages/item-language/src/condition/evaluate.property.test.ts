// Conditions against a plain reading of the Developer Guide, for any items and values.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AttributeValue, type Item, typeOf } from '../attribute-value.ts';
import { Placeholders } from '../placeholders.ts';
import type { Comparator } from '../syntax/tree.ts';
import { items, names, values } from '../../tests/random-values.ts';
import { parseCondition } from './parse-condition.ts';

/** A text that is the same for equal values. */
function canonical(value: AttributeValue | undefined): string {
  if (value === undefined) return 'nothing';
  if ('B' in value) return `B${Buffer.from(value.B).toString('hex')}`;
  if ('SS' in value) return `SS${JSON.stringify([...value.SS].sort())}`;
  if ('NS' in value) return `NS${JSON.stringify([...value.NS].sort())}`;
  if ('BS' in value)
    return `BS${value.BS.map((b) => Buffer.from(b).toString('hex'))
      .sort()
      .join()}`;
  if ('L' in value) return `L[${value.L.map(canonical).join()}]`;
  if ('M' in value)
    return `M{${Object.entries(value.M)
      .map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`)
      .sort()
      .join()}}`;
  return JSON.stringify(value);
}

function order(left: AttributeValue | undefined, right: AttributeValue | undefined): number | undefined {
  if (left === undefined || right === undefined) return undefined;
  if ('S' in left && 'S' in right) return Buffer.compare(Buffer.from(left.S), Buffer.from(right.S));
  if ('B' in left && 'B' in right) return Buffer.compare(left.B, right.B);
  if (!('N' in left && 'N' in right)) return undefined;
  const [a, b] = [left.N, right.N].map(scaled);
  return a === undefined || b === undefined ? undefined : a < b ? -1 : a > b ? 1 : 0;
}

function scaled(text: string): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(140, '0'));
}

function compares(comparator: Comparator, left: AttributeValue | undefined, right: AttributeValue): boolean {
  const equal = left !== undefined && canonical(left) === canonical(right);
  if (comparator === '=') return equal;
  if (comparator === '<>') return !equal;
  const sign = order(left, right);
  if (sign === undefined) return false;
  return (
    (sign < 0 && comparator.startsWith('<')) ||
    (sign > 0 && comparator.startsWith('>')) ||
    (sign === 0 && comparator.endsWith('='))
  );
}

const own = (item: Item, name: string): AttributeValue | undefined =>
  Object.entries(item).find(([key]) => key === name)?.[1];

function test(text: string, name: string, value: AttributeValue, item: Item): boolean {
  return parseCondition(
    'FilterExpression',
    text,
    new Placeholders({ names: { '#n': name }, values: { ':v': value } }),
  ).test(item);
}

describe('conditions', () => {
  it('compare as the guide says', () => {
    const comparators = fc.constantFrom<Comparator[]>('=', '<>', '<', '<=', '>', '>=');
    fc.assert(
      fc.property(items, names, values, comparators, (item, name, value, comparator) => {
        fc.pre(comparator === '=' || comparator === '<>' || ['S', 'N', 'B'].includes(typeOf(value)));
        const expected = compares(comparator, own(item, name), value);
        expect(test(`#n ${comparator} :v`, name, value, item)).toBe(expected);
        expect(test(`NOT (#n ${comparator} :v)`, name, value, item)).toBe(!expected);
      }),
      { numRuns: 400 },
    );
  });

  it('find a value equal to itself, in lists and alone', () => {
    fc.assert(
      fc.property(names, values, (name, value) => {
        expect(test('#n = :v', name, value, { x: value, [name]: value })).toBe(true);
        expect(test('contains(#n, :v) or #n <> :v', name, value, { [name]: { L: [value] } })).toBe(true);
      }),
    );
  });
});
