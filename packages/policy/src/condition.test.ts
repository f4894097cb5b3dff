import { describe, expect, it } from 'vitest';
import { request } from '../tests/fixtures.ts';
import { compileCondition } from './condition.ts';
import type { ContextValues } from './request.ts';
import { Scope } from './scope.ts';

/** Whether `operator: {key: values}` holds for a request with this context. */
function holds(
  operator: string,
  values: string | readonly string[],
  context: ContextValues,
  key = 'k:v',
): boolean {
  const clause = { operator, key, values: typeof values === 'string' ? [values] : values };
  return compileCondition(clause, true).holds(new Scope(request({ context })));
}

describe('operators on one value', () => {
  it.each([
    ['StringEquals', 'a', 'a', true],
    ['StringEquals', 'a', 'A', false],
    ['StringEquals', 'a*', 'ab', false],
    ['StringNotEquals', 'a', 'b', true],
    ['StringNotEquals', 'a', 'a', false],
    ['StringEqualsIgnoreCase', 'aB', 'Ab', true],
    ['StringNotEqualsIgnoreCase', 'aB', 'Ab', false],
    ['StringLike', 'a*c?', 'abbcd', true],
    ['StringLike', 'A*', 'ab', false],
    ['StringNotLike', 'a*', 'ab', false],
    ['NumericEquals', '10', '10.0', true],
    ['NumericEquals', '10', 'ten', false],
    ['NumericNotEquals', '10', '11', true],
    ['NumericLessThan', '10', '9', true],
    ['NumericLessThan', '10', '10', false],
    ['NumericLessThanEquals', '10', '10', true],
    ['NumericGreaterThan', '10', '10.5', true],
    ['NumericGreaterThanEquals', '10', '9', false],
    ['NumericLessThan', '10', '0x1', false],
    ['DateLessThan', '2024-01-01T00:00:00Z', '2023-12-31T23:59:59Z', true],
    ['DateGreaterThan', '1704067200', '2024-01-01T00:00:01Z', true],
    ['DateEquals', '2024-01-01', '2024-01-01T01:00:00+01:00', true],
    ['DateNotEquals', '2024-01-01', '2024-01-02', true],
    ['DateLessThanEquals', '2024-01-01', 'never', false],
    ['Bool', 'true', 'true', true],
    ['Bool', 'True', 'true', true],
    ['Bool', 'false', 'true', false],
    ['BinaryEquals', 'QmluYXJ5', 'QmluYXJ5', true],
    ['BinaryEquals', 'QmluYXJ5', 'QmluYXJ6', false],
    ['IpAddress', '10.0.0.0/8', '10.255.1.1', true],
    ['IpAddress', '10.0.0.0/8', '11.0.0.1', false],
    ['IpAddress', '2001:db8::/32', '2001:db8:1::1', true],
    ['IpAddress', '10.0.0.0/8', '::ffff:10.1.1.1', true],
    ['IpAddress', '10.0.0.1', '10.0.0.1', true],
    ['IpAddress', '10.0.0.0/8', 'nowhere', false],
    ['NotIpAddress', '10.0.0.0/8', '11.0.0.1', true],
    ['ArnEquals', 'arn:aws:sns:*:1:t*', 'arn:aws:sns:us-east-1:1:topic', true],
    ['ArnLike', 'arn:aws:s3:::b', 'arn:aws:s3:::c', false],
    ['ArnNotEquals', 'arn:aws:s3:::b', 'arn:aws:s3:::c', true],
    ['ArnNotLike', 'arn:aws:s3:::*', 'arn:aws:s3:::c', false],
  ])('%s %j on %j is %s', (operator, wanted, actual, expected) => {
    expect(holds(operator, wanted, { 'k:v': actual })).toBe(expected);
  });
});

