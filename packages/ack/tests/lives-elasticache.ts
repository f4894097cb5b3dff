// What the kinds of ElastiCache are made with, changed to and held to.
import {
  DescribeCacheClustersCommand,
  DescribeCacheParameterGroupsCommand,
  DescribeCacheParametersCommand,
  DescribeCacheSubnetGroupsCommand,
  DescribeReplicationGroupsCommand,
  DescribeServerlessCachesCommand,
  DescribeSnapshotsCommand,
  DescribeUserGroupsCommand,
  DescribeUsersCommand,
  type ElastiCacheClient,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-elasticache';
import { expect } from 'vitest';
import type { Life } from './life.ts';

const tagOf = (team: string) => expect.arrayContaining([{ Key: 'team', Value: team }]) as unknown;
const api = [{ key: 'team', value: 'api' }];
const weekly = 'sat:05:00-sat:06:00';

async function withTags<T extends { readonly ARN?: string | undefined }>(
  caches: ElastiCacheClient,
  found: T | undefined,
) {
  if (!found) return undefined;
  const { TagList } = await caches.send(new ListTagsForResourceCommand({ ResourceName: found.ARN }));
  return { ...found, TagList };
}

const parameterGroup: Life = {
  kind: 'elasticache/CacheParameterGroup',
  spec: { cacheParameterGroupName: 'life' },
  async read({ elasticache }) {
    const named = { CacheParameterGroupName: 'life' };
    const { CacheParameterGroups } = await elasticache.send(new DescribeCacheParameterGroupsCommand(named));
    const { Parameters = [] } = await elasticache.send(
      new DescribeCacheParametersCommand({ ...named, Source: 'user' }),
    );
    const parameters = Parameters.map(({ ParameterName, ParameterValue }) => [ParameterName, ParameterValue]);
    return { ...(await withTags(elasticache, CacheParameterGroups?.[0])), parameters };
  },
  made: { CacheParameterGroupFamily: 'redis7', parameters: [['maxmemory-policy', 'allkeys-lru']] },
  changes: {
    parameterNameValues: [{ parameterName: 'timeout', parameterValue: '60' }],
    tags: api,
  },
  changed: { parameters: [['timeout', '60']], TagList: tagOf('api') },
  replaced: { cacheParameterGroupFamily: 'valkey8', description: 'Another' },
};

const subnetGroup: Life = {
  kind: 'elasticache/CacheSubnetGroup',
  spec: { cacheSubnetGroupName: 'life' },
  async read({ elasticache }) {
    const { CacheSubnetGroups } = await elasticache.send(
      new DescribeCacheSubnetGroupsCommand({ CacheSubnetGroupName: 'life' }),
    );
    return await withTags(elasticache, CacheSubnetGroups?.[0]);
  },
  made: { CacheSubnetGroupDescription: 'The private subnets', Subnets: [{}, {}] },
  changes: {
    cacheSubnetGroupDescription: 'Those of life',
    subnetRefs: [{ from: { name: 'private-a' } }],
    tags: api,
  },
  changed: { CacheSubnetGroupDescription: 'Those of life', Subnets: [{}], TagList: tagOf('api') },
};

const user: Life = {
  kind: 'elasticache/User',
  spec: { userID: 'life', userName: 'life' },
  async read({ elasticache }) {
    const { Users } = await elasticache.send(new DescribeUsersCommand({ UserId: 'life' }));
    return await withTags(elasticache, Users?.[0]);
  },
  made: { Status: 'active', Authentication: { Type: 'password', PasswordCount: 1 } },
  changes: { accessString: 'on ~app:* -@all +@read +@write', tags: api },
  changed: { AccessString: expect.stringContaining('~app:*') as unknown, TagList: tagOf('api') },
  replaced: { userName: 'another' },
};

const userGroup: Life = {
  kind: 'elasticache/UserGroup',
  needs: ['elasticache/User'],
  spec: { userGroupID: 'life' },
  async read({ elasticache }) {
    const { UserGroups } = await elasticache.send(new DescribeUserGroupsCommand({ UserGroupId: 'life' }));
    return await withTags(elasticache, UserGroups?.[0]);
  },
  made: { Status: 'active', UserIds: ['default', 'reader'] },
  changes: { userIDs: ['default'], tags: api },
  changed: { Status: 'active', UserIds: ['default'], TagList: tagOf('api') },
};

const cluster: Life = {
  kind: 'elasticache/CacheCluster',
  spec: { cacheClusterID: 'life' },
  async read({ elasticache }) {
    const { CacheClusters } = await elasticache.send(
      new DescribeCacheClustersCommand({ CacheClusterId: 'life', ShowCacheNodeInfo: true }),
    );
    return await withTags(elasticache, CacheClusters?.[0]);
  },
  made: { CacheClusterStatus: 'available', Engine: 'redis', CacheNodeType: 'cache.t4g.micro' },
  changes: {
    cacheNodeType: 'cache.t4g.small',
    preferredMaintenanceWindow: weekly,
    snapshotRetentionLimit: 3,
    snapshotWindow: '03:00-04:00',
    autoMinorVersionUpgrade: false,
    tags: api,
  },
  changed: {
    CacheClusterStatus: 'available',
    CacheNodeType: 'cache.t4g.small',
    PreferredMaintenanceWindow: weekly,
    SnapshotRetentionLimit: 3,
    SnapshotWindow: '03:00-04:00',
    AutoMinorVersionUpgrade: false,
    TagList: tagOf('api'),
  },
  replaced: { port: 7000 },
};

const replicationGroup: Life = {
  kind: 'elasticache/ReplicationGroup',
  needs: ['elasticache/CacheParameterGroup'],
  spec: { replicationGroupID: 'life' },
  async read({ elasticache }) {
    const { ReplicationGroups } = await elasticache.send(
      new DescribeReplicationGroupsCommand({ ReplicationGroupId: 'life' }),
    );
    return await withTags(elasticache, ReplicationGroups?.[0]);
  },
  made: {
    Status: 'available',
    Description: 'Sessions of the shop',
    MemberClusters: ['life-001', 'life-002'],
    AutomaticFailover: 'enabled',
    TransitEncryptionEnabled: true,
    AuthTokenEnabled: true,
  },
  changes: {
    description: 'Of life',
    cacheNodeType: 'cache.t4g.small',
    replicasPerNodeGroup: 2,
    snapshotRetentionLimit: 3,
    snapshotWindow: '03:00-04:00',
    multiAZEnabled: true,
    cacheParameterGroupName: 'forgetful',
    tags: api,
  },
  changed: {
    Status: 'available',
    Description: 'Of life',
    CacheNodeType: 'cache.t4g.small',
    MemberClusters: ['life-001', 'life-002', 'life-003'],
    SnapshotRetentionLimit: 3,
    SnapshotWindow: '03:00-04:00',
    MultiAZ: 'enabled',
    TagList: tagOf('api'),
  },
  replaced: { atRestEncryptionEnabled: true, port: 7000 },
};

const serverless: Life = {
  kind: 'elasticache/ServerlessCache',
  spec: { serverlessCacheName: 'life' },
  async read({ elasticache }) {
    const { ServerlessCaches } = await elasticache.send(
      new DescribeServerlessCachesCommand({ ServerlessCacheName: 'life' }),
    );
    return await withTags(elasticache, ServerlessCaches?.[0]);
  },
  made: {
    Status: 'available',
    Engine: 'valkey',
    Description: 'Lookups of the shop',
    CacheUsageLimits: { DataStorage: { Maximum: 1 } },
  },
  changes: {
    description: 'Of life',
    cacheUsageLimits: { dataStorage: { maximum: 2 } },
    snapshotRetentionLimit: 3,
    dailySnapshotTime: '04:00',
    tags: api,
  },
  changed: {
    Status: 'available',
    Description: 'Of life',
    CacheUsageLimits: { DataStorage: { Maximum: 2 } },
    SnapshotRetentionLimit: 3,
    DailySnapshotTime: '04:00',
    TagList: tagOf('api'),
  },
  replaced: { networkType: 'ipv6' },
};

const snapshot: Life = {
  kind: 'elasticache/Snapshot',
  needs: ['elasticache/ReplicationGroup'],
  spec: { snapshotName: 'life' },
  async read({ elasticache }) {
    const { Snapshots } = await elasticache.send(new DescribeSnapshotsCommand({ SnapshotName: 'life' }));
    return await withTags(elasticache, Snapshots?.[0]);
  },
  made: { SnapshotStatus: 'available', ReplicationGroupId: 'sessions', SnapshotSource: 'manual' },
  changes: { tags: api },
  changed: { TagList: tagOf('api') },
};

export const elasticacheLives: readonly Life[] = [
  parameterGroup,
  subnetGroup,
  user,
  userGroup,
  cluster,
  replicationGroup,
  serverless,
  snapshot,
];
