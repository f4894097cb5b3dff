// The legacy parameters: their checks, and that they do what expressions do.
import { describe, expect, it } from 'vitest';
import type { Item } from '../attribute-value.ts';
import { legacyProjection } from './attributes-to-get.ts';
import type { LegacyCondition } from './legacy-condition.ts';
import { legacyFilter } from './legacy-filter.ts';
import { legacyKeyConditions } from './legacy-key-conditions.ts';
import { legacyUpdate } from './legacy-update.ts';
import { checkParameterStyles } from './parameter-styles.ts';

const invalid = 'One or more parameter values were invalid: ';
const one = { N: '1' };
const item: Item = { n: { N: '5' }, s: { S: 'abc' }, tags: { SS: ['x'] }, list: { L: [{ S: 'q' }] } };

describe('legacy conditions', () => {
  it('are at most as many as an expression may have', () => {
    const many = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, at) => [`a${at}`, { ComparisonOperator: 'NULL' }] as const),
      );
    expect(legacyFilter(many(300)).test({})).toBe(true);
    expect(() => legacyFilter(many(301))).toThrow('too many operators; operator count: 301');
  });

  it.each<[LegacyCondition, string]>([
    [
      { ComparisonOperator: 'EQ', Exists: true },
      'Exists and ComparisonOperator cannot be used together for Attribute: a',
    ],
    [
      { ComparisonOperator: 'EQ', Value: one, AttributeValueList: [one] },
      'Value and AttributeValueList cannot be used together for Attribute: a',
    ],
    [
      { AttributeValueList: [one] },
      'AttributeValueList can only be used with a ComparisonOperator for Attribute: a',
    ],
    [{}, 'Value must be provided when Exists is null for Attribute: a'],
    [{ Exists: true }, 'Value must be provided when Exists is true for Attribute: a'],
    [{ Exists: false, Value: one }, 'Value cannot be used when Exists is false for Attribute: a'],
    [
      { ComparisonOperator: 'BETWEEN', AttributeValueList: [one] },
      'Invalid number of argument(s) for the BETWEEN ComparisonOperator',
    ],
    [
      { ComparisonOperator: 'NULL', AttributeValueList: [one] },
      'Invalid number of argument(s) for the NULL ComparisonOperator',
    ],
    [
      { ComparisonOperator: 'LT', AttributeValueList: [{ BOOL: true }] },
      'ComparisonOperator LT is not valid for BOOL AttributeValue type',
    ],
    [
      { ComparisonOperator: 'CONTAINS', AttributeValueList: [{ L: [] }] },
      'ComparisonOperator CONTAINS is not valid for L AttributeValue type',
    ],
    [
      { ComparisonOperator: 'IN', AttributeValueList: [one, { S: 'b' }] },
      'AttributeValues inside AttributeValueList must be of same type',
    ],
  ])('%j is refused', (condition, problem) => {
    expect(() => legacyFilter({ a: condition })).toThrow(invalid + problem);
  });

  it('refuse a range that is upside down, and an operator with nothing to put together', () => {
    const range: LegacyCondition = {
      ComparisonOperator: 'BETWEEN',
      AttributeValueList: [{ S: 'b' }, { S: 'a' }],
    };
    expect(() => legacyFilter({ a: range })).toThrow(
      'The BETWEEN condition was provided a range where the lower bound is greater than the upper bound',
    );
    expect(() => legacyFilter({}, 'OR')).toThrow(
      'ConditionalOperator cannot be used without Filter or Expected',
    );
    expect(() => legacyFilter({ a: { Exists: false } }, 'AND')).toThrow(
      'ConditionalOperator can only be used when Filter or Expected has two or more elements',
    );
  });

  it.each<[Record<string, LegacyCondition>, boolean]>([
    [{}, true],
    [{ n: { Value: { N: '5.0' } } }, true],
    [{ x: { Exists: false } }, true],
    [{ n: { Exists: false } }, false],
    [{ n: { ComparisonOperator: 'GE', Value: { N: '5' } } }, true],
    [{ n: { ComparisonOperator: 'LT', AttributeValueList: [{ N: '5' }] } }, false],
    [{ n: { ComparisonOperator: 'IN', AttributeValueList: [{ N: '4' }, { N: '5' }] } }, true],
    [{ s: { ComparisonOperator: 'BETWEEN', AttributeValueList: [{ S: 'a' }, { S: 'b' }] } }, true],
    [{ s: { ComparisonOperator: 'BEGINS_WITH', AttributeValueList: [{ S: 'ab' }] } }, true],
    [{ tags: { ComparisonOperator: 'CONTAINS', AttributeValueList: [{ S: 'x' }] } }, true],
    [{ tags: { ComparisonOperator: 'NOT_CONTAINS', AttributeValueList: [{ S: 'y' }] } }, true],
    [{ x: { ComparisonOperator: 'NOT_CONTAINS', AttributeValueList: [{ S: 'y' }] } }, false],
    [{ x: { ComparisonOperator: 'NE', AttributeValueList: [{ S: 'y' }] } }, true],
    [{ x: { ComparisonOperator: 'NULL' }, n: { ComparisonOperator: 'NOT_NULL' } }, true],
    [{ s: { Value: { S: 'abc' } }, n: { Value: { N: '6' } } }, false],
  ])('%j', (conditions, holds) => {
    expect(legacyFilter(conditions).test(item)).toBe(holds);
  });

  it('are put together with OR on demand', () => {
    expect(legacyFilter({ s: { Value: { S: 'abc' } }, n: { Value: { N: '6' } } }, 'OR').test(item)).toBe(
      true,
    );
  });

  it('become key conditions', () => {
    expect(
      legacyKeyConditions({
        p: { ComparisonOperator: 'EQ', AttributeValueList: [{ N: '1.0' }] },
        s: { ComparisonOperator: 'BETWEEN', AttributeValueList: [{ S: 'a' }, { S: 'b' }] },
      }),
    ).toEqual([
      { name: 'p', operator: '=', value: { N: '1' } },
      { name: 's', operator: 'between', low: { S: 'a' }, high: { S: 'b' } },
    ]);
    expect(() => legacyKeyConditions({})).toThrow('Conditions can be of length 1 or 2 only');
    expect(() => legacyKeyConditions({ p: { ComparisonOperator: 'NE', AttributeValueList: [one] } })).toThrow(
      'Attempted conditional constraint is not an indexable operation',
    );
  });
});

