// Managed policies, AWS's and the account's own, as they are kept and as IAM shows them.
import type { Policy } from '@aws-sdk/client-iam';
import type { Reader } from '@pergola/store';
import type { Call } from '../../call.ts';
import { faults } from './faults.ts';
import { type AwsManagedPolicy, awsManagedPolicy } from './managed-policies.ts';
import { listRecords, readRecord, type StoredPolicy, tables } from './state.ts';
import { tagListOf } from './tags.ts';

export const isAwsManaged = (arn: string) => arn.startsWith('arn:aws:iam::aws:policy/');

/** Throws NoSuchEntity unless `arn` is a policy of AWS or of the caller's account. */
export function assertAttachable(call: Call, arn: string): void {
  const known = isAwsManaged(arn)
    ? awsManagedPolicy(arn)
    : readRecord(call.plane.store, tables.policies, call.account, arn);
  if (!known) throw faults.noSuchPolicy(arn);
}

/** A policy of the account, for changing. AWS's own may not be changed. */
export function customerPolicy(reader: Reader, account: string, arn: string): StoredPolicy {
  if (isAwsManaged(arn)) throw faults.awsManaged();
  const policy = readRecord(reader, tables.policies, account, arn);
  if (!policy) throw faults.policyNotFound(arn);
  return policy;
}

/** How many users and roles a policy is attached to, and how many it bounds. */
export interface PolicyUse {
  readonly attachments: number;
  readonly boundaries: number;
}

/** Counts the uses of all policies in one walk over the account. */
export function policyUses(reader: Reader, account: string): (arn: string) => PolicyUse {
  const attachments = new Map<string, number>();
  const boundaries = new Map<string, number>();
  const add = (counts: Map<string, number>, arn: string) => counts.set(arn, (counts.get(arn) ?? 0) + 1);
  for (const { attached, boundary } of [
    ...listRecords(reader, tables.roles, account),
    ...listRecords(reader, tables.users, account),
  ]) {
    for (const arn of attached) add(attachments, arn);
    if (boundary !== undefined) add(boundaries, boundary);
  }
  return (arn) => ({ attachments: attachments.get(arn) ?? 0, boundaries: boundaries.get(arn) ?? 0 });
}

/** As GetPolicy shows it; lists leave out description and tags. */
export function policyShape(
  policy: StoredPolicy | AwsManagedPolicy,
  use: PolicyUse,
  detail: 'whole' | 'listed',
): Policy {
  const listed: Policy = {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersionId,
    AttachmentCount: use.attachments,
    PermissionsBoundaryUsageCount: use.boundaries,
    IsAttachable: true,
    CreateDate: new Date(policy.createdAt),
    UpdateDate: new Date(policy.updatedAt),
  };
  if (detail === 'listed') return listed;
  return {
    ...listed,
    ...(policy.description === undefined ? {} : { Description: policy.description }),
    Tags: 'tags' in policy ? tagListOf(policy.tags) : [],
  };
}
