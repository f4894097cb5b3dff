// What a new DB cluster is made of: the parameters of the request with what RDS fills in.
import type { CreateDBClusterMessage } from '@aws-sdk/client-rds';
import type { Call } from '../../../call.ts';
import { homeOf } from '../access.ts';
import type { OfferedVersion } from '../catalogue/engines.ts';
import { faults } from '../faults.ts';
import { CERTIFICATE, drawWindows } from '../instances/new-instance.ts';
import {
  checkBackupDays,
  checkBackupWindow,
  checkLogTypes,
  checkMaintenanceWindow,
  checkMonitoring,
  checkPort,
} from '../instances/rules.ts';
import { clusterParameterGroups } from '../kinds.ts';
import { securityGroupsFor, subnetGroupFor } from '../networks/network.ts';
import { groupForFamily } from '../parameters/groups.ts';
import type { ClusterSettings } from '../records.ts';

/** The members that all ways to a new cluster have. */
export type ClusterRequest = Partial<Omit<CreateDBClusterMessage, 'Engine'>>;

/** Parameters that ask for what is not there. */
const unserved: readonly (keyof ClusterRequest)[] = [
  'CharacterSetName',
  'ReplicationSourceIdentifier',
  'BacktrackWindow',
  'ScalingConfiguration',
  'RdsCustomClusterConfiguration',
  'DBClusterInstanceClass',
  'AllocatedStorage',
  'Iops',
  'EnableGlobalWriteForwarding',
  'EnableLocalWriteForwarding',
  'EnableLimitlessDatabase',
  'EnableHttpEndpoint',
  'DBSystemId',
  'Domain',
];

/** Throws for what would be left undone silently. */
export function refuseUnservedOfCluster(input: ClusterRequest): void {
  const asked = unserved.find((member) => {
    const value = input[member];
    return value !== undefined && value !== false && value !== 0 && value !== '';
  });
  if (asked !== undefined) throw faults.notImplemented(`The parameter ${asked}`);
  if (input.EngineMode !== undefined && input.EngineMode !== 'provisioned')
    throw faults.notImplemented(`The engine mode ${input.EngineMode}`);
  if (input.ClusterScalabilityType === 'limitless')
    throw faults.notImplemented('The scalability type limitless');
  if (input.NetworkType !== undefined && input.NetworkType !== 'IPV4')
    throw faults.notImplemented(`The network type ${input.NetworkType}`);
}

export async function newClusterSettings(
  call: Call,
  { engine, version, family }: OfferedVersion,
  request: ClusterRequest,
): Promise<ClusterSettings> {
  const home = homeOf(call);
  const { store, random } = call.plane;
  const subnetGroup = await subnetGroupFor(call, request.DBSubnetGroupName);
  const group = groupForFamily(store, clusterParameterGroups, home, {
    name: request.DBClusterParameterGroupName,
    family,
  });
  const windows = drawWindows(random);
  const zones = request.AvailabilityZones?.length
    ? request.AvailabilityZones
    : [...new Set(subnetGroup.subnets.map(({ zone }) => zone))].slice(0, 3);
  return {
    version,
    port: checkPort(request.Port ?? engine.port),
    subnetGroup: subnetGroup.name,
    securityGroups: await securityGroupsFor(call, subnetGroup.vpcId, request.VpcSecurityGroupIds),
    parameterGroup: group.name,
    zones: [...zones],
    backupDays: checkBackupDays(request.BackupRetentionPeriod ?? 1, 1),
    backupWindow: checkBackupWindow(request.PreferredBackupWindow ?? windows.backup),
    maintenanceWindow: checkMaintenanceWindow(request.PreferredMaintenanceWindow ?? windows.maintenance),
    iamAuth: request.EnableIAMDatabaseAuthentication ?? false,
    logExports: checkLogTypes(engine, version, request.EnableCloudwatchLogsExports ?? []),
    deletionProtection: request.DeletionProtection ?? false,
    copyTags: request.CopyTagsToSnapshot ?? false,
    ...storageOf(request),
    httpEndpoint: false,
    engineMode: 'provisioned',
    ...serverlessOf(request),
    ...monitoringOf(request),
    networkType: 'IPV4',
    certificateAuthority: request.CACertificateIdentifier ?? CERTIFICATE,
  };
}

/** The standard storage of Aurora is not shown, as in RDS. */
export function storageOf({ StorageType: type }: ClusterRequest): { readonly storageType?: string } {
  if (type === undefined || type === 'aurora' || type === '') return {};
  if (type === 'aurora-iopt1') return { storageType: type };
  throw faults.invalidCombination(`The storage type ${type} is not valid for Aurora.`);
}

const CAPACITY_MOST = 256;
const PAUSE_LEAST = 300;
const PAUSE_MOST = 86_400;

export function serverlessOf({ ServerlessV2ScalingConfiguration: scaling }: ClusterRequest) {
  if (!scaling) return {};
  const { MinCapacity: serverlessMin = 0.5, MaxCapacity: serverlessMax, SecondsUntilAutoPause } = scaling;
  const valid = (capacity: number) =>
    capacity >= 0 && capacity <= CAPACITY_MOST && Number.isInteger(capacity * 2);
  if (
    serverlessMax === undefined ||
    !valid(serverlessMin) ||
    !valid(serverlessMax) ||
    serverlessMax < 1 ||
    serverlessMin > serverlessMax
  )
    throw faults.invalidValue(
      `Serverless v2 capacities must be multiples of 0.5 from 0 to ${CAPACITY_MOST}, the maximum at least 1 and not below the minimum.`,
    );
  if (SecondsUntilAutoPause === undefined) return { serverlessMin, serverlessMax };
  if (serverlessMin > 0 || SecondsUntilAutoPause < PAUSE_LEAST || SecondsUntilAutoPause > PAUSE_MOST)
    throw faults.invalidValue(
      `SecondsUntilAutoPause must be from ${PAUSE_LEAST} to ${PAUSE_MOST}, with a minimum capacity of 0.`,
    );
  return { serverlessMin, serverlessMax, serverlessPauseSeconds: SecondsUntilAutoPause };
}

function monitoringOf(request: ClusterRequest) {
  const monitoringSeconds = request.MonitoringInterval ?? 0;
  checkMonitoring(monitoringSeconds, request.MonitoringRoleArn);
  const insights = request.EnablePerformanceInsights ?? false;
  return {
    monitoringSeconds,
    monitoringRole: request.MonitoringRoleArn,
    insightsMode: request.DatabaseInsightsMode ?? 'standard',
    insights,
    insightsKey: insights ? request.PerformanceInsightsKMSKeyId : undefined,
    insightsDays: insights ? (request.PerformanceInsightsRetentionPeriod ?? 7) : undefined,
  };
}
