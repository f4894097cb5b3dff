// CacheCluster: nodes of Memcached, or one of Redis or Valkey.
import type { Dealings, FieldRule, KindDescription, Raw } from '../../kind/description.ts';
import { select } from '../../kind/values/select.ts';
import {
  cacheProgress,
  elasticache,
  named,
  objectsOf,
  replaced,
  securityGroups,
  tags,
  terminal,
  topic,
  untold,
} from './service.ts';

const fields: Readonly<Record<string, FieldRule>> = {
  AZMode: untold,
  AuthToken: { secret: true },
  CacheClusterId: named,
  CacheParameterGroupName: {
    immutable: true,
    observe: 'CacheParameterGroup.CacheParameterGroupName',
    reference: { kind: 'CacheParameterGroup', path: 'spec.cacheParameterGroupName' },
  },
  CacheSecurityGroupNames: untold,
  CacheSubnetGroupName: {
    ...named,
    reference: { kind: 'CacheSubnetGroup', path: 'spec.cacheSubnetGroupName' },
  },
  EngineVersion: { compare: 'version' },
  NetworkType: replaced,
  NotificationTopicArn: topic,
  OutpostMode: untold,
  Port: { replace: true, observe: 'Port' },
  PreferredAvailabilityZone: { replace: true, lateInitialize: true },
  PreferredAvailabilityZones: untold,
  PreferredMaintenanceWindow: { compare: 'caseless' },
  PreferredOutpostArn: replaced,
  PreferredOutpostArns: untold,
  ReplicationGroupId: {
    immutable: true,
    compare: 'caseless',
    reference: { kind: 'ReplicationGroup', path: 'spec.replicationGroupID' },
  },
  SecurityGroupIds: securityGroups,
  SnapshotArns: untold,
  SnapshotName: {
    ...untold,
    immutable: true,
    reference: { kind: 'Snapshot', path: 'spec.snapshotName' },
  },
  TransitEncryptionEnabled: replaced,
};

function updateInput({ resource, field }: Dealings, keys: readonly string[]): Raw {
  const nodes = objectsOf(resource['CacheNodes']);
  const surplus = nodes.length - Number(field('NumCacheNodes') ?? nodes.length);
  return {
    ...(keys.includes('AuthToken') && { AuthTokenUpdateStrategy: 'ROTATE' }),
    // The last nodes go: AWS wants to know which.
    ...(keys.includes('NumCacheNodes') &&
      surplus > 0 && { CacheNodeIdsToRemove: nodes.slice(-surplus).map(({ CacheNodeId }) => CacheNodeId) }),
  };
}

export const cacheCluster: KindDescription = {
  service: elasticache,
  kind: 'CacheCluster',
  isStateful: true,
  identity: 'CacheClusterId',
  fields,
  create: [{ operation: 'CreateCacheCluster', at: 'CacheCluster' }],
  read: [
    {
      operation: 'DescribeCacheClusters',
      input: { CacheClusterId: '$CacheClusterId', ShowCacheNodeInfo: true },
      at: 'CacheClusters[0]',
      absent: ['CacheClusterNotFound'],
    },
  ],
  update: [
    {
      operation: 'ModifyCacheCluster',
      input: { CacheClusterId: '$CacheClusterId', ApplyImmediately: true },
    },
  ],
  tags,
  remove: [{ operation: 'DeleteCacheCluster', input: { CacheClusterId: '$CacheClusterId' } }],
  progress: cacheProgress('CacheClusterStatus', ['available']),
  terminal: [
    ...terminal,
    'CacheClusterAlreadyExists',
    'CacheSubnetGroupNotFoundFault',
    'CacheParameterGroupNotFound',
  ],
  columns: [
    { name: 'ENGINE', path: '.spec.engine' },
    { name: 'VERSION', path: '.spec.engineVersion' },
    { name: 'STATUS', path: '.status.cacheClusterStatus' },
    { name: 'ENDPOINT', path: '.status.configurationEndpoint.address', priority: 1 },
  ],
  ways: {
    read: ({ resource }) => {
      const pending = resource['PendingModifiedValues'];
      const changes = ['NumCacheNodes', 'EngineVersion', 'CacheNodeType'].map(
        (name) => [name, select(pending, name) ?? resource[name]] as const,
      );
      return Promise.resolve({
        ...Object.fromEntries(changes),
        Port:
          select(resource, 'ConfigurationEndpoint.Port') ?? select(resource, 'CacheNodes[0].Endpoint.Port'),
      });
    },
    updateInput,
    dataAtRisk: (_call, { spec }) =>
      Promise.resolve(spec['engine'] === 'memcached' ? undefined : 'it is a cache that may hold data'),
  },
};
