// Cache clusters as ElastiCache shows them: those that stand alone, and the nodes of replication groups.
import type { CacheCluster, CacheNode } from '@aws-sdk/client-elasticache';
import type { EnginePlace } from '@pergola/engines';
import type { Call } from '../../../call.ts';
import { homeOf } from '../access.ts';
import { shownStatus } from '../caches/begin.ts';
import { arnOf } from '../kinds.ts';
import type { StoredCache, StoredNode } from '../records.ts';

export function endpointOf(place: EnginePlace | undefined): { Address: string; Port: number } | undefined {
  return place && { Address: place.host, Port: place.port };
}

/** A cluster: its cache, and the node that it is of it. */
export interface ClusterView {
  readonly id: string;
  readonly cache: StoredCache;
  readonly node: StoredNode;
}

export function viewsOf(cache: StoredCache): ClusterView[] {
  // A cluster that stands alone is one, however many nodes it has.
  if (cache.kind === 'cluster') {
    return nodesOf(cache)
      .slice(0, 1)
      .map((node) => ({ id: cache.name, cache, node }));
  }
  return cache.shards.flatMap(({ nodes }) => nodes.map((node) => ({ id: node.id, cache, node })));
}

export function nodesOf({ shards }: StoredCache): readonly StoredNode[] {
  return shards.flatMap(({ nodes }) => nodes);
}

function nodeShape(status: string, { kind, createdAt, places }: StoredCache, node: StoredNode): CacheNode {
  return {
    CacheNodeId: kind === 'cluster' ? node.id : '0001',
    CacheNodeStatus: status,
    CacheNodeCreateTime: new Date(createdAt),
    Endpoint: endpointOf(places[node.id]),
    ParameterGroupStatus: 'in-sync',
    CustomerAvailabilityZone: node.zone,
  };
}

function shared(cache: StoredCache): CacheCluster {
  return {
    CacheNodeType: cache.nodeType,
    Engine: cache.engine,
    EngineVersion: cache.version,
    NumCacheNodes: cache.kind === 'cluster' ? nodesOf(cache).length : 1,
    CacheClusterCreateTime: new Date(cache.createdAt),
    PreferredMaintenanceWindow: cache.maintenanceWindow,
    CacheSecurityGroups: [],
    CacheParameterGroup: {
      CacheParameterGroupName: cache.parameterGroup,
      ParameterApplyStatus: 'in-sync',
      CacheNodeIdsToReboot: [],
    },
    CacheSubnetGroupName: cache.subnetGroup,
    AutoMinorVersionUpgrade: cache.autoMinor,
    SecurityGroups: cache.securityGroups.map((SecurityGroupId) => ({ SecurityGroupId, Status: 'active' })),
    AuthTokenEnabled: cache.authTokens.length > 0,
    TransitEncryptionEnabled: cache.tls !== 'off',
    AtRestEncryptionEnabled: cache.atRest,
    ReplicationGroupLogDeliveryEnabled: false,
    LogDeliveryConfigurations: [],
    NetworkType: 'ipv4',
    IpDiscovery: 'ipv4',
  };
}

export function clusterShape(call: Call, view: ClusterView, showNodes = false): CacheCluster {
  const { id, cache, node } = view;
  const status = shownStatus(call, cache);
  const isAlone = cache.kind === 'cluster';
  const takesSnapshots = isAlone || cache.shards.some(({ nodes }) => nodes.at(-1)?.id === node.id);
  return {
    ...shared(cache),
    CacheClusterId: id,
    ClientDownloadLandingPage: 'https://console.aws.amazon.com/elasticache/home#client-download:',
    CacheClusterStatus: status,
    PreferredAvailabilityZone: isAlone ? zoneOf(cache) : node.zone,
    ConfigurationEndpoint: isAlone ? endpointOf(cache.places['configuration']) : undefined,
    PendingModifiedValues: pendingOf(cache),
    NotificationConfiguration: cache.topic ? { TopicArn: cache.topic, TopicStatus: 'active' } : undefined,
    CacheNodes: showNodes ? shownNodes(view).map((each) => nodeShape(status, cache, each)) : [],
    ReplicationGroupId: isAlone ? undefined : cache.name,
    SnapshotRetentionLimit: takesSnapshots ? cache.snapshotDays : 0,
    SnapshotWindow: cache.snapshotWindow,
    AuthTokenLastModifiedDate: cache.authTokenAt ? new Date(cache.authTokenAt) : undefined,
    ARN: isAlone ? cache.arn : arnOf(homeOf(call), 'cluster', id),
    TransitEncryptionMode: cache.tls === 'off' ? undefined : cache.tls,
  };
}

function shownNodes({ cache, node }: ClusterView): readonly StoredNode[] {
  return cache.kind === 'cluster' ? nodesOf(cache) : [node];
}

function zoneOf(cache: StoredCache): string {
  const zones = [...new Set(nodesOf(cache).map(({ zone }) => zone))];
  return zones.length > 1 ? 'Multiple' : (zones[0] ?? '');
}

function pendingOf({ pending }: StoredCache) {
  return {
    ...(pending.nodes ? { NumCacheNodes: pending.nodes.length } : {}),
    ...(pending.nodeType ? { CacheNodeType: pending.nodeType } : {}),
    ...(pending.version ? { EngineVersion: pending.version } : {}),
  };
}
