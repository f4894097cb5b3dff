// CreateCacheCluster: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateCacheCluster.html
import type { CreateCacheClusterMessage, CreateCacheClusterResult } from '@aws-sdk/client-elasticache';
import type { CacheDoor } from '@pergola/engines';
import type { Call } from '../../../call.ts';
import { defineOperation } from '../../../operation.ts';
import { conditions, creationChecks, homeOf, use } from '../access.ts';
import { beginChange, beginCreate } from '../caches/begin.ts';
import { networkOf, placeNodes } from '../caches/network.ts';
import { authTokenOf, engineOf, newCache, portOf, snapshotDaysOf, windowOf } from '../caches/new-cache.ts';
import { layoutOf } from '../caches/settings.ts';
import { nodeType } from '../catalogue.ts';
import { faults } from '../faults.ts';
import { clusters, groups, named, parameterGroups, snapshots, subnetGroups } from '../kinds.ts';
import { identifier } from '../names.ts';
import type { StoredCache } from '../records.ts';
import { snapshotToRestore, withSnapshot } from '../snapshots/restoring.ts';
import { readRecord } from '../state.ts';
import { clusterShape, viewsOf } from './cluster-shape.ts';
import { assertNodeCount, nodeIds } from './node-count.ts';

const MOST_REPLICAS = 5;
/** What the entrances of a cache are called, besides its nodes. */
const doorNames: readonly string[] = ['primary', 'reader', 'configuration'] satisfies CacheDoor[];

/** A cluster of a replication group is one more replica of it. */
async function addReplica(
  call: Call,
  name: string,
  input: CreateCacheClusterMessage,
): Promise<CreateCacheClusterResult> {
  if (doorNames.includes(name)) throw faults.invalidValue(`A replica cannot be called ${name} here.`);
  const taken = readRecord(call.plane.store, clusters, homeOf(call), name);
  const group = named(call.plane.store, groups, homeOf(call), input.ReplicationGroupId);
  if (taken || viewsOf(group).some(({ id }) => id === name)) throw faults.clusterExists();
  const [node] = placeNodes(
    call,
    [name],
    input.PreferredAvailabilityZone ? [input.PreferredAvailabilityZone] : [],
  );
  const cache = await beginChange(call, { kind: 'replicationgroup', name: group.name }, (now) => {
    const [shard] = now.shards;
    if (now.clustered || !shard || !node) {
      throw faults.invalidCombination(
        'Cannot add a cache cluster to a replication group with cluster mode enabled.',
      );
    }
    if (shard.nodes.length > MOST_REPLICAS)
      throw faults.nodeQuota('A replication group has at most 5 replicas.');
    const shards = [{ ...shard, nodes: [...shard.nodes, node] }];
    return {
      change: async (engine) => {
        await engine.setLayout(layoutOf({ ...now, shards }));
        return { shards };
      },
    };
  });
  const view = { id: name, cache: { ...cache, status: 'creating' }, node: node ?? { id: name, zone: '' } };
  return { CacheCluster: clusterShape(call, view, true) };
}

function assertNodes(
  { NumCacheNodes, AuthToken, TransitEncryptionEnabled }: CreateCacheClusterMessage,
  engine: string,
  isRestored: boolean,
): void {
  if (AuthToken !== undefined && TransitEncryptionEnabled !== true) {
    throw faults.invalidCombination(
      'The AUTH token is only supported when encryption-in-transit is enabled.',
    );
  }
  if (engine !== 'memcached' && (NumCacheNodes ?? 1) !== 1) {
    throw faults.invalidValue(
      'Cannot create a Redis cluster with more than 1 node: NumCacheNodes must be 1.',
    );
  }
  if (engine !== 'memcached') return;
  if (isRestored)
    throw faults.invalidCombination('Clusters that run Memcached cannot be made from snapshots.');
  if (AuthToken !== undefined) throw faults.invalidCombination('AuthToken is not supported for memcached.');
  if (NumCacheNodes === undefined) {
    throw faults.invalidValue('The parameter NumCacheNodes must be provided.');
  }
  assertNodeCount(NumCacheNodes);
}

