// DBCluster: an Aurora or Multi-AZ cluster, made new, from a snapshot, or as of a point in time.
import type { Dealings, FieldRule, KindDescription, Raw } from '../../kind/description.ts';
import {
  databaseProgress,
  kmsKey,
  logExports,
  rds,
  regionField,
  removal,
  replaced,
  securityGroups,
  terminal,
  toldTags,
  toldTagsField,
  untold,
  withPending,
} from './service.ts';

const restored = (member: string): FieldRule => ({
  ...untold,
  from: `RestoreDBClusterToPointInTime.${member}`,
});

const fields: Readonly<Record<string, FieldRule>> = {
  AvailabilityZones: untold,
  CharacterSetName: replaced,
  ClusterScalabilityType: replaced,
  DBClusterIdentifier: { compare: 'caseless', replace: true },
  DBClusterParameterGroupName: {
    observe: 'DBClusterParameterGroup',
    compare: 'caseless',
    reference: { kind: 'DBClusterParameterGroup', path: 'spec.name' },
  },
  DBSubnetGroupName: {
    observe: 'DBSubnetGroup',
    compare: 'caseless',
    replace: true,
    reference: { kind: 'DBSubnetGroup', path: 'spec.name' },
  },
  DBSystemId: replaced,
  DatabaseName: replaced,
  DestinationRegion: regionField,
  Domain: { observe: 'DomainMemberships[0].Domain' },
  DomainIAMRoleName: { observe: 'DomainMemberships[0].IAMRoleName' },
  EnableCloudwatchLogsExports: { observe: 'EnabledCloudwatchLogsExports' },
  EnableGlobalWriteForwarding: { observe: 'GlobalWriteForwardingRequested' },
  EnableHttpEndpoint: { observe: 'HttpEndpointEnabled' },
  EnableIAMDatabaseAuthentication: { observe: 'IAMDatabaseAuthenticationEnabled' },
  EnablePerformanceInsights: { observe: 'PerformanceInsightsEnabled' },
  Engine: replaced,
  EngineMode: replaced,
  EngineVersion: { compare: 'version' },
  GlobalClusterIdentifier: untold,
  KmsKeyId: { ...kmsKey, replace: true },
  ManageMasterUserPassword: { observe: 'ManageMasterUserPassword' },
  MasterUserPassword: { secret: true },
  MasterUserSecretKmsKeyId: { ...kmsKey, observe: 'MasterUserSecret.KmsKeyId' },
  MasterUsername: replaced,
  OptionGroupName: {
    observe: 'DBClusterOptionGroupMemberships[0].DBClusterOptionGroupName',
    compare: 'caseless',
  },
  PreferredMaintenanceWindow: { compare: 'caseless' },
  PubliclyAccessible: replaced,
  ReplicationSourceIdentifier: untold,
  RestoreToTime: restored('RestoreToTime'),
  RestoreType: restored('RestoreType'),
  SnapshotIdentifier: { ...untold, from: 'RestoreDBClusterFromSnapshot.SnapshotIdentifier' },
  SourceDBClusterIdentifier: restored('SourceDBClusterIdentifier'),
  SourceRegion: regionField,
  StorageEncrypted: replaced,
  Tags: toldTagsField,
  UseLatestRestorableTime: restored('UseLatestRestorableTime'),
  VpcSecurityGroupIds: securityGroups,
};

function updateInput({ resource, field }: Dealings, keys: readonly string[]): Raw {
  return {
    ...(keys.includes('EngineVersion') && { AllowMajorVersionUpgrade: true }),
    ...(keys.includes('EnableCloudwatchLogsExports') &&
      logExports(field('EnableCloudwatchLogsExports'), resource['EnabledCloudwatchLogsExports'])),
  };
}

const identifier = { DBClusterIdentifier: '$DBClusterIdentifier' };

export const dbCluster: KindDescription = {
  service: rds,
  kind: 'DBCluster',
  isStateful: true,
  identity: 'DBClusterIdentifier',
  renames: { ScalingConfigurationInfo: 'ScalingConfiguration' },
  ignore: ['AssociatedRoles', 'TagSpecifications', 'WithExpressConfiguration'],
  fields,
  create: [
    { operation: 'CreateDBCluster', at: 'DBCluster' },
    { operation: 'RestoreDBClusterFromSnapshot', when: 'SnapshotIdentifier', at: 'DBCluster' },
    { operation: 'RestoreDBClusterToPointInTime', when: 'SourceDBClusterIdentifier', at: 'DBCluster' },
  ],
  read: [
    {
      operation: 'DescribeDBClusters',
      input: identifier,
      at: 'DBClusters[0]',
      absent: ['DBClusterNotFoundFault'],
    },
  ],
  update: [
    {
      operation: 'ModifyDBCluster',
      input: { ...identifier, ApplyImmediately: true },
      names: { CloudwatchLogsExportConfiguration: 'EnableCloudwatchLogsExports' },
    },
  ],
  tags: toldTags,
  remove: [{ operation: 'DeleteDBCluster', input: identifier }],
  progress: databaseProgress('Status'),
  protection: 'DeletionProtection',
  terminal: [...terminal, 'InsufficientStorageClusterCapacity'],
  columns: [
    { name: 'ENGINE', path: '.spec.engine' },
    { name: 'STATUS', path: '.status.status' },
    { name: 'ENDPOINT', path: '.status.endpoint' },
    { name: 'READER', path: '.status.readerEndpoint', priority: 1 },
  ],
  ways: {
    read: ({ resource }) =>
      Promise.resolve({
        ...withPending(resource),
        ManageMasterUserPassword: resource['MasterUserSecret'] !== undefined,
      }),
    updateInput,
    removeInput: ({ wanted }) => removal(wanted.annotations),
    dataAtRisk: () => Promise.resolve('it is a database cluster'),
  },
};
