import { describe, expect, it } from 'vitest';
import { attributeContext } from './attribute-context.ts';

const attributes = (input: object) => attributeContext('UpdateItem', undefined, input)['dynamodb:Attributes'];

describe('the attributes that policies see', () => {
  it.each([
    [{ ProjectionExpression: 'a, b.c[0].d, #1' }, ['a', 'b', 'secret']],
    [{ UpdateExpression: 'SET a = if_not_exists(b, :v) REMOVE #x.deep' }, ['a', 'b', 'hidden']],
    [{ ConditionExpression: 'NOT (size(a) > :v AND b IN (:v)) or begins_with (c, :v)' }, ['a', 'b', 'c']],
    [{ Item: { pk: {}, v: {} }, Expected: { w: {} } }, ['pk', 'v', 'w']],
    [{ AttributesToGet: ['a'], Keys: [{ pk: {} }] }, ['a', 'pk']],
  ])('are all that %j mentions', (input, expected) => {
    const names = { '#1': 'secret', '#x': 'hidden' };
    expect(attributes({ ...input, ExpressionAttributeNames: names })).toEqual(expected);
  });

  it('come with what is selected, said or not', () => {
    const select = (input: object) => attributeContext('Query', undefined, input)['dynamodb:Select'];
    expect(select({})).toBe('ALL_ATTRIBUTES');
    expect(select({ IndexName: 'i' })).toBe('ALL_PROJECTED_ATTRIBUTES');
    expect(select({ ProjectionExpression: 'a' })).toBe('SPECIFIC_ATTRIBUTES');
    expect(select({ Select: 'COUNT' })).toBe('COUNT');
  });
});
