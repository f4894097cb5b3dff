// DBInstance: a database server, made new, from a snapshot, or as a replica.
import type { Dealings, FieldRule, KindDescription, Raw, Ways } from '../../kind/description.ts';
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
  from: `RestoreDBInstanceFromDBSnapshot.${member}`,
});
const replicated = (member: string): FieldRule => ({
  ...untold,
  from: `CreateDBInstanceReadReplica.${member}`,
});
const chosenOnce: FieldRule = { replace: true, lateInitialize: true };

const fields: Readonly<Record<string, FieldRule>> = {
  AvailabilityZone: { immutable: true, lateInitialize: true },
  BackupTarget: chosenOnce,
  CharacterSetName: replaced,
  CustomIamInstanceProfile: replaced,
  DBClusterIdentifier: replaced,
  DBClusterSnapshotIdentifier: restored('DBClusterSnapshotIdentifier'),
  DBInstanceIdentifier: { compare: 'caseless', replace: true },
  DBName: replaced,
  DBParameterGroupName: {
    observe: 'DBParameterGroups[0].DBParameterGroupName',
    compare: 'caseless',
    reference: { kind: 'DBParameterGroup', path: 'spec.name' },
  },
  DBSnapshotIdentifier: restored('DBSnapshotIdentifier'),
  DBSubnetGroupName: {
    observe: 'DBSubnetGroup.DBSubnetGroupName',
    compare: 'caseless',
    reference: { kind: 'DBSubnetGroup', path: 'spec.name' },
  },
  DBSystemId: replaced,
  DestinationRegion: regionField,
  Domain: { observe: 'DomainMemberships[0].Domain' },
  DomainAuthSecretArn: { observe: 'DomainMemberships[0].AuthSecretArn' },
  DomainFqdn: { observe: 'DomainMemberships[0].FQDN' },
  DomainIAMRoleName: { observe: 'DomainMemberships[0].IAMRoleName' },
  DomainOu: { observe: 'DomainMemberships[0].OU' },
  EnableCloudwatchLogsExports: { observe: 'EnabledCloudwatchLogsExports' },
  EnableCustomerOwnedIp: { observe: 'CustomerOwnedIpEnabled' },
  EnableIAMDatabaseAuthentication: { observe: 'IAMDatabaseAuthenticationEnabled' },
  Engine: replaced,
  EngineVersion: { compare: 'version' },
  KmsKeyId: { ...kmsKey, replace: true },
  ManageMasterUserPassword: { observe: 'ManageMasterUserPassword' },
  MasterUserPassword: { secret: true },
  MasterUserSecretKmsKeyId: { ...kmsKey, observe: 'MasterUserSecret.KmsKeyId' },
  MasterUsername: replaced,
  NcharCharacterSetName: replaced,
  NetworkType: { lateInitialize: true },
  OptionGroupName: { observe: 'OptionGroupMemberships[0].OptionGroupName', compare: 'caseless' },
  PerformanceInsightsKMSKeyId: { replace: true, lateInitialize: true },
  PerformanceInsightsRetentionPeriod: { lateInitialize: true },
  Port: { observe: 'Endpoint.Port' },
  PreSignedUrl: replicated('PreSignedUrl'),
  PreferredMaintenanceWindow: { compare: 'caseless' },
  ReplicaMode: { from: 'CreateDBInstanceReadReplica.ReplicaMode' },
  SourceDBInstanceIdentifier: replicated('SourceDBInstanceIdentifier'),
  SourceRegion: regionField,
  StorageEncrypted: replaced,
  Tags: toldTagsField,
  Timezone: replaced,
  UseDefaultProcessorFeatures: restored('UseDefaultProcessorFeatures'),
  VpcSecurityGroupIds: securityGroups,
};

/** AWS wants to know all of a volume's settings when one changes. */
const volume = ['AllocatedStorage', 'Iops', 'StorageThroughput', 'StorageType'];

