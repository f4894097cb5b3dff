// Replication groups as ElastiCache shows them.
import type { NodeGroup, ReplicationGroup } from '@aws-sdk/client-elasticache';
import type { Call } from '../../../call.ts';
import { shownStatus } from '../caches/begin.ts';
import { endpointOf } from '../clusters/cluster-shape.ts';
import type { StoredCache, StoredShard } from '../records.ts';

function shardShape(cache: StoredCache, status: string, shard: StoredShard): NodeGroup {
  return {
    NodeGroupId: shard.id,
    Status: status,
    ...(cache.clustered
      ? { Slots: shard.slots }
      : {
          PrimaryEndpoint: endpointOf(cache.places['primary']),
          ReaderEndpoint: endpointOf(cache.places['reader']),
        }),
    NodeGroupMembers: shard.nodes.map((node, index) => ({
      CacheClusterId: node.id,
      CacheNodeId: '0001',
      PreferredAvailabilityZone: node.zone,
      ...(cache.clustered
        ? {}
        : {
            ReadEndpoint: endpointOf(cache.places[node.id]),
            CurrentRole: index === 0 ? 'primary' : 'replica',
          }),
    })),
  };
}

export function groupShape(call: Call, cache: StoredCache): ReplicationGroup {
  const status = shownStatus(call, cache);
  const isMade = Object.keys(cache.places).length > 0;
  return {
    ReplicationGroupId: cache.name,
    Description: cache.description,
    GlobalReplicationGroupInfo: {},
    Status: status,
    PendingModifiedValues: {},
    MemberClusters: cache.shards.flatMap(({ nodes }) => nodes.map(({ id }) => id)).sort(),
    NodeGroups: isMade ? cache.shards.map((shard) => shardShape(cache, status, shard)) : [],
    AutomaticFailover: cache.failover ? 'enabled' : 'disabled',
    MultiAZ: cache.multiAz ? 'enabled' : 'disabled',
    ConfigurationEndpoint: cache.clustered ? endpointOf(cache.places['configuration']) : undefined,
    SnapshottingClusterId:
      cache.snapshotDays > 0 && !cache.clustered ? cache.shards[0]?.nodes.at(-1)?.id : undefined,
    SnapshotRetentionLimit: cache.snapshotDays,
    SnapshotWindow: cache.snapshotWindow,
    ClusterEnabled: cache.clustered,
    CacheNodeType: cache.nodeType,
    AuthTokenEnabled: cache.authTokens.length > 0,
    AuthTokenLastModifiedDate: cache.authTokenAt ? new Date(cache.authTokenAt) : undefined,
    TransitEncryptionEnabled: cache.tls !== 'off',
    TransitEncryptionMode: cache.tls === 'off' ? undefined : cache.tls,
    AtRestEncryptionEnabled: cache.atRest,
    KmsKeyId: cache.kmsKeyId,
    ARN: cache.arn,
    UserGroupIds: [...cache.userGroups],
    LogDeliveryConfigurations: [],
    ReplicationGroupCreateTime: new Date(cache.createdAt),
    DataTiering: 'disabled',
    AutoMinorVersionUpgrade: cache.autoMinor,
    NetworkType: 'ipv4',
    IpDiscovery: 'ipv4',
    ClusterMode: cache.clusterMode,
    Engine: cache.engine,
  };
}
