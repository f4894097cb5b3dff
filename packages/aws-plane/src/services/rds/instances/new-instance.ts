// What a new instance is made of: the parameters of the request with what RDS fills in.
import type { CreateDBInstanceMessage } from '@aws-sdk/client-rds';
import { alphabets, type Random } from '@pergola/kernel';
import type { Call } from '../../../call.ts';
import { homeOf } from '../access.ts';
import type { OfferedVersion } from '../catalogue/engines.ts';
import { faults } from '../faults.ts';
import { parameterGroups } from '../kinds.ts';
import { securityGroupsFor, subnetGroupFor, zoneFor } from '../networks/network.ts';
import { optionGroupFor } from '../options/find-option-group.ts';
import { groupForFamily } from '../parameters/groups.ts';
import type { InstanceSettings } from '../records.ts';
import {
  checkBackupDays,
  checkBackupWindow,
  checkClass,
  checkLogTypes,
  checkMaintenanceWindow,
  checkMonitoring,
  checkPort,
  checkStorage,
  checkTokenLogin,
} from './rules.ts';

export const CERTIFICATE = 'rds-ca-rsa2048-g1';
const INSIGHTS_DAYS = 7;

/** The members that all ways to a new instance have: creation, restore, replica. */
export type InstanceRequest = Partial<Omit<CreateDBInstanceMessage, 'Engine'>>;

/** `db-` and 26 characters; never reused. */
export function drawResourceId(
  random: Random,
  prefix: 'db' | 'cluster' | 'cluster-endpoint' | 'prx',
): string {
  return `${prefix}-${random.text(26, alphabets.base32)}`;
}

/** Windows in the region's night, which differ between instances as RDS's do. */
export function drawWindows(random: Random): { readonly backup: string; readonly maintenance: string } {
  const pad = (number: number) => String(number).padStart(2, '0');
  const hour = 3 + Math.floor(random.fraction() * 4);
  const day = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'][Math.floor(random.fraction() * 7)] ?? 'sun';
  return {
    backup: `${pad(hour)}:00-${pad(hour)}:30`,
    maintenance: `${day}:${pad(hour + 3)}:00-${day}:${pad(hour + 3)}:30`,
  };
}

export async function newSettings(
  call: Call,
  offered: OfferedVersion,
  request: InstanceRequest,
): Promise<InstanceSettings> {
  const { engine, version, family } = offered;
  const { plane } = call;
  const home = homeOf(call);
  const subnetGroup = await subnetGroupFor(call, request.DBSubnetGroupName);
  const securityGroups = await securityGroupsFor(call, subnetGroup.vpcId, request.VpcSecurityGroupIds);
  const instanceClass = checkClass(engine, version, request.DBInstanceClass);
  const group = groupForFamily(plane.store, parameterGroups, home, {
    name: request.DBParameterGroupName,
    family,
  });
  const windows = drawWindows(plane.random);
  if (request.MultiAZ && request.AvailabilityZone !== undefined)
    throw faults.invalidCombination(
      'Requesting a specific availability zone is not valid for Multi-AZ instances.',
    );
  return {
    instanceClass,
    version,
    ...newStorage(offered, request),
    ...newMonitoring(offered, request),
    port: checkPort(request.Port ?? engine.port),
    multiAz: request.MultiAZ ?? false,
    publiclyAccessible: request.PubliclyAccessible ?? request.DBSubnetGroupName === undefined,
    subnetGroup: subnetGroup.name,
    zone: zoneFor(subnetGroup, request.AvailabilityZone, call.region),
    securityGroups,
    parameterGroup: group.name,
    optionGroup: optionGroupFor(call, offered, request.OptionGroupName),
    ...newUpkeep(request, windows, engine.clustered),
    license: request.LicenseModel ?? engine.license,
    promotionTier: request.PromotionTier ?? 1,
    iamAuth: checkTokenLogin(engine, request.EnableIAMDatabaseAuthentication),
    deletionProtection: request.DeletionProtection ?? false,
    certificateAuthority: request.CACertificateIdentifier ?? CERTIFICATE,
    networkType: request.NetworkType ?? 'IPV4',
  };
}

function newUpkeep(
  request: InstanceRequest,
  windows: { readonly backup: string; readonly maintenance: string },
  clustered: boolean,
) {
  return {
    backupDays: checkBackupDays(request.BackupRetentionPeriod ?? 1, clustered ? 1 : 0),
    backupWindow: checkBackupWindow(request.PreferredBackupWindow ?? windows.backup),
    maintenanceWindow: checkMaintenanceWindow(request.PreferredMaintenanceWindow ?? windows.maintenance),
    autoMinorUpgrade: request.AutoMinorVersionUpgrade ?? true,
    copyTags: request.CopyTagsToSnapshot ?? false,
  };
}

function newStorage({ engine }: OfferedVersion, request: InstanceRequest) {
  const dedicatedLogVolume = request.DedicatedLogVolume ?? false;
  // Aurora's storage grows by itself.
  if (engine.clustered) return { storageGb: 1, storageType: 'aurora', dedicatedLogVolume };
  if (request.AllocatedStorage === undefined) throw faults.missing('AllocatedStorage');
  const storageType = request.StorageType ?? (request.Iops ? 'io1' : 'gp2');
  const storage = checkStorage(engine, {
    storageGb: request.AllocatedStorage,
    maxStorageGb: request.MaxAllocatedStorage,
    storageType,
    iops: request.Iops,
    throughput: request.StorageThroughput,
  });
  return { ...storage, dedicatedLogVolume };
}

function newMonitoring({ engine, version }: OfferedVersion, request: InstanceRequest) {
  const seconds = request.MonitoringInterval ?? 0;
  checkMonitoring(seconds, request.MonitoringRoleArn);
  const insights = request.EnablePerformanceInsights ?? false;
  return {
    monitoringSeconds: seconds,
    monitoringRole: request.MonitoringRoleArn,
    insightsMode: request.DatabaseInsightsMode ?? 'standard',
    insights,
    insightsKey: insights ? request.PerformanceInsightsKMSKeyId : undefined,
    insightsDays: insights ? (request.PerformanceInsightsRetentionPeriod ?? INSIGHTS_DAYS) : undefined,
    logExports: checkLogTypes(engine, version, request.EnableCloudwatchLogsExports ?? []),
  };
}