function updateInput({ resource, field }: Dealings, keys: readonly string[]): Raw {
  const settings = keys.some((key) => volume.includes(key)) ? volume : [];
  const given = settings.map((key) => [key, field(key)] as const).filter(([, value]) => value !== undefined);
  return {
    ...Object.fromEntries(given),
    ...(keys.includes('EngineVersion') && { AllowMajorVersionUpgrade: true }),
    ...(keys.includes('EnableCloudwatchLogsExports') &&
      logExports(field('EnableCloudwatchLogsExports'), resource['EnabledCloudwatchLogsExports'])),
  };
}

const ways: Ways = {
  read: ({ resource }) => {
    const { Port, ...pending } = withPending(resource);
    const endpoint = resource['Endpoint'] as Raw | undefined;
    return Promise.resolve({
      ...pending,
      ...(Port !== undefined && { Endpoint: { ...endpoint, Port } }),
      ManageMasterUserPassword: resource['MasterUserSecret'] !== undefined,
    });
  },
  updateInput,
  removeInput: ({ wanted }) => removal(wanted.annotations),
  // A volume that AWS lets grow is as large as asked for, and never shrinks.
  compare: ({ spec }, _observed, differences) =>
    differences.filter(
      ({ path, wanted, observed }) =>
        !(
          path === 'allocatedStorage' &&
          spec['maxAllocatedStorage'] !== undefined &&
          Number(observed) > Number(wanted)
        ),
    ),
  dataAtRisk: (_call, { spec }) =>
    Promise.resolve(`it is a database server with ${String(spec['allocatedStorage'] ?? '?')} GiB of storage`),
};

export const dbInstance: KindDescription = {
  service: rds,
  kind: 'DBInstance',
  isStateful: true,
  identity: 'DBInstanceIdentifier',
  renames: { EnablePerformanceInsights: 'PerformanceInsightsEnabled' },
  ignore: ['DBSecurityGroups', 'TagSpecifications'],
  fields,
  create: [
    {
      operation: 'CreateDBInstance',
      at: 'DBInstance',
    },
    { operation: 'RestoreDBInstanceFromDBSnapshot', when: 'DBSnapshotIdentifier', at: 'DBInstance' },
    { operation: 'RestoreDBInstanceFromDBSnapshot', when: 'DBClusterSnapshotIdentifier', at: 'DBInstance' },
    { operation: 'CreateDBInstanceReadReplica', when: 'SourceDBInstanceIdentifier', at: 'DBInstance' },
  ],
  read: [
    {
      operation: 'DescribeDBInstances',
      input: { DBInstanceIdentifier: '$DBInstanceIdentifier' },
      at: 'DBInstances[0]',
      absent: ['DBInstanceNotFound'],
    },
  ],
  update: [
    {
      operation: 'ModifyDBInstance',
      input: { DBInstanceIdentifier: '$DBInstanceIdentifier', ApplyImmediately: true },
      names: {
        DBPortNumber: 'Port',
        CloudwatchLogsExportConfiguration: 'EnableCloudwatchLogsExports',
      },
    },
  ],
  tags: toldTags,
  remove: [{ operation: 'DeleteDBInstance', input: { DBInstanceIdentifier: '$DBInstanceIdentifier' } }],
  progress: databaseProgress('DBInstanceStatus'),
  protection: 'DeletionProtection',
  terminal,
  columns: [
    { name: 'ENGINE', path: '.spec.engine' },
    { name: 'VERSION', path: '.status.engineVersion', priority: 1 },
    { name: 'CLASS', path: '.spec.dbInstanceClass', priority: 1 },
    { name: 'STATUS', path: '.status.dbInstanceStatus' },
    { name: 'ENDPOINT', path: '.status.endpoint.address' },
    { name: 'PORT', path: '.status.endpoint.port', type: 'integer', priority: 1 },
  ],
  ways,
};
