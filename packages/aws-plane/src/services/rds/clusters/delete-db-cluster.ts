// DeleteDBCluster: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBCluster.html
import type { DBCluster, DeleteDBClusterMessage } from '@aws-sdk/client-rds';
import { defineOperation } from '../../../operation.ts';
import { checkOn, homeOf } from '../access.ts';
import { arnOf } from '../arn.ts';
import { faults } from '../faults.ts';
import { dropMember } from '../globals/membership.ts';
import { clusterEndpoints, clusters, clusterSnapshots, find, instances, named } from '../kinds.ts';
import { identifierOf } from '../names.ts';
import type { StoredCluster } from '../records.ts';
import { remove } from '../runtime/lifecycle.ts';
import { deskOf } from '../runtime/rds-context.ts';
import { giveUpSecret } from '../secrets/managed-secret.ts';
import { assertRoom } from '../snapshots/snapshot-work.ts';
import { deleteRecord, type Home, writeRecord } from '../state.ts';
import type { Reader } from '@pergola/store';
import { endpointsOf } from './cluster-endpoint.ts';
import { clusterShape } from './cluster-shape.ts';
import { queueClusterJob } from './cluster-work.ts';

export const deleteDbCluster = defineOperation<DeleteDBClusterMessage, { readonly DBCluster: DBCluster }>({
  name: 'DeleteDBCluster',
  access: {
    iam({ DBClusterIdentifier: name = '', FinalDBSnapshotIdentifier: final }, call) {
      const check = checkOn(call, 'DeleteDBCluster', clusters, { name });
      return final ? [check, checkOn(call, 'DeleteDBCluster', clusterSnapshots, { name: final })] : [check];
    },
  },
  async handle(call, input) {
    const { plane } = call;
    const home = homeOf(call);
    const keepsBackups = input.DeleteAutomatedBackups === false;
    const { value: cluster } = await plane.store.transact((tx) => {
      const known = named(tx, clusters, home, input.DBClusterIdentifier);
      assertDeletable(tx, home, known);
      const finalSnapshot = finalSnapshotOf(input);
      if (finalSnapshot !== undefined) assertRoom(tx, clusterSnapshots, home, finalSnapshot);
      for (const endpoint of endpointsOf(tx, home, known))
        deleteRecord(tx, clusterEndpoints.table, home, endpoint.name);
      dropMember(tx, home, arnOf(home, 'cluster', known.name));
      return writeRecord(tx, clusters.table, home, {
        ...known,
        status: 'deleting',
        finalSnapshot,
        keepsBackups,
      });
    });
    const desk = deskOf(plane);
    void queueClusterJob(call, cluster, (at) => remove(desk, at));
    await giveUpSecret(call, cluster.secret);
    return { DBCluster: clusterShape(plane, home, cluster) };
  },
});

function assertDeletable(reader: Reader, home: Home, cluster: StoredCluster): void {
  if (cluster.settings.deletionProtection) throw faults.clusterProtected();
  if (cluster.status === 'deleting')
    throw faults.clusterState(`Cluster ${cluster.name} is already being deleted.`);
  const alive = cluster.members.filter((name) => find(reader, instances, home, name)?.status !== 'deleting');
  if (alive.length > 0)
    throw faults.clusterState(
      `Cluster cannot be deleted, it still contains DB instances in non-deleting state: ${alive.join(', ')}.`,
    );
}

function finalSnapshotOf(input: DeleteDBClusterMessage): string | undefined {
  const { SkipFinalSnapshot = false, FinalDBSnapshotIdentifier: final } = input;
  if (SkipFinalSnapshot) {
    if (final === undefined) return undefined;
    throw faults.invalidCombination(
      'FinalDBSnapshotIdentifier can not be specified when deleting a cluster and SkipFinalSnapshot is set.',
    );
  }
  if (final === undefined)
    throw faults.invalidCombination(
      'FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.',
    );
  return identifierOf(final, 'FinalDBSnapshotIdentifier', 255);
}
