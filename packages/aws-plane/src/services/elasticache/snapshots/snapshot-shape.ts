// Snapshots of nodes and groups as ElastiCache shows them.
import type { Snapshot } from '@aws-sdk/client-elasticache';
import type { StoredShard, StoredSnapshot } from '../records.ts';

export function snapshotShape(snapshot: StoredSnapshot, showNodes: boolean): Snapshot {
  const { cache } = snapshot;
  const isGroup = snapshot.of === 'replicationgroup';
  const ownGroup = isGroup && snapshot.clusterId === undefined ? cache : undefined;
  const ownCluster = isGroup ? undefined : cache;
  return {
    SnapshotName: snapshot.name,
    ReplicationGroupId: ownGroup?.name,
    ReplicationGroupDescription: ownGroup?.description,
    CacheClusterId: ownCluster?.name ?? snapshot.clusterId,
    SnapshotStatus: snapshot.status,
    SnapshotSource: snapshot.source,
    CacheNodeType: cache.nodeType,
    Engine: cache.engine,
    EngineVersion: cache.version,
    NumCacheNodes: ownCluster && 1,
    PreferredAvailabilityZone: ownCluster?.shards[0]?.nodes[0]?.zone,
    CacheClusterCreateTime: ownCluster && new Date(ownCluster.createdAt),
    PreferredMaintenanceWindow: cache.maintenanceWindow,
    TopicArn: cache.topic,
    Port: cache.port,
    CacheParameterGroupName: cache.parameterGroup,
    CacheSubnetGroupName: cache.subnetGroup,
    AutoMinorVersionUpgrade: cache.autoMinor,
    SnapshotRetentionLimit: cache.snapshotDays,
    SnapshotWindow: cache.snapshotWindow,
    NumNodeGroups: isGroup ? cache.shards.length : undefined,
    AutomaticFailover: cache.failover ? 'enabled' : 'disabled',
    NodeSnapshots: cache.shards.map((shard) => nodeSnapshot(snapshot, shard, showNodes)),
    KmsKeyId: snapshot.kmsKeyId,
    ARN: snapshot.arn,
    DataTiering: 'disabled',
  };
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
