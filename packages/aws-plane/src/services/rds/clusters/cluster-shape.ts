// DB clusters as DescribeDBClusters shows them.
import type { DBCluster } from '@aws-sdk/client-rds';
import type { PlaneContext } from '../../../plane-context.ts';
import { arnOf } from '../arn.ts';
import { HOSTED_ZONE, yearsAfter } from '../instances/instance-shape.ts';
import { find, instances } from '../kinds.ts';
import { endpointsOf } from './cluster-endpoint.ts';
import type { ClusterSettings, StoredCluster } from '../records.ts';
import { secretShape } from '../secrets/managed-secret.ts';
import type { Home } from '../state.ts';
import { tagListOf } from '../tags.ts';

export function clusterShape({ store, clock }: PlaneContext, home: Home, cluster: StoredCluster): DBCluster {
  const { settings, place } = cluster;
  const restorable = cluster.status === 'available' ? new Date(clock.nowMs()) : undefined;
  return {
    DBClusterIdentifier: cluster.name,
    DBClusterArn: arnOf(home, 'cluster', cluster.name),
    DbClusterResourceId: cluster.resourceId,
    Status: cluster.status,
    Engine: cluster.engine,
    EngineVersion: settings.version,
    EngineMode: settings.engineMode,
    MasterUsername: cluster.masterUser,
    DatabaseName: cluster.database,
    ClusterCreateTime: new Date(cluster.createdAt),
    EarliestRestorableTime: restorable,
    LatestRestorableTime: restorable,
    // There is one server: who reads comes to it too.
    Endpoint: place?.host,
    ReaderEndpoint: place?.host,
    Port: place?.port ?? settings.port,
    HostedZoneId: HOSTED_ZONE,
    StorageEncrypted: cluster.encrypted,
    KmsKeyId: cluster.kmsKeyId,
    MasterUserSecret: secretShape(cluster.secret),
    TagList: tagListOf(cluster.tags),
    AssociatedRoles: cluster.roles.map(({ arn, feature }) => ({
      RoleArn: arn,
      FeatureName: feature === '' ? undefined : feature,
      Status: 'ACTIVE',
    })),
    DBClusterMembers: cluster.members.map((name, index) => ({
      DBInstanceIdentifier: name,
      IsClusterWriter: index === 0,
      DBClusterParameterGroupStatus: cluster.parametersStatus,
      PromotionTier: find(store, instances, home, name)?.settings.promotionTier ?? 1,
    })),
    CustomEndpoints: endpointsOf(store, home, cluster).map(() => place?.host ?? ''),
    GlobalClusterIdentifier: cluster.globalCluster,
    ...settingsShape(settings, cluster.createdAt),
    ...constants,
  };
}

/** What never differs between the clusters here. */
const constants: DBCluster = {
  AllocatedStorage: 1,
  ReadReplicaIdentifiers: [],
  DBClusterOptionGroupMemberships: [],
  DomainMemberships: [],
  ActivityStreamStatus: 'stopped',
  CrossAccountClone: false,
  AutoMinorVersionUpgrade: true,
  EngineLifecycleSupport: 'open-source-rds-extended-support',
  LocalWriteForwardingStatus: 'disabled',
};

function settingsShape(settings: ClusterSettings, createdAt: string): DBCluster {
  return {
    AvailabilityZones: [...settings.zones],
    MultiAZ: false,
    DBSubnetGroup: settings.subnetGroup,
    DBClusterParameterGroup: settings.parameterGroup,
    VpcSecurityGroups: settings.securityGroups.map((id) => ({ VpcSecurityGroupId: id, Status: 'active' })),
    BackupRetentionPeriod: settings.backupDays,
    PreferredBackupWindow: settings.backupWindow,
    PreferredMaintenanceWindow: settings.maintenanceWindow,
    IAMDatabaseAuthenticationEnabled: settings.iamAuth,
    EnabledCloudwatchLogsExports: settings.logExports.length > 0 ? [...settings.logExports] : undefined,
    DeletionProtection: settings.deletionProtection,
    CopyTagsToSnapshot: settings.copyTags,
    StorageType: settings.storageType,
    HttpEndpointEnabled: settings.httpEndpoint,
    NetworkType: settings.networkType,
    ServerlessV2ScalingConfiguration: serverlessShape(settings),
    DatabaseInsightsMode: settings.insightsMode,
    PerformanceInsightsEnabled: settings.insights,
    PerformanceInsightsKMSKeyId: settings.insightsKey,
    PerformanceInsightsRetentionPeriod: settings.insightsDays,
    MonitoringInterval: settings.monitoringSeconds,
    MonitoringRoleArn: settings.monitoringRole,
    CertificateDetails: {
      CAIdentifier: settings.certificateAuthority,
      ValidTill: yearsAfter(createdAt, 1),
    },
  };
}

function serverlessShape({ serverlessMin, serverlessMax, serverlessPauseSeconds }: ClusterSettings) {
  if (serverlessMax === undefined) return undefined;
  return {
    MinCapacity: serverlessMin,
    MaxCapacity: serverlessMax,
    SecondsUntilAutoPause: serverlessPauseSeconds,
  };
}
