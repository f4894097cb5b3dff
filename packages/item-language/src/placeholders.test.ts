// Names and values of a request: their keys, and that all are used.
import { describe, expect, it } from 'vitest';
import { parseCondition } from './condition/parse-condition.ts';
import { Placeholders, type PlaceholderMaps } from './placeholders.ts';
import { parseUpdate } from './update/parse-update.ts';

describe('placeholders', () => {
  it.each<[PlaceholderMaps, string]>([
    [{ names: {} }, 'ExpressionAttributeNames must not be empty'],
    [{ values: {} }, 'ExpressionAttributeValues must not be empty'],
    [{ names: { a: 'a' } }, 'ExpressionAttributeNames contains invalid key: Syntax error; key: "a"'],
    [{ names: { '#': 'a' } }, 'ExpressionAttributeNames contains invalid key: Syntax error; key: "#"'],
    [{ names: { '#a\n': 'a' } }, 'ExpressionAttributeNames contains invalid key: Syntax error; key: "#a\n"'],
    [
      { names: { '#a': '' } },
      'ExpressionAttributeNames contains invalid value: Empty attribute name for key #a',
    ],
    [{ values: { a: { S: 'b' } } }, 'ExpressionAttributeValues contains invalid key: Syntax error; key: "a"'],
    [
      { values: { ':b': {} } },
      'ExpressionAttributeValues contains invalid value: Supplied AttributeValue is empty, must contain exactly one of the supported datatypes for key :b',
    ],
    [
      { values: { ':b': { SS: [] } } },
      'ExpressionAttributeValues contains invalid value: One or more parameter values were invalid: An string set  may not be empty for key :b',
    ],
  ])('%j', (maps, message) => {
    expect(() => new Placeholders(maps)).toThrow(message);
  });

  it('must all be used, by any of the expressions', () => {
    const placeholders = new Placeholders({
      names: { '#a': 'a', '#b': 'b', '#used': 'c' },
      values: { ':a': { S: 'a' }, ':b': { S: 'a' }, ':c': { S: 'c' } },
    });
    parseUpdate('remove #used set b = list_append(b, if_not_exists(a, :a))', placeholders);
    expect(() => placeholders.checkAllUsed()).toThrow(
      'Value provided in ExpressionAttributeNames unused in expressions: keys: {#a, #b}',
    );
    parseCondition('ConditionExpression', '#a = :b and attribute_exists(#b)', placeholders);
    expect(() => placeholders.checkAllUsed()).toThrow(
      'Value provided in ExpressionAttributeValues unused in expressions: keys: {:c}',
    );
    parseCondition('ConditionExpression', '#a = :c', placeholders);
    expect(() => placeholders.checkAllUsed()).not.toThrow();
  });
});
