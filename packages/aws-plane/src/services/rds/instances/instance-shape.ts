// DB instances as DescribeDBInstances shows them.
import type { DBInstance, PendingModifiedValues } from '@aws-sdk/client-rds';
import type { Reader } from '@pergola/store';
import type { EnginePlace } from '@pergola/engines';
import type { PlaneContext } from '../../../plane-context.ts';
import { arnOf } from '../arn.ts';
import { engineOf } from '../catalogue/engines.ts';
import { clusters, find, instances } from '../kinds.ts';
import { subnetGroupShape, type StoredSubnetGroup } from '../networks/subnet-group.ts';
import type { InstanceChanges, InstanceSettings, StoredInstance } from '../records.ts';
import { type Home, listRecords } from '../state.ts';
import { tagListOf } from '../tags.ts';
import { secretShape } from '../secrets/managed-secret.ts';

/** Of the endpoints of RDS in us-east-1; it is shown for every region. */
export const HOSTED_ZONE = 'Z2R2ITUGPM61AM';
const CERTIFICATE_YEARS = 1;

export interface ShapeContext {
  readonly plane: PlaneContext;
  readonly home: Home;
  /** Of the instance; looked up by the caller, for the default one comes from EC2. */
  readonly subnetGroup: StoredSubnetGroup | undefined;
}

export function instanceShape(context: ShapeContext, instance: StoredInstance): DBInstance {
  const { home, plane, subnetGroup } = context;
  const { settings, place } = instance;
  return {
    DBInstanceIdentifier: instance.name,
    DBInstanceArn: arnOf(home, 'db', instance.name),
    DbiResourceId: instance.resourceId,
    DBInstanceStatus: instance.status,
    Engine: instance.engine,
    MasterUsername: instance.masterUser,
    DBName: instance.database,
    InstanceCreateTime: instance.status === 'creating' ? undefined : new Date(instance.createdAt),
    ...endpointOf(placeOf(plane.store, home, instance) ?? place),
    DbInstancePort: 0,
    StorageEncrypted: instance.encrypted,
    KmsKeyId: instance.kmsKeyId,
    TagList: tagListOf(instance.tags),
    AssociatedRoles: instance.roles.map(({ arn, feature }) => ({
      RoleArn: arn,
      FeatureName: feature,
      Status: 'ACTIVE',
    })),
    MasterUserSecret: secretShape(instance.secret),
    DBClusterIdentifier: instance.clusterName,
    DBSubnetGroup: subnetGroup && subnetGroupShape(home, subnetGroup),
    PendingModifiedValues: pendingShape(
      { ...instance.pending, ...instance.applying },
      engineOf(instance.engine).logTypes,
    ),
    ...replicaShape(plane.store, home, instance),
    ...settingsShape(instance, settings),
    ...backupShape(plane, instance),
    ...constants,
  };
}

/** What never differs between the instances here. */
const constants: DBInstance = {
  DBSecurityGroups: [],
  DomainMemberships: [],
  CustomerOwnedIpEnabled: false,
  BackupTarget: 'region',
  ActivityStreamStatus: 'stopped',
  DBInstanceAutomatedBackupsReplications: [],
  IsStorageConfigUpgradeAvailable: false,
  EngineLifecycleSupport: 'open-source-rds-extended-support',
};

function settingsShape(instance: StoredInstance, settings: InstanceSettings): DBInstance {
  return {
    ...storageShape(settings),
    ...monitoringShape(settings),
    DBInstanceClass: settings.instanceClass,
    EngineVersion: settings.version,
    LicenseModel: settings.license,
    MultiAZ: settings.multiAz,
    AvailabilityZone: settings.zone,
    PubliclyAccessible: settings.publiclyAccessible,
    VpcSecurityGroups: settings.securityGroups.map((id) => ({ VpcSecurityGroupId: id, Status: 'active' })),
    DBParameterGroups: [
      { DBParameterGroupName: settings.parameterGroup, ParameterApplyStatus: instance.parametersStatus },
    ],
    OptionGroupMemberships: [{ OptionGroupName: settings.optionGroup, Status: 'in-sync' }],
    PreferredMaintenanceWindow: settings.maintenanceWindow,
    AutoMinorVersionUpgrade: settings.autoMinorUpgrade,
    PromotionTier: instance.clusterName === undefined ? undefined : settings.promotionTier,
    IAMDatabaseAuthenticationEnabled: settings.iamAuth,
    DeletionProtection: settings.deletionProtection,
    CopyTagsToSnapshot: settings.copyTags,
    CACertificateIdentifier: settings.certificateAuthority,
    CertificateDetails: {
      CAIdentifier: settings.certificateAuthority,
      ValidTill: yearsAfter(instance.createdAt, CERTIFICATE_YEARS),
    },
    NetworkType: settings.networkType,
  };
}

