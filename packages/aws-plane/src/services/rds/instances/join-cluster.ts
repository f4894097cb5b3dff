// New members of an Aurora cluster: they share its server and are available when it is.
import type { CreateDBInstanceMessage } from '@aws-sdk/client-rds';
import type { Call } from '../../../call.ts';
import { homeOf } from '../access.ts';
import { chooseVersion, engineOf } from '../catalogue/engines.ts';
import { faults } from '../faults.ts';
import { clusters, named } from '../kinds.ts';
import { identifierOf } from '../names.ts';
import type { StoredCluster, StoredInstance } from '../records.ts';
import { findDatabase, patchDatabase } from '../runtime/databases.ts';
import { deskOf } from '../runtime/rds-context.ts';
import { writeRecord } from '../state.ts';
import { tagsOf } from '../tags.ts';
import { addInstance, instanceAt } from './instance-work.ts';
import { drawResourceId, newSettings } from './new-instance.ts';

const MEMBERS_MAX = 16;

export async function joinCluster(
  call: Call,
  cluster: StoredCluster,
  input: CreateDBInstanceMessage,
): Promise<StoredInstance> {
  const { plane } = call;
  const home = homeOf(call);
  const { settings } = cluster;
  if (cluster.status === 'deleting')
    throw faults.clusterState(`DB cluster ${cluster.name} is being deleted.`);
  const name = identifierOf(input.DBInstanceIdentifier, 'DBInstanceIdentifier');
  const offered = chooseVersion(plane, engineOf(cluster.engine), settings.version);
  const own = await newSettings(call, offered, {
    ...input,
    DBSubnetGroupName: settings.subnetGroup,
    VpcSecurityGroupIds: [...settings.securityGroups],
    Port: settings.port,
    BackupRetentionPeriod: settings.backupDays,
    PreferredBackupWindow: settings.backupWindow,
    PubliclyAccessible: input.PubliclyAccessible ?? settings.subnetGroup === 'default',
    EnableIAMDatabaseAuthentication: settings.iamAuth,
    DatabaseInsightsMode: input.DatabaseInsightsMode ?? settings.insightsMode,
  });
  const instance: StoredInstance = {
    name,
    tags: tagsOf(input.Tags),
    resourceId: drawResourceId(plane.random, 'db'),
    createdAt: new Date(call.nowMs).toISOString(),
    status: 'creating',
    engine: cluster.engine,
    masterUser: cluster.masterUser,
    database: cluster.database,
    encrypted: cluster.encrypted,
    kmsKeyId: cluster.kmsKeyId,
    roles: [],
    settings: { ...own, deletionProtection: false },
    pending: {},
    parametersStatus: 'in-sync',
    clusterName: cluster.name,
  };
  await addInstance(call, instance, undefined, (tx) => {
    const now = named(tx, clusters, home, cluster.name);
    if (now.members.length >= MEMBERS_MAX) throw faults.instanceQuota();
    writeRecord(tx, clusters.table, home, { ...now, members: [...now.members, name] });
  });
  // After all that the cluster's server has to do first: its start, above all.
  void deskOf(plane).queue(cluster.resourceId, async () => {
    const at = { as: 'cluster', home, resourceId: cluster.resourceId } as const;
    const owner = findDatabase(plane.store, at);
    const failed = deskOf(plane).engine(cluster.resourceId)?.isRunning !== true;
    const stopped = owner?.status === 'stopped';
    const status = failed && !stopped ? 'failed' : stopped ? 'stopped' : 'available';
    await patchDatabase(
      plane,
      instanceAt(call, instance),
      { status },
      {
        message: 'DB instance created',
        categories: ['creation'],
      },
    );
  });
  return instance;
}
