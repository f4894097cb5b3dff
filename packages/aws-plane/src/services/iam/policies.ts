// Managed policies, AWS's and the account's own, as they are kept and as IAM shows them.
import type { Policy } from '@aws-sdk/client-iam';
import type { Reader } from '@pergola/store';
import type { AccessCheck } from '../../access-check.ts';
import type { Call } from '../../call.ts';
import type { Access } from '../../operation.ts';
import { faults } from './faults.ts';
import { type AwsManagedPolicy, awsManagedPolicy } from './managed-policies.ts';
import { listRecords, readRecord, type StoredPolicy, tables } from './state.ts';
import { resourceTagContext, tagListOf } from './tags.ts';

export const isAwsManaged = (arn: string) => arn.startsWith('arn:aws:iam::aws:policy/');

/** A policy of AWS or of the account. Throws InvalidInput for what is no ARN of a policy. */
export function findPolicy(
  reader: Reader,
  account: string,
  arn: string,
): StoredPolicy | AwsManagedPolicy | undefined {
  if (!/^arn:aws[a-z-]*:iam::(aws|\d{12}):policy\/./.test(arn)) throw faults.invalidArn(arn);
  return isAwsManaged(arn) ? awsManagedPolicy(arn) : customerPolicyAt(reader, account, arn);
}

/** The store's key ignores case, ARNs do not: policies have decided on the ARN as it was written. */
function customerPolicyAt(reader: Reader, account: string, arn: string): StoredPolicy | undefined {
  const policy = readRecord(reader, tables.policies, account, arn);
  return policy?.arn === arn ? policy : undefined;
}

/** The policy, or NoSuchEntity. */
export function policyNamed(call: Call, arn = ''): StoredPolicy | AwsManagedPolicy {
  const policy = findPolicy(call.plane.store, call.account, arn);
  if (!policy) throw faults.policyNotFound(arn);
  return policy;
}

/** Throws NoSuchEntity unless `arn` is a policy of AWS or of the account. */
export function assertAttachable(reader: Reader, account: string, arn: string): void {
  if (!findPolicy(reader, account, arn)) throw faults.noSuchPolicy(arn);
}

/** A policy of the account, for changing. AWS's own may not be changed. */
export function customerPolicy(reader: Reader, account: string, arn: string): StoredPolicy {
  const policy = findPolicy(reader, account, arn);
  if (!policy) throw faults.policyNotFound(arn);
  if (!('versions' in policy)) throw faults.awsManaged();
  return policy;
}

type PolicyInput = { readonly PolicyArn: string | undefined };

/** Policies decide on the policy's ARN and see its tags. AWS's own policies are everybody's. */
export function onPolicy<Input extends PolicyInput>(
  action: string,
  contextOf: (input: Input) => AccessCheck['context'] = () => ({}),
): Access<Input> {
  return {
    iam(input, { plane, account }) {
      const arn = input.PolicyArn ?? '';
      const tags = customerPolicyAt(plane.store, account, arn)?.tags ?? {};
      return [
        {
          action,
          resource: arn,
          context: { ...resourceTagContext(tags), ...contextOf(input) },
          ...(isAwsManaged(arn) ? { resourceAccount: account } : {}),
        },
      ];
    },
  };
}

/** How many users, groups and roles a policy is attached to, and how many it bounds. */
export interface PolicyUse {
  readonly attachments: number;
  readonly boundaries: number;
}

/** Counts the uses of all policies in one walk over the account. */
export function policyUses(reader: Reader, account: string): (arn: string) => PolicyUse {
  const attachments = new Map<string, number>();
  const boundaries = new Map<string, number>();
  const add = (counts: Map<string, number>, arn: string) => counts.set(arn, (counts.get(arn) ?? 0) + 1);
  const actors = [
    ...listRecords(reader, tables.roles, account),
    ...listRecords(reader, tables.users, account),
  ];
  for (const { boundary } of actors) if (boundary !== undefined) add(boundaries, boundary);
  for (const { attached } of [...actors, ...listRecords(reader, tables.groups, account)]) {
    for (const arn of attached) add(attachments, arn);
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
