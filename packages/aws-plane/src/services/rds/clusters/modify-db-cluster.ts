// ModifyDBCluster: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBCluster.html
import type { DBCluster, ModifyDBClusterMessage } from '@aws-sdk/client-rds';
import type { Reader, Transaction } from '@pergola/store';
import type { Call } from '../../../call.ts';
import { defineOperation } from '../../../operation.ts';
import { checkOn, homeOf } from '../access.ts';
import { arnOf } from '../arn.ts';
import { chooseVersion, compareVersions, engineOf } from '../catalogue/engines.ts';
import { faults } from '../faults.ts';
import { dropMember } from '../globals/membership.ts';
import {
  checkBackupDays,
  checkBackupWindow,
  checkLogTypes,
  checkMaintenanceWindow,
  checkPort,
} from '../instances/rules.ts';
import { clusterParameterGroups, clusters, find, instances, named } from '../kinds.ts';
import { identifierOf } from '../names.ts';
import { securityGroupsFor, subnetGroupFor } from '../networks/network.ts';
import { groupForFamily } from '../parameters/groups.ts';
import type { ClusterSettings, StoredCluster } from '../records.ts';
import { keepPassword } from '../runtime/passwords.ts';
import { deskOf } from '../runtime/rds-context.ts';
import { withSecret } from '../secrets/managed-secret.ts';
import { newPasswordFor } from '../secrets/password-change.ts';
import { deleteRecord, type Home, writeRecord } from '../state.ts';
import { applyToCluster } from './apply-to-cluster.ts';
import { clusterShape } from './cluster-shape.ts';
import { queueClusterJob } from './cluster-work.ts';
import { refuseUnservedOfCluster, serverlessOf, storageOf } from './new-cluster.ts';

export const modifyDbCluster = defineOperation<ModifyDBClusterMessage, { readonly DBCluster: DBCluster }>({
  name: 'ModifyDBCluster',
  access: {
    iam: ({ DBClusterIdentifier: name = '', DBClusterParameterGroupName: group }, call) => [
      checkOn(call, 'ModifyDBCluster', clusters, { name }),
      ...(group ? [checkOn(call, 'ModifyDBCluster', clusterParameterGroups, { name: group })] : []),
    ],
  },
  validate: refuseUnservedOfCluster,
  async handle(call, input) {
    const { plane } = call;
    const home = homeOf(call);
    const { resourceId } = named(plane.store, clusters, home, input.DBClusterIdentifier);
    const desk = deskOf(plane);
    const { cluster, before } = await desk.exclusive(resourceId, () => layUp(call, input));
    void queueClusterJob(call, cluster, (at) => applyToCluster(desk, at, before));
    return { DBCluster: clusterShape(plane, home, cluster) };
  },
});

/** The cluster as it is to be, and the settings that its server has. */
async function layUp(
  call: Call,
  input: ModifyDBClusterMessage,
): Promise<{ readonly cluster: StoredCluster; readonly before: ClusterSettings }> {
  const { store } = call.plane;
  const home = homeOf(call);
  const known = named(store, clusters, home, input.DBClusterIdentifier);
  assertAvailable(known);
  const settings = await newSettingsOf(call, known, input);
  const name = input.NewDBClusterIdentifier
    ? identifierOf(input.NewDBClusterIdentifier, 'NewDBClusterIdentifier')
    : known.name;
  const assertFree = (reader: Reader) => {
    if (name !== known.name && find(reader, clusters, home, name)) throw faults.clusterExists();
  };
  assertFree(store);
  const owner = {
    engine: engineOf(known.engine),
    arn: arnOf(home, 'cluster', known.name),
    as: 'cluster',
    masterUser: known.masterUser,
    secret: known.secret,
  } as const;
  const changed = await newPasswordFor(call, owner, input);
  const write = (tx: Transaction) => {
    const now = named(tx, clusters, home, known.name);
    assertAvailable(now);
    assertFree(tx);
    if (changed?.password !== undefined) keepPassword(tx, home, now.resourceId, changed.password);
    if (name !== now.name) rename(tx, home, now, name);
    const secret = changed ? changed.secret : now.secret;
    return writeRecord(tx, clusters.table, home, { ...now, name, settings, secret, status: 'modifying' });
  };
  const made = known.secret ? undefined : changed?.secret;
  const { value: cluster } = await withSecret(call, made, () => store.transact(write));
  return { cluster, before: known.settings };
}

