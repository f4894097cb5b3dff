import { expect, test } from 'vitest';
import { roleArnIn } from './role-arn.ts';

const arn = 'arn:aws:iam::123456789012:role/path/name';

test.each([
  ['alone', arn],
  ['with a line break', `${arn}\n`],
  [
    'in a configuration file',
    `[default]\nsts_regional_endpoints = regional\nrole_arn = ${arn}\nrole_session_name=x`,
  ],
])('a role is found %s', (_, text) => {
  expect(roleArnIn(text)).toBe(arn);
});

test('other partitions have roles too; users and short accounts are none', () => {
  expect(roleArnIn('arn:aws-us-gov:iam::123456789012:role/r')).toBe(
    'arn:aws-us-gov:iam::123456789012:role/r',
  );
  expect(roleArnIn('arn:aws:iam::123456789012:user/u')).toBeUndefined();
  expect(roleArnIn('arn:aws:iam::1234:role/r')).toBeUndefined();
  expect(roleArnIn('role_arn = ')).toBeUndefined();
});
