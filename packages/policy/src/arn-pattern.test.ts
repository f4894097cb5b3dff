import { describe, expect, it } from 'vitest';
import { request } from '../tests/fixtures.ts';
import { compileArnPattern } from './arn-pattern.ts';
import { Scope } from './scope.ts';

const scope = new Scope(
  request({
    context: { 'aws:username': 'ann', 'aws:PrincipalAccount': '123456789012', star: '*', many: ['a', 'b'] },
  }),
);
const resource = (pattern: string, text: string) =>
  compileArnPattern(pattern, { variables: true, element: 'resource' })(text, scope);
const condition = (pattern: string, text: string) =>
  compileArnPattern(pattern, { variables: true, element: 'condition' })(text, scope);

describe('arn pattern', () => {
  it.each([
    ['*', 'arn:aws:s3:::b/key', true],
    ['*', '*', true],
    ['arn:*', 'arn:aws:s3:::b', true],
    ['arn:aws:s3:*', 'arn:aws:s3:::b/key', true],
    ['arn:aws:s3:::*', '*', false],
    ['arn:aws:*:MyBucket/Key', 'arn:aws:s3:::MyBucket/Key', false],
    ['arn:aws:s3:::b/*', 'arn:aws:s3:::b/a/b', true],
    ['arn:aws:s3:::b/*', 'arn:aws:s3:::b', false],
    ['arn:aws:s3:::MyBucket/key', 'arn:aws:s3:::MyBucket/Key', false],
    [
      'arn:aws:logs:*:*:log-group:app:*',
      'arn:aws:logs:us-east-1:123456789012:log-group:app:log-stream:x',
      true,
    ],
    ['arn:aws:logs:*:log-group:app:*', 'arn:aws:logs:us-east-1:123456789012:log-group:app:x', false],
    ['arn:aws:iam::*:role/*-admin', 'arn:aws:iam::123456789012:role/team/x-admin', true],
    ['arn:aws:ec2:us-?ast-1:*:instance/i-1', 'arn:aws:ec2:us-east-1:1:instance/i-1', true],
    ['arn:aws:ec2:*:instance/i-1', 'arn:aws:ec2:us-east-1:1:instance/i-1', false],
  ])('%s against %s is %s', (pattern, text, expected) => {
    expect(resource(pattern, text)).toBe(expected);
  });

  it('puts variables into the sixth part, as literal text', () => {
    expect(resource('arn:aws:s3:::b/${aws:username}/*', 'arn:aws:s3:::b/ann/x')).toBe(true);
    expect(resource('arn:aws:s3:::b/${star}', 'arn:aws:s3:::b/anything')).toBe(false);
    expect(resource('arn:aws:s3:::b/${star}', 'arn:aws:s3:::b/*')).toBe(true);
    expect(resource('arn:aws:s3:::b/${*}', 'arn:aws:s3:::b/*')).toBe(true);
    expect(resource('arn:aws:s3:::b/${*}', 'arn:aws:s3:::b/x')).toBe(false);
  });

  it('takes defaults, and knows when a variable has no value', () => {
    expect(resource("arn:aws:s3:::b/${aws:PrincipalTag/team, 'none'}", 'arn:aws:s3:::b/none')).toBe(true);
    expect(resource('arn:aws:s3:::b/${aws:PrincipalTag/team}', 'arn:aws:s3:::b/x')).toBeUndefined();
    expect(resource('arn:aws:s3:::b/${many}', 'arn:aws:s3:::b/a')).toBeUndefined();
  });

  it('leaves variables alone in the other parts of a Resource, but not in conditions', () => {
    const pattern = 'arn:aws:sns:*:${aws:PrincipalAccount}:topic';
    expect(resource(pattern, 'arn:aws:sns:eu-west-1:123456789012:topic')).toBe(false);
    expect(condition(pattern, 'arn:aws:sns:eu-west-1:123456789012:topic')).toBe(true);
  });

  it('takes variables of old documents as text', () => {
    const old = compileArnPattern('arn:aws:s3:::b/${aws:username}', {
      variables: false,
      element: 'resource',
    });
    expect(old('arn:aws:s3:::b/ann', scope)).toBe(false);
    expect(old('arn:aws:s3:::b/${aws:username}', scope)).toBe(true);
  });
});