function assertAvailable({ name, status }: StoredCluster): void {
  if (status !== 'available') throw faults.clusterState(`DBCluster ${name} is not in available state.`);
}

/** Whoever names the cluster names it anew; its record itself is the caller's to write. */
function rename(tx: Transaction, home: Home, old: StoredCluster, name: string): void {
  deleteRecord(tx, clusters.table, home, old.name);
  dropMember(tx, home, arnOf(home, 'cluster', old.name));
  for (const member of old.members) {
    const instance = find(tx, instances, home, member);
    if (instance) writeRecord(tx, instances.table, home, { ...instance, clusterName: name });
  }
}

async function newSettingsOf(
  call: Call,
  cluster: StoredCluster,
  input: ModifyDBClusterMessage,
): Promise<ClusterSettings> {
  const { settings } = cluster;
  const { version, family } = versionOf(call, cluster, input);
  const exported = input.CloudwatchLogsExportConfiguration;
  const engine = engineOf(cluster.engine);
  const given: { -readonly [Key in keyof ClusterSettings]?: ClusterSettings[Key] } = {
    version,
    ...storageOf(input),
    ...serverlessOf(input),
  };
  if (input.Port !== undefined) given.port = checkPort(input.Port);
  if (input.BackupRetentionPeriod !== undefined)
    given.backupDays = checkBackupDays(input.BackupRetentionPeriod, 1);
  if (input.PreferredBackupWindow) given.backupWindow = checkBackupWindow(input.PreferredBackupWindow);
  if (input.PreferredMaintenanceWindow)
    given.maintenanceWindow = checkMaintenanceWindow(input.PreferredMaintenanceWindow);
  if (input.DBClusterParameterGroupName) {
    const want = { name: input.DBClusterParameterGroupName, family };
    given.parameterGroup = groupForFamily(call.plane.store, clusterParameterGroups, homeOf(call), want).name;
  }
  if (input.VpcSecurityGroupIds) {
    const { vpcId } = await subnetGroupFor(call, settings.subnetGroup);
    given.securityGroups = await securityGroupsFor(call, vpcId, input.VpcSecurityGroupIds);
  }
  if (exported) {
    const added = checkLogTypes(engine, version, exported.EnableLogTypes ?? []);
    const kept = settings.logExports.filter((type) => !exported.DisableLogTypes?.includes(type));
    given.logExports = [...new Set([...kept, ...added])];
  }
  return { ...settings, ...given, ...plainOf(settings, input) };
}

function plainOf(settings: ClusterSettings, input: ModifyDBClusterMessage): Partial<ClusterSettings> {
  return {
    iamAuth: input.EnableIAMDatabaseAuthentication ?? settings.iamAuth,
    deletionProtection: input.DeletionProtection ?? settings.deletionProtection,
    copyTags: input.CopyTagsToSnapshot ?? settings.copyTags,
    insights: input.EnablePerformanceInsights ?? settings.insights,
    insightsMode: input.DatabaseInsightsMode ?? settings.insightsMode,
    certificateAuthority: input.CACertificateIdentifier ?? settings.certificateAuthority,
  };
}

function versionOf(call: Call, { engine: name, settings }: StoredCluster, input: ModifyDBClusterMessage) {
  const engine = engineOf(name);
  const current = chooseVersion(call.plane, engine, settings.version);
  if (!input.EngineVersion || input.EngineVersion === current.major) return current;
  const wanted = chooseVersion(call.plane, engine, input.EngineVersion);
  if (wanted.major !== current.major) {
    if (input.AllowMajorVersionUpgrade) throw faults.notImplemented('The upgrade to another major version');
    throw faults.invalidCombination(
      'The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.',
    );
  }
  if (compareVersions(wanted.version, current.version) >= 0) return wanted;
  throw faults.invalidCombination(`Cannot upgrade ${name} from ${current.version} to ${wanted.version}`);
}