describe('several values', () => {
  it('are alternatives, and for negated operators all of them excluded', () => {
    expect(holds('StringEquals', ['a', 'b'], { 'k:v': 'b' })).toBe(true);
    expect(holds('StringNotEquals', ['a', 'b'], { 'k:v': 'b' })).toBe(false);
    expect(holds('StringNotEquals', ['a', 'b'], { 'k:v': 'c' })).toBe(true);
  });

  it.each([
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'b'], true],
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'c'], false],
    ['ForAllValues:StringEquals', ['a', 'b'], [''], true],
    ['ForAllValues:StringNotEquals', ['a'], ['b', 'c'], true],
    ['ForAllValues:StringNotEquals', ['a'], ['a', 'c'], false],
    ['ForAnyValue:StringEquals', ['a', 'b'], ['c', 'b'], true],
    ['ForAnyValue:StringEquals', ['a', 'b'], ['c'], false],
    ['ForAnyValue:StringNotEquals', ['a'], ['a', 'b'], true],
    ['ForAnyValue:StringNotEquals', ['a'], ['a'], false],
    ['ForAnyValue:StringLike', ['a*'], ['ab'], true],
    ['StringEquals', ['a'], ['b', 'a'], true],
    ['StringNotEquals', ['a'], ['b', 'a'], false],
  ])('%s %j on %j is %s', (operator, wanted, actual, expected) => {
    expect(holds(operator, wanted, { 'k:v': actual })).toBe(expected);
  });
});

describe('a key that is not in the request', () => {
  it.each([
    ['StringEquals', false],
    ['StringNotEquals', true],
    ['StringEqualsIfExists', true],
    ['StringNotEqualsIfExists', true],
    ['NumericLessThan', false],
    ['NotIpAddress', true],
    ['ArnNotLike', true],
    ['ForAllValues:StringEquals', true],
    ['ForAllValues:StringNotEquals', true],
    ['ForAnyValue:StringEquals', false],
    ['ForAnyValue:StringNotEquals', false],
    // IfExists is asked value by value inside ForAnyValue, and there is none.
    ['ForAnyValue:StringEqualsIfExists', false],
    ['ForAllValues:StringEqualsIfExists', true],
  ])('%s is %s', (operator, expected) => {
    const value = operator === 'NotIpAddress' ? '10.0.0.0/8' : '1';
    expect(holds(operator, value, {})).toBe(expected);
    expect(holds(operator, value, { 'k:v': [] })).toBe(expected);
  });

  it('is what Null asks', () => {
    expect(holds('Null', 'true', {})).toBe(true);
    expect(holds('Null', 'false', {})).toBe(false);
    expect(holds('Null', 'true', { 'k:v': 'x' })).toBe(false);
    expect(holds('Null', 'false', { 'k:v': 'x' })).toBe(true);
  });
});

describe('keys and variables', () => {
  it('compares keys without regard to case, tag keys too', () => {
    expect(holds('StringEquals', 'x', { 'AWS:ResourceTag/Team': 'x' }, 'aws:resourcetag/TEAM')).toBe(true);
  });

  it('treats keys that differ in case as one key with several values', () => {
    expect(
      holds(
        'ForAnyValue:StringEquals',
        'y',
        { 'aws:RequestTag/t': 'x', 'aws:RequestTag/T': 'y' },
        'aws:requesttag/t',
      ),
    ).toBe(true);
  });

  it('does not mistake what objects inherit for keys', () => {
    expect(holds('Null', 'true', {}, 'constructor')).toBe(true);
    expect(holds('Null', 'true', {}, '__proto__')).toBe(true);
  });

  it('puts in the value of another key', () => {
    const context = { 'aws:ResourceTag/owner': 'ann', 'aws:username': 'ann' };
    expect(holds('StringEquals', '${aws:username}', context, 'aws:ResourceTag/owner')).toBe(true);
    expect(holds('StringLike', '${aws:username}*', context, 'aws:ResourceTag/owner')).toBe(true);
    expect(
      holds(
        'StringEqualsIgnoreCase',
        '${AWS:UserName}',
        { ...context, 'aws:username': 'ANN' },
        'aws:ResourceTag/owner',
      ),
    ).toBe(true);
  });

  it('holds for neither form when a variable has no value', () => {
    const context = { 'k:v': 'x' };
    expect(holds('StringEquals', '${aws:username}', context)).toBe(false);
    expect(holds('StringNotEquals', '${aws:username}', context)).toBe(false);
    expect(holds('StringEquals', "${aws:username, 'x'}", context)).toBe(true);
    expect(holds('StringEquals', ['${aws:username}', 'x'], context)).toBe(true);
  });
});
