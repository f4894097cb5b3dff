// KeyConditionExpression: what keys allow, in DynamoDB's words, and the range that a Query reads.
import { describe, expect, it } from 'vitest';
import { Placeholders } from '../placeholders.ts';
import type { KeyCondition, KeyRange, KeySchema } from './key-condition.ts';
import { keyRangeOf } from './key-range.ts';
import { parseKeyCondition } from './parse-key-condition.ts';

const values = { ':a': { S: '1' }, ':b': { S: '2' }, ':n': { N: '1' }, ':t': { S: 'S' }, ':e': { S: '' } };
const parse = (text: string): readonly KeyCondition[] =>
  parseKeyCondition(text, new Placeholders({ values }));

describe('a key condition', () => {
  it.each([
    [
      'things are not gonna be ok',
      'Invalid KeyConditionExpression: Syntax error; token: "are", near: "things are not"',
    ],
    [
      'attribute_type(a, :n)',
      'Invalid KeyConditionExpression: Incorrect operand type for operator or function; operator or function: attribute_type, operand type: N',
    ],
    [
      'a between :b and :a',
      'Invalid KeyConditionExpression: The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {S:2}, upper bound operand: AttributeValue: {S:1}',
    ],
    ['attribute_type(a, :t)', 'Invalid operator used in KeyConditionExpression: attribute_type'],
    ['a > b and size(b) > c or a > c', 'Invalid operator used in KeyConditionExpression: OR'],
    ['a in (b, size(c), d)', 'Invalid operator used in KeyConditionExpression: IN'],
    ['contains(a.d, b)', 'Invalid operator used in KeyConditionExpression: contains'],
    ['not a > b', 'Invalid operator used in KeyConditionExpression: NOT'],
    ['a <> b', 'Invalid operator used in KeyConditionExpression: <>'],
    [
      'begins_with(:a, b) and a > :b',
      'Invalid condition in KeyConditionExpression: begins_with operator must have the key attribute as its first operand',
    ],
    ['a > size(b.d)', 'KeyConditionExpressions cannot contain nested operations'],
    ['size(b) > a AND a.b > b AND b > c', 'KeyConditionExpressions cannot contain nested operations'],
    [
      'b > a.b',
      'Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition',
    ],
    [
      'begins_with(a, b)',
      'Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition',
    ],
    ['a.d > :a', 'KeyConditionExpressions cannot have conditions on nested attributes'],
    [':b > :a AND a < :b', 'Invalid condition in KeyConditionExpression: No key attribute specified'],
    [
      'b > :a AND b < :a and c = :a and d = :a',
      'KeyConditionExpressions must only contain one condition per key',
    ],
    [':a = a and b = :a and :a = c', 'Conditions can be of length 1 or 2 only'],
  ])('%s is refused', (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });

  it.each<[string, KeyCondition]>([
    ['a = :a', { name: 'a', operator: '=', value: { S: '1' } }],
    [':a < a', { name: 'a', operator: '>', value: { S: '1' } }],
    ['(a) >= (:a)', { name: 'a', operator: '>=', value: { S: '1' } }],
    ['begins_with(a, :a)', { name: 'a', operator: 'begins_with', value: { S: '1' } }],
    ['a between :a and :b', { name: 'a', operator: 'between', low: { S: '1' }, high: { S: '2' } }],
  ])('%s', (text, condition) => {
    expect(parse(text)).toEqual([condition]);
  });
});

const table: KeySchema = { partition: { name: 'p', type: 'S' }, sort: { name: 's', type: 'N' } };

describe('a range of keys', () => {
  it('is one partition, with or without a condition on the sort key', () => {
    expect(keyRangeOf(parse('p = :a'), table)).toEqual<KeyRange>({ partition: { S: '1' } });
    expect(keyRangeOf(parse('s > :n AND (p = :a)'), table)).toEqual<KeyRange>({
      partition: { S: '1' },
      sort: { name: 's', operator: '>', value: { N: '1' } },
    });
  });

  it.each([
    ['s = :n', table, 'Query condition missed key schema element: p'],
    ['p = :a and x = :n', table, 'Query condition missed key schema element: s'],
    ['p = :a and s = :n', { partition: table.partition }, 'Query key condition not supported'],
    ['p > :a', table, 'Query key condition not supported'],
    [
      'p = :n',
      table,
      'One or more parameter values were invalid: Condition parameter type does not match schema type',
    ],
    [
      'p = :a and s = :b',
      table,
      'One or more parameter values were invalid: Condition parameter type does not match schema type',
    ],
    [
      'p = :e',
      table,
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: p',
    ],
  ])('%s', (text, schema, message) => {
    expect(() => keyRangeOf(parse(text), schema)).toThrow(message);
  });
});
