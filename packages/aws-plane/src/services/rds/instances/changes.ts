// What ModifyDBInstance changes: each parameter, the setting that it changes, and whether it waits for the maintenance
// window unless ApplyImmediately is set.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.Settings.html
import type { ModifyDBInstanceMessage } from '@aws-sdk/client-rds';
import type { Call } from '../../../call.ts';
import { homeOf } from '../access.ts';
import {
  chooseVersion,
  compareVersions,
  type EngineFacts,
  engineOf,
  type OfferedVersion,
  versionsOf,
} from '../catalogue/engines.ts';
import { faults } from '../faults.ts';
import { parameterGroups } from '../kinds.ts';
import { identifierOf } from '../names.ts';
import { securityGroupsFor, subnetGroupFor } from '../networks/network.ts';
import { optionGroupFor } from '../options/find-option-group.ts';
import { groupForFamily } from '../parameters/groups.ts';
import type { InstanceChanges, InstanceSettings, StoredInstance } from '../records.ts';
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

export interface SplitChanges {
  /** In force at once. */
  readonly atOnce: InstanceChanges;
  /** Waiting for the window, or for ApplyImmediately. */
  readonly windowed: InstanceChanges;
}

type Mutable = { -readonly [Key in keyof InstanceChanges]: InstanceChanges[Key] };

/** Parameters that are settings as they are. */
const plain = [
  ['AutoMinorVersionUpgrade', 'autoMinorUpgrade'],
  ['PubliclyAccessible', 'publiclyAccessible'],
  ['CopyTagsToSnapshot', 'copyTags'],
  ['DeletionProtection', 'deletionProtection'],
  ['PromotionTier', 'promotionTier'],
  ['MonitoringRoleArn', 'monitoringRole'],
  ['DatabaseInsightsMode', 'insightsMode'],
  ['MaxAllocatedStorage', 'maxStorageGb'],
] as const satisfies readonly (readonly [keyof ModifyDBInstanceMessage, keyof InstanceSettings])[];

const plainWindowed = [
  ['MultiAZ', 'multiAz'],
  ['LicenseModel', 'license'],
  ['CACertificateIdentifier', 'certificateAuthority'],
  ['EnableIAMDatabaseAuthentication', 'iamAuth'],
  ['DedicatedLogVolume', 'dedicatedLogVolume'],
] as const satisfies readonly (readonly [keyof ModifyDBInstanceMessage, keyof InstanceSettings])[];

/** The changes that `input` asks for, checked; those that change nothing are left out. */
export async function changesOf(
  call: Call,
  instance: StoredInstance,
  input: ModifyDBInstanceMessage,
): Promise<SplitChanges> {
  const { settings } = instance;
  const engine = engineOf(instance.engine);
  const offered = versionFor(call, engine, instance, input);
  checkTokenLogin(engine, input.EnableIAMDatabaseAuthentication);
  const windowed: Mutable = {
    ...pick(input, plainWindowed),
    ...storageChanges(engine, settings, input),
    ...(input.DBInstanceClass && {
      instanceClass: checkClass(engine, offered.version, input.DBInstanceClass),
    }),
    ...(input.EngineVersion && { version: offered.version }),
  };
  const atOnce: Mutable = {
    ...pick(input, plain),
    ...upkeepChanges(engine, input),
    ...monitoringChanges(engine, settings, input),
    ...(await groupChanges(call, offered, instance, input)),
    ...(input.DBPortNumber === undefined ? {} : { port: checkPort(input.DBPortNumber) }),
  };
  if (input.DBSubnetGroupName !== undefined)
    windowed.subnetGroup = (await subnetGroupFor(call, input.DBSubnetGroupName)).name;
  if (input.NewDBInstanceIdentifier !== undefined) {
    const name = identifierOf(input.NewDBInstanceIdentifier, 'NewDBInstanceIdentifier');
    if (name !== instance.name) windowed.name = name;
  }
  // Between 0 and some, backups begin or end: that waits. Any other change is in force at once.
  if (atOnce.backupDays !== undefined && (atOnce.backupDays === 0) !== (settings.backupDays === 0)) {
    windowed.backupDays = atOnce.backupDays;
    delete atOnce.backupDays;
  }
  return { atOnce: differing(settings, atOnce), windowed: differing(settings, windowed) };
}

function pick(
  input: ModifyDBInstanceMessage,
  rows: readonly (readonly [keyof ModifyDBInstanceMessage, keyof InstanceSettings])[],
): InstanceChanges {
  const given = rows.filter(([member]) => input[member] !== undefined);
  return Object.fromEntries(given.map(([member, key]) => [key, input[member]]));
}

function differing(settings: InstanceSettings, changes: InstanceChanges): InstanceChanges {
  const known = settings as unknown as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(changes).filter(
      ([key, value]) => value !== undefined && JSON.stringify(value) !== JSON.stringify(known[key]),
    ),
  );
}

