// Cache clusters: found, changed, rebooted, deleted. Nodes of replication groups are clusters too.
import type {
  CacheClusterMessage,
  DeleteCacheClusterMessage,
  DeleteCacheClusterResult,
  DescribeCacheClustersMessage,
  ModifyCacheClusterMessage,
  ModifyCacheClusterResult,
  RebootCacheClusterMessage,
  RebootCacheClusterResult,
} from '@aws-sdk/client-elasticache';
import type { Call } from '../../../call.ts';
import { type AnyOperation, defineOperation } from '../../../operation.ts';
import { homeOf, onNamed } from '../access.ts';
import { beginChange, beginDelete } from '../caches/begin.ts';
import { commonChanges } from '../caches/common-changes.ts';
import { layoutOf } from '../caches/settings.ts';
import { faults } from '../faults.ts';
import { clusters, groups } from '../kinds.ts';
import { pageOf } from '../paging.ts';
import type { StoredCache } from '../records.ts';
import { finalSnapshot } from '../snapshots/final-snapshot.ts';
import { listRecords } from '../state.ts';
import { clusterShape, type ClusterView, nodesOf, viewsOf } from './cluster-shape.ts';
import { nextNodes } from './node-count.ts';

function allViews(call: Call): ClusterView[] {
  const { store } = call.plane;
  const home = homeOf(call);
  const found = [...listRecords(store, clusters, home), ...listRecords(store, groups, home)];
  return found.flatMap(viewsOf).sort((a, b) => (a.id < b.id ? -1 : 1));
}

function viewOf(call: Call, id: string | undefined): ClusterView {
  const view = allViews(call).find((each) => each.id === id?.toLowerCase());
  if (!view) throw faults.noSuchCluster(id ?? '');
  return view;
}

function answer(call: Call, view: ClusterView, cache: StoredCache) {
  return { CacheCluster: clusterShape(call, { ...view, cache }, true) };
}

const describe = defineOperation<DescribeCacheClustersMessage, CacheClusterMessage>({
  name: 'DescribeCacheClusters',
  access: onNamed('DescribeCacheClusters', clusters, (input) => input.CacheClusterId),
  handle(
    call,
    { CacheClusterId, ShowCacheNodeInfo, ShowCacheClustersNotInReplicationGroups: alone, ...page },
  ) {
    if (CacheClusterId) {
      return { CacheClusters: [clusterShape(call, viewOf(call, CacheClusterId), ShowCacheNodeInfo)] };
    }
    const found = allViews(call).filter(({ cache }) => alone !== true || cache.kind === 'cluster');
    const { items, Marker } = pageOf(found, ({ id }) => id, page);
    return { Marker, CacheClusters: items.map((view) => clusterShape(call, view, ShowCacheNodeInfo)) };
  },
});

function assertAlone({ cache, id }: ClusterView): void {
  if (cache.kind === 'cluster') return;
  throw faults.invalidCombination(
    `Cache cluster ${id} is part of replication group ${cache.name}. Modify the replication group instead.`,
  );
}

const modify = defineOperation<ModifyCacheClusterMessage, ModifyCacheClusterResult>({
  name: 'ModifyCacheCluster',
  access: onNamed('ModifyCacheCluster', clusters, (input) => input.CacheClusterId),
  async handle(call, input) {
    const view = viewOf(call, input.CacheClusterId);
    assertAlone(view);
    const nodes = nextNodes(call, view.cache, input);
    const changes = await commonChanges(call, view.cache, input, nodes ? { waiting: { nodes } } : {});
    const cache = await beginChange(call, { kind: 'cluster', name: view.cache.name }, () => changes);
    return answer(call, view, cache);
  },
});

const reboot = defineOperation<RebootCacheClusterMessage, RebootCacheClusterResult>({
  name: 'RebootCacheCluster',
  access: onNamed('RebootCacheCluster', clusters, (input) => input.CacheClusterId),
  async handle(call, { CacheClusterId, CacheNodeIdsToReboot = [] }) {
    const view = viewOf(call, CacheClusterId);
    const ids = view.cache.kind === 'cluster' ? nodesOf(view.cache).map(({ id }) => id) : ['0001'];
    const unknown = CacheNodeIdsToReboot.find((id) => !ids.includes(id));
    if (unknown !== undefined || CacheNodeIdsToReboot.length === 0) {
      throw faults.invalidValue(`Cache node ${unknown ?? ''} is not a node of ${view.id}.`);
    }
    const cache = await beginChange(call, view.cache, () => ({
      status: 'rebooting cache cluster nodes',
      message: `Cache node ${CacheNodeIdsToReboot.join(', ')} restarted`,
      change: async (engine) => {
        await engine.stop();
        await engine.start();
        return {};
      },
    }));
    return answer(call, view, cache);
  },
});

/** A replica leaves its group; the primary and the only node cannot. */
async function removeReplica(call: Call, view: ClusterView): Promise<StoredCache> {
  return await beginChange(call, view.cache, (now) => {
    if (now.clustered) {
      throw faults.invalidCombination(
        'Use DecreaseReplicaCount for replication groups with cluster mode enabled.',
      );
    }
    if (now.shards.some(({ nodes }) => nodes[0]?.id === view.node.id)) {
      throw faults.clusterState(`The cache cluster ${view.id} is the primary of its replication group.`);
    }
    const shards = now.shards.map((shard) => ({
      ...shard,
      nodes: shard.nodes.filter(({ id }) => id !== view.node.id),
    }));
    if (now.failover && shards.some(({ nodes }) => nodes.length < 2)) {
      throw faults.clusterState('A replication group with automatic failover needs at least one replica.');
    }
    return {
      change: async (engine) => {
        await engine.setLayout(layoutOf({ ...now, shards }));
        return { shards };
      },
    };
  });
}

const remove = defineOperation<DeleteCacheClusterMessage, DeleteCacheClusterResult>({
  name: 'DeleteCacheCluster',
  access: onNamed('DeleteCacheCluster', clusters, (input) => input.CacheClusterId),
  async handle(call, { CacheClusterId, FinalSnapshotIdentifier }) {
    const view = viewOf(call, CacheClusterId);
    const cache =
      view.cache.kind === 'cluster'
        ? await beginDelete(call, view.cache, finalSnapshot(call, FinalSnapshotIdentifier))
        : await removeReplica(call, view);
    return answer(call, view, { ...cache, status: 'deleting' });
  },
});

export const clusterOperations: readonly AnyOperation[] = [describe, modify, reboot, remove];
