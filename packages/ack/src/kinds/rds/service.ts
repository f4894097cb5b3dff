// RDS, and what its kinds share.
import type { FieldRule, ProgressRule, Raw, ServiceDescription, TagRule } from '../../kind/description.ts';
import { isObject } from '../../kind/values/to-aws.ts';

export const rds: ServiceDescription = {
  service: 'rds',
  group: 'rds',
  actions: 'rds',
  // Roles that these give to RDS: for enhanced monitoring, for access to other services, for the secrets of a proxy.
  actionNames: Object.fromEntries(
    [
      'CreateDBInstance',
      'ModifyDBInstance',
      'CreateDBCluster',
      'ModifyDBCluster',
      'CreateDBProxy',
      'ModifyDBProxy',
    ].map((operation) => [operation, [operation, 'iam:PassRole']]),
  ),
  members: {
    'ServerlessV2ScalingConfiguration.MinCapacity': { float: true },
    'ServerlessV2ScalingConfiguration.MaxCapacity': { float: true },
    'ServerlessV2ScalingConfigurationInfo.MinCapacity': { float: true },
    'ServerlessV2ScalingConfigurationInfo.MaxCapacity': { float: true },
  },
};

const change = {
  field: 'Tags',
  add: { operation: 'AddTagsToResource', input: { ResourceName: '$arn', Tags: '$tags' } },
  drop: { operation: 'RemoveTagsFromResource', input: { ResourceName: '$arn', TagKeys: '$keys' } },
} as const;

/** Tags that the description of the resource tells. */
export const toldTags: TagRule = change;
export const toldTagsField: FieldRule = { observe: 'TagList' };

/** Tags that a call of their own tells. */
export const askedTags: TagRule = {
  ...change,
  read: { operation: 'ListTagsForResource', input: { ResourceName: '$arn' }, at: 'TagList' },
};

export const kmsKey: FieldRule = {
  reference: { kind: 'kms/Key', path: 'status.ackResourceMetadata.arn' },
};

export const securityGroups: FieldRule = {
  observe: 'VpcSecurityGroups[].VpcSecurityGroupId',
  reference: { kind: 'ec2/SecurityGroup', path: 'status.id' },
};

export const replaced: FieldRule = { replace: true };
/** Said when the resource is made, and never told again. */
export const untold: FieldRule = { compare: 'never' };
/** Part of the requests that the SDKs sign for another region. */
export const regionField: FieldRule = { type: 's', compare: 'never' };

export const terminal = [
  'InvalidParameter',
  'InvalidParameterValue',
  'InvalidParameterCombination',
  'InvalidSubnet',
  'StorageTypeNotSupported',
  'StorageTypeNotAvailableFault',
  'DBSubnetGroupDoesNotCoverEnoughAZs',
];

export function databaseProgress(path: string): ProgressRule {
  return {
    path,
    ready: ['available', 'stopped', 'storage-optimization', 'storage-config-upgrade'],
    failed: [
      'failed',
      'restore-error',
      'incompatible-network',
      'incompatible-option-group',
      'incompatible-parameters',
      'incompatible-restore',
      'inaccessible-encryption-credentials',
      'insufficient-capacity',
      'storage-full',
    ],
    removing: ['deleting'],
    againMs: 1_000,
  };
}

/** Which log exports to begin and which to end. */
export function logExports(wanted: unknown, had: unknown): Raw {
  const [asked, has] = [textsOf(wanted), textsOf(had)];
  return {
    CloudwatchLogsExportConfiguration: {
      EnableLogTypes: asked.filter((type) => !has.includes(type)),
      DisableLogTypes: has.filter((type) => !asked.includes(type)),
    },
  };
}

export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** What is being changed already counts as changed. */
export function withPending(resource: Raw, names: Readonly<Record<string, string>> = {}): Raw {
  const pending = resource['PendingModifiedValues'];
  if (!isObject(pending)) return {};
  const entries = Object.entries(pending).filter(
    ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
  );
  return Object.fromEntries(entries.map(([name, value]) => [names[name] ?? name, value]));
}

/** How a database is deleted is said by annotations: without them, at once and without a last snapshot. */
export function removal(annotations: Readonly<Record<string, string>> = {}): Raw {
  const said = (name: string): string | undefined => annotations[`rds.services.k8s.aws/${name}`];
  const snapshot = said('final-db-snapshot-identifier');
  const isSkipped = said('skip-final-snapshot') ?? (snapshot === undefined ? 'true' : 'false');
  return {
    SkipFinalSnapshot: isSkipped === 'true',
    ...(isSkipped !== 'true' && snapshot !== undefined && { FinalDBSnapshotIdentifier: snapshot }),
    DeleteAutomatedBackups: said('delete-automated-backups') !== 'false',
  };
}
