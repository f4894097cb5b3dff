// Writes to a bucket with the role that a subscription filter was given: the role must trust logs.amazonaws.com, and its
// policies must allow s3:PutObject, each time anew.
import type { AssumeRoleResponse } from '@aws-sdk/client-sts';
import type { PrincipalFacts } from '@pergola/policy';
import { assert } from '@pergola/kernel';
import { bodyOf } from '../../../inside-call.ts';
import type { PlaneContext } from '../../../plane-context.ts';
import type { LogGroup } from '../state.ts';
import { sourceContext } from './subscription-filter.ts';
import type { DeliveredObject } from './subscription-payload.ts';

const SERVICE = { kind: 'service', service: 'logs.amazonaws.com' } as const satisfies PrincipalFacts;
const SESSION_NAME = 'CloudWatchLogs';

export interface BucketDelivery {
  readonly group: LogGroup;
  readonly roleArn: string;
  readonly bucket: string;
}

/** Puts the objects, one after the other. Rejects with the fault of STS or of S3. */
export async function putDelivered(
  plane: PlaneContext,
  { group, roleArn, bucket }: BucketDelivery,
  objects: readonly DeliveredObject[],
): Promise<void> {
  const { account, region } = group;
  const common = { account, region, context: sourceContext(group) };
  const input = { RoleArn: roleArn, RoleSessionName: SESSION_NAME };
  const assumed: AssumeRoleResponse = await plane.ports.callInside({
    ...common,
    as: SERVICE,
    service: 'sts',
    operation: 'AssumeRole',
    input,
  });
  const { AssumedRoleUser: user, Credentials: credentials } = assumed;
  assert(user?.Arn && user.AssumedRoleId && credentials?.Expiration, 'AssumeRole gives a session');
  const as: PrincipalFacts = {
    kind: 'role-session',
    account: roleArn.split(':')[4] ?? account,
    arn: user.Arn,
    roleArn,
    userId: user.AssumedRoleId,
  };
  const session = {
    issuedAtMs: plane.clock.nowMs(),
    expiresAtMs: credentials.Expiration.getTime(),
    tags: {},
  };
  for (const { key, body } of objects) {
    await plane.ports.callInside({
      ...common,
      as,
      session,
      service: 's3',
      operation: 'PutObject',
      input: { Bucket: bucket, Key: key, Body: bodyOf(body), ContentEncoding: 'gzip' },
    });
  }
}
