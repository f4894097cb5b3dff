// Snapshots of nodes and groups as ElastiCache shows them.
import type { Snapshot } from '@aws-sdk/client-elasticache';
import type { StoredSnapshot } from '../records.ts';

export function snapshotShape(snapshot: StoredSnapshot, showNodes: boolean): Snapshot {
  const { cache } = snapshot;
  const isGroup = snapshot.of === 'replicationgroup';
  const megabytes = Math.ceil(snapshot.bytes / 1024 ** 2);
  return {
    SnapshotName: snapshot.name,
    ReplicationGroupId: isGroup && snapshot.clusterId === undefined ? cache.name : undefined,
    ReplicationGroupDescription: isGroup && snapshot.clusterId === undefined ? cache.description : undefined,
    CacheClusterId: isGroup ? snapshot.clusterId : cache.name,
    SnapshotStatus: snapshot.status,
    SnapshotSource: snapshot.source,
    CacheNodeType: cache.nodeType,
    Engine: cache.engine,
    EngineVersion: cache.version,
    NumCacheNodes: isGroup ? undefined : 1,
    PreferredAvailabilityZone: isGroup ? undefined : cache.shards[0]?.nodes[0]?.zone,
    CacheClusterCreateTime: isGroup ? undefined : new Date(cache.createdAt),
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
    NodeSnapshots: cache.shards.map((shard) => ({
      CacheClusterId: isGroup ? shard.nodes[0]?.id : cache.name,
      NodeGroupId: isGroup ? shard.id : undefined,
      CacheNodeId: '0001',
      CacheSize: `${megabytes} MB`,
      CacheNodeCreateTime: new Date(cache.createdAt),
      SnapshotCreateTime: new Date(snapshot.createdAt),
      ...(showNodes && isGroup
        ? { NodeGroupConfiguration: { Slots: shard.slots, ReplicaCount: shard.nodes.length - 1 } }
        : {}),
    })),
    KmsKeyId: snapshot.kmsKeyId,
    ARN: snapshot.arn,
    DataTiering: 'disabled',
  };
}