/** One zone for all nodes, or one for each; without any they are spread only when that is asked for. */
function zonesFor(input: CreateCacheClusterMessage, count: number): string[] {
  const { PreferredAvailabilityZone: one, PreferredAvailabilityZones: each = [], AZMode } = input;
  if (AZMode === 'cross-az' && count < 2) {
    throw faults.invalidCombination('AZMode cross-az needs more than one cache node.');
  }
  if (each.length > 0) {
    if (each.length === count) return [...each];
    throw faults.invalidCombination(
      'The number of PreferredAvailabilityZones must be equal to the value of NumCacheNodes.',
    );
  }
  return one === undefined ? [] : Array.from({ length: count }, () => one);
}

async function recordOf(call: Call, name: string, input: CreateCacheClusterMessage): Promise<StoredCache> {
  const restored = snapshotToRestore(call, input);
  const engine = engineOf(call, withSnapshot(input, restored), { otherwise: 'memcached', clustered: false });
  assertNodes(input, engine.engine, restored !== undefined);
  const isMemcached = engine.engine === 'memcached';
  const ids = nodeIds(isMemcached ? (input.NumCacheNodes ?? 1) : 1);
  const nodes = placeNodes(call, ids, zonesFor(input, ids.length));
  const request = { kind: 'cluster', name, tags: input.Tags } as const;
  return newCache(call, request, {
    ...engine,
    ...(await networkOf(call, input)),
    port: portOf(input.Port, isMemcached ? 11_211 : 6379),
    nodeType: nodeType(withSnapshot(input, restored).CacheNodeType),
    tls: input.TransitEncryptionEnabled === true ? 'required' : 'off',
    atRest: false,
    authTokens: authTokenOf(input.AuthToken),
    userGroups: [],
    topic: input.NotificationTopicArn,
    maintenanceWindow: windowOf(input.PreferredMaintenanceWindow, 'sun:05:00-sun:06:00'),
    snapshotWindow: windowOf(input.SnapshotWindow, '03:00-04:00'),
    snapshotDays: isMemcached ? 0 : snapshotDaysOf(input.SnapshotRetentionLimit),
    autoMinor: input.AutoMinorVersionUpgrade ?? true,
    clustered: false,
    shards: [{ id: '0001', slots: '0-16383', nodes }],
    description: '',
    failover: false,
    multiAz: false,
    networkType: 'ipv4',
    clusterMode: 'disabled',
    restoreFrom: restored?.dataId,
  });
}

export const createCacheCluster = defineOperation<CreateCacheClusterMessage, CreateCacheClusterResult>({
  name: 'CreateCacheCluster',
  access: {
    iam: (input, call) =>
      creationChecks(call, 'CreateCacheCluster', clusters, {
        name: input.CacheClusterId,
        tags: input.Tags,
        context: conditions({
          CacheNodeType: input.CacheNodeType,
          EngineType: input.Engine,
          EngineVersion: input.EngineVersion,
          MultiAZEnabled: input.AZMode === 'cross-az',
          AuthTokenEnabled: input.AuthToken !== undefined,
          SnapshotRetentionLimit: input.SnapshotRetentionLimit,
          CacheParameterGroupName: input.CacheParameterGroupName,
        }),
        uses: [
          use(parameterGroups, input.CacheParameterGroupName),
          use(subnetGroups, input.CacheSubnetGroupName),
          use(groups, input.ReplicationGroupId),
          use(snapshots, input.SnapshotName),
        ],
      }),
  },
  async handle(call, input) {
    const name = identifier(input.CacheClusterId, 'CacheClusterIdentifier', 50);
    if (input.ReplicationGroupId) return addReplica(call, name, input);
    if (input.OutpostMode || input.LogDeliveryConfigurations?.length) {
      throw faults.notImplemented(input.OutpostMode ? 'Caches on Outposts' : 'The delivery of logs');
    }
    const cache = await recordOf(call, name, input);
    await beginCreate(call, cache);
    const [view] = viewsOf(cache);
    return { CacheCluster: view && clusterShape(call, view) };
  },
});
