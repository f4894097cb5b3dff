import { describe, expect, it } from 'vitest';
import { parseRoleArn } from './role-arn.ts';

describe('parseRoleArn', () => {
  it.each([
    ['arn:aws:iam::123456789012:role/app', 'app'],
    ['arn:aws:iam::123456789012:role/service-role/deep/app', 'app'],
    ['arn:aws-us-gov:iam::123456789012:role/a+=,.@-_z', 'a+=,.@-_z'],
  ])('%s', (arn, roleName) => {
    expect(parseRoleArn(arn)).toEqual({ account: '123456789012', roleName });
  });

  it.each([
    '',
    'app',
    'arn:aws:iam::::123456789012:role/app',
    'arn:aws:iam::12345:role/app',
    'arn:aws:iam::123456789012:user/app',
    'arn:aws:iam::123456789012:role/',
    'arn:aws:sts::123456789012:assumed-role/app/session',
    `arn:aws:iam::123456789012:role/${'a'.repeat(65)}`,
  ])('refuses %s', (arn) => {
    expect(parseRoleArn(arn)).toBeUndefined();
  });
});
