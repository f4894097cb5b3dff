// What the operations on clusters have in common: checks, adding, changing, and work in the background.
import type { Tag } from '@aws-sdk/client-rds';
import type { Transaction } from '@pergola/store';
import type { AccessCheck } from '../../../access-check.ts';
import type { Call } from '../../../call.ts';
import { creationChecks, homeOf, MONITORING, passRole } from '../access.ts';
import { faults } from '../faults.ts';
import { clusterParameterGroups, clusters, named, subnetGroups } from '../kinds.ts';
import type { StoredCluster } from '../records.ts';
import type { DatabaseAt } from '../runtime/databases.ts';
import { keepPassword } from '../runtime/passwords.ts';
import { deskOf } from '../runtime/rds-context.ts';
import { withSecret } from '../secrets/managed-secret.ts';
import { countRecords, readRecord, writeRecord } from '../state.ts';

const CLUSTERS_MAX = 40;

interface CreationInput {
  readonly DBClusterIdentifier?: string | undefined;
  readonly Tags?: Tag[] | undefined;
  readonly Engine?: string | undefined;
  readonly DatabaseName?: string | undefined;
  readonly StorageEncrypted?: boolean | undefined;
  readonly ManageMasterUserPassword?: boolean | undefined;
  readonly DBClusterParameterGroupName?: string | undefined;
  readonly DBSubnetGroupName?: string | undefined;
  readonly MonitoringRoleArn?: string | undefined;
}

/** The checks of any way to a new cluster: it, and the groups that it will use. */
export function clusterChecks(call: Call, action: string, input: CreationInput): AccessCheck[] {
  const context: Record<string, string> = {};
  if (input.Engine) context['rds:DatabaseEngine'] = input.Engine;
  if (input.DatabaseName) context['rds:DatabaseName'] = input.DatabaseName;
  if (input.StorageEncrypted !== undefined) context['rds:StorageEncrypted'] = String(input.StorageEncrypted);
  if (input.ManageMasterUserPassword !== undefined)
    context['rds:ManageMasterUserPassword'] = String(input.ManageMasterUserPassword);
  const made = creationChecks(call, action, clusters, {
    name: input.DBClusterIdentifier ?? '',
    tags: input.Tags,
    context,
    uses: [
      [
        clusterParameterGroups,
        input.DBClusterParameterGroupName ?? (input.Engine && `default.${input.Engine}`),
      ],
      [subnetGroups, input.DBSubnetGroupName ?? 'default'],
    ],
  });
  return [...made, ...passRole(input.MonitoringRoleArn, MONITORING)];
}

export async function addCluster(
  call: Call,
  cluster: StoredCluster,
  password: string | undefined,
): Promise<void> {
  const home = homeOf(call);
  const write = (tx: Transaction) => {
    if (readRecord(tx, clusters.table, home, cluster.name)) throw faults.clusterExists();
    if (countRecords(tx, clusters.table, home) >= CLUSTERS_MAX) throw faults.clusterQuota();
    if (password !== undefined) keepPassword(tx, home, cluster.resourceId, password);
    writeRecord(tx, clusters.table, home, cluster);
  };
  await withSecret(call, cluster.secret, () => call.plane.store.transact(write));
}

export function queueClusterJob(
  call: Call,
  cluster: StoredCluster,
  job: (at: DatabaseAt) => Promise<void>,
): Promise<void> {
  const at: DatabaseAt = { as: 'cluster', home: homeOf(call), resourceId: cluster.resourceId };
  return deskOf(call.plane).queue(cluster.resourceId, () => job(at));
}

export async function changeCluster(
  call: Call,
  nameOrArn: string | undefined,
  change: (cluster: StoredCluster) => StoredCluster,
): Promise<StoredCluster> {
  const home = homeOf(call);
  const { value } = await call.plane.store.transact((tx) =>
    writeRecord(tx, clusters.table, home, change(named(tx, clusters, home, nameOrArn))),
  );
  return value;
}
