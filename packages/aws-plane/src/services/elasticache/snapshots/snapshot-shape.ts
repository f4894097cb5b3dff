// Snapshots of nodes and groups as ElastiCache shows them.
import type { Snapshot } from '@aws-sdk/client-elasticache';
import type { StoredShard, StoredSnapshot } from '../records.ts';

export function snapshotShape(snapshot: StoredSnapshot, showNodes: boolean): Snapshot {
  const { cache } = snapshot;
  return {
    SnapshotName: snapshot.name,
    ...sourceShape(snapshot),
    SnapshotStatus: snapshot.status,
    SnapshotSource: snapshot.source,
    CacheNodeType: cache.nodeType,
    Engine: cache.engine,
    EngineVersion: cache.version,
    PreferredMaintenanceWindow: cache.maintenanceWindow,
    TopicArn: cache.topic,
    Port: cache.port,
    CacheParameterGroupName: cache.parameterGroup,
    CacheSubnetGroupName: cache.subnetGroup,
    AutoMinorVersionUpgrade: cache.autoMinor,
    SnapshotRetentionLimit: cache.snapshotDays,
    SnapshotWindow: cache.snapshotWindow,
    AutomaticFailover: cache.failover ? 'enabled' : 'disabled',
    NodeSnapshots: cache.shards.map((shard) => nodeSnapshot(snapshot, shard, showNodes)),
    KmsKeyId: snapshot.kmsKeyId,
    ARN: snapshot.arn,
    DataTiering: 'disabled',
  };
}

/** Of a group, of one of its nodes, or of a cluster. */
function sourceShape({ of, cache, clusterId }: StoredSnapshot): Snapshot {
  if (of !== 'replicationgroup') {
    return {
      CacheClusterId: cache.name,
      NumCacheNodes: 1,
      PreferredAvailabilityZone: cache.shards[0]?.nodes[0]?.zone,
      CacheClusterCreateTime: new Date(cache.createdAt),
    };
  }
  const NumNodeGroups = cache.shards.length;
  if (clusterId !== undefined) return { CacheClusterId: clusterId, NumNodeGroups };
  return { ReplicationGroupId: cache.name, ReplicationGroupDescription: cache.description, NumNodeGroups };
}

function nodeSnapshot(
  { of, cache, bytes, createdAt }: StoredSnapshot,
  shard: StoredShard,
  showNodes: boolean,
) {
  const isGroup = of === 'replicationgroup';
  const configuration = { Slots: shard.slots, ReplicaCount: shard.nodes.length - 1 };
  return {
    CacheClusterId: isGroup ? shard.nodes[0]?.id : cache.name,
    NodeGroupId: isGroup ? shard.id : undefined,
    CacheNodeId: '0001',
    CacheSize: `${Math.ceil(bytes / 1024 ** 2)} MB`,
    CacheNodeCreateTime: new Date(cache.createdAt),
    SnapshotCreateTime: new Date(createdAt),
    ...(showNodes && isGroup ? { NodeGroupConfiguration: configuration } : {}),
  };
}