describe('legacy updates', () => {
  it('put, add and delete', () => {
    const update = legacyUpdate({
      n: { Action: 'ADD', Value: one },
      s: { Action: 'DELETE' },
      tags: { Action: 'DELETE', Value: { SS: ['x'] } },
      list: { Action: 'ADD', Value: { L: [one] } },
      fresh: { Value: { S: 'f' } },
    });
    expect(update.apply(item)).toEqual({ n: { N: '6' }, list: { L: [{ S: 'q' }, one] }, fresh: { S: 'f' } });
    expect(update.updatedPart(item)).toEqual(item);
  });

  it.each([
    [{ Action: 'ADD' }, `${invalid}Only DELETE action is allowed when no attribute value is specified`],
    [{ Action: 'ADD', Value: { S: 'x' } }, `${invalid}ADD action is not supported for the type S`],
    [{ Action: 'DELETE', Value: one }, `${invalid}DELETE action with value is not supported for the type N`],
    [{ Action: 'ADD', Value: one }, 'Type mismatch for attribute to update'],
    [{ Action: 'DELETE', Value: { NS: ['1'] } }, 'Type mismatch for attribute to update'],
  ] as const)('%j is refused', (update, message) => {
    expect(() => legacyUpdate({ s: update }).apply(item)).toThrow(message);
  });
});

describe('styles of parameters', () => {
  const styles = {
    expressions: ['ProjectionExpression', 'FilterExpression', 'KeyConditionExpression'],
    legacy: ['AttributesToGet', 'QueryFilter', 'ConditionalOperator', 'KeyConditions'],
  };

  it.each([
    [
      { AttributesToGet: ['a'], KeyConditions: {}, KeyConditionExpression: '', FilterExpression: '' },
      'Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {AttributesToGet, KeyConditions} Expression parameters: {FilterExpression, KeyConditionExpression}',
    ],
    [
      { ExpressionAttributeNames: {} },
      'ExpressionAttributeNames can only be specified when using expressions',
    ],
    [
      { ExpressionAttributeValues: {}, ProjectionExpression: 'a' },
      'ExpressionAttributeValues can only be specified when using expressions: FilterExpression and KeyConditionExpression are null',
    ],
  ])('%j', (request, message) => {
    expect(() => checkParameterStyles(request, styles)).toThrow(message);
  });

  it('allow KeyConditions beside a FilterExpression, and AttributesToGet once each', () => {
    expect(() =>
      checkParameterStyles({ KeyConditions: {}, FilterExpression: 'a = b' }, styles),
    ).not.toThrow();
    expect(legacyProjection(['n', 'x']).project(item)).toEqual({ n: { N: '5' } });
    expect(() => legacyProjection(['a', 'a'])).toThrow(`${invalid}Duplicate value in attribute name: a`);
  });
});
