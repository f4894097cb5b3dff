// ElastiCache, and what its kinds share.
import type { FieldRule, ProgressRule, Raw, ServiceDescription, TagRule } from '../../kind/description.ts';
import { isObject } from '../../kind/values/to-aws.ts';

export const elasticache: ServiceDescription = {
  service: 'elasticache',
  group: 'elasticache',
  actions: 'elasticache',
  members: { 'SlotMigration.ProgressPercentage': { float: true } },
};

export const tags: TagRule = {
  field: 'Tags',
  read: { operation: 'ListTagsForResource', input: { ResourceName: '$arn' }, at: 'TagList' },
  add: { operation: 'AddTagsToResource', input: { ResourceName: '$arn', Tags: '$tags' } },
  drop: { operation: 'RemoveTagsFromResource', input: { ResourceName: '$arn', TagKeys: '$keys' } },
};

export const replaced: FieldRule = { replace: true };
export const named: FieldRule = { replace: true, compare: 'caseless' };
/** Said when the cache is made, and never told again. */
export const untold: FieldRule = { compare: 'never' };
export const events: FieldRule = { status: true, from: 'DescribeEvents.Events' };

export const securityGroups: FieldRule = {
  observe: 'SecurityGroups[].SecurityGroupId',
  reference: { kind: 'ec2/SecurityGroup', path: 'status.id' },
};
export const topic: FieldRule = {
  observe: 'NotificationConfiguration.TopicArn',
  reference: { kind: 'sns/Topic', path: 'status.ackResourceMetadata.arn' },
};
export const kmsKey: FieldRule = {
  replace: true,
  reference: { kind: 'kms/Key', path: 'status.ackResourceMetadata.arn' },
};

export const terminal = [
  'InvalidParameter',
  'InvalidParameterValue',
  'InvalidParameterCombination',
  'InvalidVPCNetworkStateFault',
  'InsufficientCacheClusterCapacity',
  'ClusterQuotaForCustomerExceeded',
  'NodeQuotaForClusterExceeded',
  'NodeQuotaForCustomerExceeded',
  'TagQuotaPerResourceExceeded',
  'InvalidKMSKeyFault',
];

export function cacheProgress(path: string, ready: readonly string[]): ProgressRule {
  return {
    path,
    ready,
    failed: ['create-failed', 'create_failed', 'restore-failed', 'incompatible-network', 'failed'],
    removing: ['deleting'],
    againMs: 1_000,
  };
}

/** A list by what has to be added and what to be taken away. */
export function changedMembers(
  wanted: unknown,
  had: unknown,
): { readonly add: string[]; readonly drop: string[] } {
  const [asked, has] = [textsOf(wanted), textsOf(had)];
  return {
    add: asked.filter((member) => !has.includes(member)),
    drop: has.filter((member) => !asked.includes(member)),
  };
}

export function objectsOf(value: unknown): readonly Raw[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