function storageShape(settings: InstanceSettings): DBInstance {
  return {
    AllocatedStorage: settings.storageGb,
    MaxAllocatedStorage: settings.maxStorageGb,
    StorageType: settings.storageType,
    Iops: settings.iops,
    StorageThroughput: settings.throughput ?? 0,
    DedicatedLogVolume: settings.dedicatedLogVolume,
  };
}

function monitoringShape(settings: InstanceSettings): DBInstance {
  return {
    MonitoringInterval: settings.monitoringSeconds,
    MonitoringRoleArn: settings.monitoringRole,
    DatabaseInsightsMode: settings.insightsMode,
    PerformanceInsightsEnabled: settings.insights,
    PerformanceInsightsKMSKeyId: settings.insightsKey,
    PerformanceInsightsRetentionPeriod: settings.insightsDays,
    EnabledCloudwatchLogsExports: settings.logExports.length > 0 ? [...settings.logExports] : undefined,
  };
}

/** Point-in-time restore reaches to now, for it copies what there is now. */
function backupShape({ clock }: PlaneContext, { settings, status }: StoredInstance): DBInstance {
  const { backupDays, backupWindow } = settings;
  const restorable = backupDays > 0 && status === 'available';
  return {
    BackupRetentionPeriod: backupDays,
    PreferredBackupWindow: backupWindow,
    LatestRestorableTime: restorable ? new Date(clock.nowMs()) : undefined,
  };
}

function replicaShape(reader: Reader, home: Home, instance: StoredInstance): DBInstance {
  const replicas = listRecords(reader, instances.table, home).filter(
    ({ sourceName }) => sourceName === instance.name,
  );
  return {
    ReadReplicaSourceDBInstanceIdentifier: instance.sourceName,
    ReadReplicaDBInstanceIdentifiers: replicas.map(({ name }) => name),
    StatusInfos:
      instance.sourceName === undefined || instance.status !== 'available'
        ? undefined
        : [{ StatusType: 'read replication', Normal: true, Status: 'replicating' }],
  };
}

/** Of the engine that the instance shares; undefined for one with its own. */
export function placeOf(reader: Reader, home: Home, instance: StoredInstance): EnginePlace | undefined {
  if (instance.status === 'creating') return undefined;
  if (instance.clusterName !== undefined) return find(reader, clusters, home, instance.clusterName)?.place;
  if (instance.sourceName === undefined) return undefined;
  const source = find(reader, instances, home, instance.sourceName);
  return source && (placeOf(reader, home, source) ?? source.place);
}

function endpointOf(place: EnginePlace | undefined): DBInstance {
  return place ? { Endpoint: { Address: place.host, Port: place.port, HostedZoneId: HOSTED_ZONE } } : {};
}

function pendingShape(changes: InstanceChanges, logTypes: readonly string[]): PendingModifiedValues {
  return {
    DBInstanceIdentifier: changes.name,
    DBInstanceClass: changes.instanceClass,
    AllocatedStorage: changes.storageGb,
    Port: changes.port,
    BackupRetentionPeriod: changes.backupDays,
    MultiAZ: changes.multiAz,
    EngineVersion: changes.version,
    LicenseModel: changes.license,
    Iops: changes.iops,
    StorageThroughput: changes.throughput,
    StorageType: changes.storageType,
    CACertificateIdentifier: changes.certificateAuthority,
    DBSubnetGroupName: changes.subnetGroup,
    IAMDatabaseAuthenticationEnabled: changes.iamAuth,
    DedicatedLogVolume: changes.dedicatedLogVolume,
    PendingCloudwatchLogsExports: changes.logExports && {
      LogTypesToEnable: [...changes.logExports],
      LogTypesToDisable: logTypes.filter((type) => !changes.logExports?.includes(type)),
    },
  };
}

export function yearsAfter(iso: string, years: number): Date {
  const date = new Date(iso);
  date.setUTCFullYear(date.getUTCFullYear() + years);
  return date;
}
