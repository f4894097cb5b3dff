import { AwsError } from '@pergola/aws-client';
import { expect, test } from 'vitest';
import { denialOf, describeAwsError } from './denial.ts';

const user = 'arn:aws:sts::123456789012:assumed-role/ack/session';
const said = (rest: string) => `User: ${user} is not authorized to perform: rds:CreateDBInstance ${rest}`;

test('the parts of a denial', () => {
  const resource = 'arn:aws:rds:us-east-1:123456789012:db:x';
  const error = new AwsError(
    403,
    'AccessDenied',
    said(`on resource: ${resource} because no identity-based policy allows the rds:CreateDBInstance action`),
  );
  expect(denialOf(error)).toEqual({
    principal: user,
    action: 'rds:CreateDBInstance',
    resource,
    isExplicit: false,
  });
  expect(describeAwsError(error)).toBe(
    `AccessDenied: ${error.message} (add to a policy of arn:aws:iam::123456789012:role/ack: ` +
      `{"Effect":"Allow","Action":"rds:CreateDBInstance","Resource":"${resource}"})`,
  );
});

test('an explicit deny is not mended by a statement', () => {
  const error = new AwsError(
    400,
    'AccessDeniedException',
    said('on resource: "arn:x" with an explicit deny in an identity-based policy'),
  );
  expect(denialOf(error)).toMatchObject({ resource: 'arn:x', isExplicit: true });
  expect(describeAwsError(error)).not.toContain('add to a policy');
});

test.each([
  new AwsError(403, 'AccessDenied', 'Access Denied'),
  new AwsError(400, 'InvalidParameterValue', said('')),
])('nothing is made up: $code $message', (error) => {
  expect(denialOf(error)).toBeUndefined();
  expect(describeAwsError(error)).toBe(`${error.code}: ${error.message}`);
});
