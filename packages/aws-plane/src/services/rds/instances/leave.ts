// The end of an instance that has no server of its own: a cluster's member, a read replica.
import { clusters, find, instances } from '../kinds.ts';
import type { StoredInstance } from '../records.ts';
import { type DatabaseAt, tell } from '../runtime/databases.ts';
import type { EngineDesk } from '../runtime/engine-desk.ts';
import { deleteRecord, writeRecord } from '../state.ts';

/** Forgets it; its cluster loses a member. */
export async function leave(
  desk: EngineDesk,
  at: DatabaseAt,
  instance: StoredInstance | undefined,
): Promise<void> {
  if (!instance) return;
  const { plane } = desk;
  const { home } = at;
  await plane.store.transact((tx) => {
    deleteRecord(tx, instances.table, home, instance.name);
    const cluster =
      instance.clusterName === undefined ? undefined : find(tx, clusters, home, instance.clusterName);
    if (cluster) {
      const members = cluster.members.filter((name) => name !== instance.name);
      writeRecord(tx, clusters.table, home, { ...cluster, members });
    }
    tell(
      plane,
      tx,
      { ...at, name: instance.name },
      { message: 'DB instance deleted', categories: ['deletion'] },
    );
  });
}