function versionFor(
  call: Call,
  engine: EngineFacts,
  { settings }: StoredInstance,
  { EngineVersion, AllowMajorVersionUpgrade }: ModifyDBInstanceMessage,
): OfferedVersion {
  const current = versionsOf(call.plane, engine).find(({ version }) => version === settings.version);
  // The major version alone asks for what there is.
  if (EngineVersion === undefined || EngineVersion === current?.major)
    return current ?? chooseVersion(call.plane, engine, settings.version);
  const wanted = chooseVersion(call.plane, engine, EngineVersion);
  if (wanted.major !== (current?.major ?? settings.version.split('.')[0])) {
    if (!AllowMajorVersionUpgrade)
      throw faults.invalidCombination(
        'The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.',
      );
    throw faults.notImplemented('The upgrade to another major version');
  }
  if (compareVersions(wanted.version, settings.version) < 0)
    throw faults.invalidCombination(
      `Cannot upgrade ${engine.name} from ${settings.version} to ${wanted.version}`,
    );
  return wanted;
}

function storageChanges(
  engine: EngineFacts,
  settings: InstanceSettings,
  input: ModifyDBInstanceMessage,
): InstanceChanges {
  const { AllocatedStorage, StorageType, Iops, StorageThroughput } = input;
  if (
    engine.clustered ||
    [AllocatedStorage, StorageType, Iops, StorageThroughput].every((one) => one === undefined)
  )
    return {};
  const storageGb = AllocatedStorage ?? settings.storageGb;
  if (storageGb < settings.storageGb)
    throw faults.invalidCombination(
      `Invalid storage size for engine name ${engine.name}: the allocated storage cannot be reduced from ${settings.storageGb} to ${storageGb}.`,
    );
  const storageType = StorageType ?? settings.storageType;
  const kept = storageType === settings.storageType;
  const checked = checkStorage(engine, {
    storageGb,
    maxStorageGb: undefined,
    storageType,
    iops: Iops ?? (kept ? settings.iops : undefined),
    throughput: StorageThroughput ?? (kept ? settings.throughput : undefined),
  });
  return { storageGb, storageType, iops: checked.iops, throughput: checked.throughput };
}

function upkeepChanges(engine: EngineFacts, input: ModifyDBInstanceMessage): InstanceChanges {
  const { BackupRetentionPeriod, PreferredBackupWindow, PreferredMaintenanceWindow } = input;
  return {
    ...(BackupRetentionPeriod === undefined
      ? {}
      : { backupDays: checkBackupDays(BackupRetentionPeriod, engine.clustered ? 1 : 0) }),
    ...(PreferredBackupWindow && { backupWindow: checkBackupWindow(PreferredBackupWindow) }),
    ...(PreferredMaintenanceWindow && {
      maintenanceWindow: checkMaintenanceWindow(PreferredMaintenanceWindow),
    }),
  };
}

const INSIGHTS_DAYS = 7;

function monitoringChanges(
  engine: EngineFacts,
  settings: InstanceSettings,
  input: ModifyDBInstanceMessage,
): InstanceChanges {
  const changes: Mutable = {};
  if (input.MonitoringInterval !== undefined) {
    checkMonitoring(input.MonitoringInterval, input.MonitoringRoleArn ?? settings.monitoringRole);
    changes.monitoringSeconds = input.MonitoringInterval;
  }
  if (input.EnablePerformanceInsights !== undefined) {
    changes.insights = input.EnablePerformanceInsights;
    if (changes.insights) {
      changes.insightsDays =
        input.PerformanceInsightsRetentionPeriod ?? settings.insightsDays ?? INSIGHTS_DAYS;
      changes.insightsKey = input.PerformanceInsightsKMSKeyId ?? settings.insightsKey;
    }
  }
  const exported = input.CloudwatchLogsExportConfiguration;
  if (exported) {
    const added = checkLogTypes(engine, settings.version, exported.EnableLogTypes ?? []);
    const kept = settings.logExports.filter((type) => !exported.DisableLogTypes?.includes(type));
    changes.logExports = [...new Set([...kept, ...added])];
  }
  return changes;
}

async function groupChanges(
  call: Call,
  offered: OfferedVersion,
  { settings }: StoredInstance,
  input: ModifyDBInstanceMessage,
): Promise<InstanceChanges> {
  const changes: Mutable = {};
  if (input.DBParameterGroupName !== undefined) {
    const want = { name: input.DBParameterGroupName, family: offered.family };
    changes.parameterGroup = groupForFamily(call.plane.store, parameterGroups, homeOf(call), want).name;
  }
  if (input.OptionGroupName !== undefined)
    changes.optionGroup = optionGroupFor(call, offered, input.OptionGroupName);
  if (input.VpcSecurityGroupIds !== undefined) {
    const { vpcId } = await subnetGroupFor(call, input.DBSubnetGroupName ?? settings.subnetGroup);
    changes.securityGroups = await securityGroupsFor(call, vpcId, input.VpcSecurityGroupIds);
  }
  return changes;
}
