// Clusters in global clusters: joining when they are made, leaving when they end.
import type { CreateDBClusterMessage } from '@aws-sdk/client-rds';
import type { Transaction } from '@pergola/store';
import type { Call } from '../../../call.ts';
import { homeOf } from '../access.ts';
import { arnOf } from '../arn.ts';
import { faults } from '../faults.ts';
import { globalClusters, homeOfKind, named } from '../kinds.ts';
import type { StoredCluster } from '../records.ts';
import { type Home, listRecords, writeRecord } from '../state.ts';

/** What a cluster takes from the global cluster that it is made in. */
export function globalDefaults(call: Call, name: string | undefined): Partial<CreateDBClusterMessage> {
  if (!name) return {};
  const known = named(call.plane.store, globalClusters, homeOf(call), name);
  if (known.members.length > 0)
    throw faults.notImplemented(
      'A secondary cluster of a global cluster, for it would have to follow the first one,',
    );
  return {
    Engine: known.engine,
    EngineVersion: known.version,
    ...(known.database && { DatabaseName: known.database }),
  };
}

/** Adds a new cluster to its global cluster. */
export async function addMember(call: Call, cluster: StoredCluster): Promise<void> {
  if (cluster.globalCluster === undefined) return;
  const home = homeOf(call);
  const name = cluster.globalCluster;
  await call.plane.store.transact((tx) => {
    const known = named(tx, globalClusters, home, name);
    const members = [...known.members, arnOf(home, 'cluster', cluster.name)];
    writeRecord(tx, globalClusters.table, homeOfKind(globalClusters, home), { ...known, members });
  });
}

/** Takes a cluster out of whatever global cluster it is in. */
export function dropMember(tx: Transaction, home: Home, clusterArn: string): void {
  const all = homeOfKind(globalClusters, home);
  for (const known of listRecords(tx, globalClusters.table, all)) {
    if (!known.members.includes(clusterArn)) continue;
    const members = known.members.filter((arn) => arn !== clusterArn);
    writeRecord(tx, globalClusters.table, all, { ...known, members });
  }
}
