// Values from outside: what DynamoDB says about bad ones, and what becomes of good ones.
import { describe, expect, it } from 'vitest';
import { ItemLanguageError } from '../item-language-error.ts';
import { checkItem, checkValue } from './check-value.ts';

const a = Buffer.from('b');
const invalid = 'One or more parameter values were invalid: ';

describe('a value from outside', () => {
  it.each([
    [{}, 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes'],
    [{ a: '' }, 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes'],
    [
      { M: { a: {} } },
      'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes',
    ],
    [{ L: [{}] }, 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes'],
    [{ NULL: false }, `${invalid}Null attribute value types must have the value of true`],
    [{ SS: [] }, `${invalid}An string set  may not be empty`],
    [{ NS: [] }, `${invalid}An number set  may not be empty`],
    [{ BS: [] }, `${invalid}Binary sets should not be empty`],
    [{ SS: ['a', 'a'] }, `${invalid}Input collection [a, a] contains duplicates.`],
    [{ BS: [a, a] }, `${invalid}Input collection [Yg==, Yg==]of type BS contains duplicates.`],
    [{ NS: ['1', '1.0'] }, 'Input collection contains duplicates'],
    [{ S: 'a', N: '' }, 'The parameter cannot be converted to a numeric value'],
    [{ S: 'a', N: 'b' }, 'The parameter cannot be converted to a numeric value: b'],
    [{ NS: ['1', 'b'] }, 'The parameter cannot be converted to a numeric value: b'],
    [
      { S: 'a', N: '1' },
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    ],
  ])('%j is refused', (value, message) => {
    expect(() => checkValue(value)).toThrow(new ItemLanguageError(message));
  });

  it('may be nested 31 deep in an item, and no deeper', () => {
    const nested = (depth: number): unknown =>
      depth === 0
        ? { S: 'x' }
        : depth % 2 === 0
          ? { L: [nested(depth - 1)] }
          : { M: { n: nested(depth - 1) } };
    expect(checkValue(nested(31))).toEqual(nested(31));
    expect(() => checkValue(nested(32))).toThrow(
      /^Nesting Levels have exceeded supported limits: Attributes in/,
    );
  });

  it('has no empty names; those of the item itself are looked at first', () => {
    const deep = { M: { '': { SS: [] } } };
    expect(() => checkItem({ deep, '': { S: 'x' } })).toThrow(/^Empty attribute name$/);
    expect(() => checkItem({ deep })).toThrow('An string set  may not be empty');
    expect(() => checkItem({ deep: { M: { '': { S: 'x' } } } })).toThrow(/^Empty attribute name$/);
  });

  it('has its numbers canonical, and any name', () => {
    const item = JSON.parse(
      '{"__proto__":{"N":"1.0"},"m":{"M":{"__proto__":{"NS":["2.50","-0"]},"s":{"S":""}}}}',
    );
    const checked = checkItem(item);
    expect(JSON.stringify(checked)).toBe(
      '{"__proto__":{"N":"1"},"m":{"M":{"__proto__":{"NS":["2.5","0"]},"s":{"S":""}}}}',
    );
    expect(Object.getPrototypeOf(checked)).toBe(Object.prototype);
  });
});
