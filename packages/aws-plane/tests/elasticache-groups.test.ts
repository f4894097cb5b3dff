import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AddTagsToResourceCommand,
  CreateCacheClusterCommand,
  CreateCacheParameterGroupCommand,
  CreateCacheSubnetGroupCommand,
  CreateReplicationGroupCommand,
  CreateSnapshotCommand,
  DeleteCacheParameterGroupCommand,
  DeleteCacheSubnetGroupCommand,
  DescribeCacheClustersCommand,
  DescribeCacheEngineVersionsCommand,
  DescribeCacheParameterGroupsCommand,
  DescribeCacheParametersCommand,
  DescribeCacheSubnetGroupsCommand,
  DescribeReplicationGroupsCommand,
  DescribeReservedCacheNodesOfferingsCommand,
  ListTagsForResourceCommand,
  ModifyCacheParameterGroupCommand,
  ModifyReplicationGroupCommand,
  RemoveTagsFromResourceCommand,
  ResetCacheParameterGroupCommand,
} from '@aws-sdk/client-elasticache';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { account, type CachePlane, startCachePlane } from './elasticache-plane.ts';
import { refusalOf } from './plane.ts';

let plane: CachePlane;
beforeAll(async () => {
  plane = await startCachePlane();
});
afterAll(async () => {
  await plane[Symbol.asyncDispose]();
  expect(plane.bugs).toEqual([]);
});

const node = { Engine: 'redis', CacheNodeType: 'cache.t3.micro', NumCacheNodes: 1 };

describe('parameter groups', () => {
  const CacheParameterGroupName = 'own';

  it('are of a family, and change what their caches do', async () => {
    const { elasticache } = plane;
    const family = { CacheParameterGroupFamily: 'redis7', Description: 'own' };
    await elasticache.send(new CreateCacheParameterGroupCommand({ CacheParameterGroupName, ...family }));
    await elasticache.send(
      new CreateCacheClusterCommand({ ...node, CacheClusterId: 'tuned', CacheParameterGroupName }),
    );
    await plane.clusterIsUp('tuned');
    const ParameterNameValues = [{ ParameterName: 'maxmemory-policy', ParameterValue: 'allkeys-lfu' }];
    await elasticache.send(
      new ModifyCacheParameterGroupCommand({ CacheParameterGroupName, ParameterNameValues }),
    );
    const own = { CacheParameterGroupName, Source: 'user' };
    const { Parameters } = await elasticache.send(new DescribeCacheParametersCommand(own));
    expect(Parameters).toMatchObject([{ ParameterName: 'maxmemory-policy', ParameterValue: 'allkeys-lfu' }]);
    const shown = { CacheClusterId: 'tuned', ShowCacheNodeInfo: true };
    const { CacheClusters } = await elasticache.send(new DescribeCacheClustersCommand(shown));
    const redis = plane.redis(CacheClusters?.[0]?.CacheNodes?.[0]?.Endpoint);
    expect(await redis.info('memory')).toContain('maxmemory_policy:allkeys-lfu');
    const all = { CacheParameterGroupName, ResetAllParameters: true };
    await elasticache.send(new ResetCacheParameterGroupCommand(all));
    expect(await redis.info('memory')).toContain('maxmemory_policy:volatile-lru');
  });

  it('refuse what they do not know, what is out of range, and to go while they are used', async () => {
    const { elasticache } = plane;
    const change = (ParameterName: string, ParameterValue: string) =>
      refusalOf(
        elasticache.send(
          new ModifyCacheParameterGroupCommand({
            CacheParameterGroupName,
            ParameterNameValues: [{ ParameterName, ParameterValue }],
          }),
        ),
      );
    expect(await change('nonsense', '1')).toMatchObject({ code: 'InvalidParameterValue' });
    expect(await change('timeout', '10')).toMatchObject({ code: 'InvalidParameterValue' });
    expect(await change('maxclients', '10')).toMatchObject({ code: 'InvalidParameterValue' });
    const remove = (name: string) =>
      refusalOf(elasticache.send(new DeleteCacheParameterGroupCommand({ CacheParameterGroupName: name })));
    expect(await remove(CacheParameterGroupName)).toMatchObject({ code: 'InvalidCacheParameterGroupState' });
    expect(await remove('default.redis7')).toMatchObject({ code: 'InvalidCacheParameterGroupState' });
    expect(await remove('absent')).toMatchObject({ code: 'CacheParameterGroupNotFound', status: 404 });
  });

  it('are there for every family without having been made', async () => {
    const named = { CacheParameterGroupName: 'default.redis7.cluster.on' };
    const { CacheParameterGroups } = await plane.elasticache.send(
      new DescribeCacheParameterGroupsCommand(named),
    );
    expect(CacheParameterGroups).toMatchObject([{ CacheParameterGroupFamily: 'redis7' }]);
  });
});

it('subnet groups hold subnets of one VPC that exist', async () => {
  const { elasticache } = plane;
  const { CacheSubnetGroups } = await elasticache.send(new DescribeCacheSubnetGroupsCommand({}));
  const subnets = CacheSubnetGroups?.[0]?.Subnets?.map(({ SubnetIdentifier = '' }) => SubnetIdentifier) ?? [];
  expect(subnets.length).toBeGreaterThan(1);
  const own = { CacheSubnetGroupName: 'own', CacheSubnetGroupDescription: 'own' };
  const make = (SubnetIds: string[]) =>
    elasticache.send(new CreateCacheSubnetGroupCommand({ ...own, SubnetIds }));
  expect(await refusalOf(make(['subnet-00000000']))).toMatchObject({ code: 'InvalidSubnet' });
  expect((await make(subnets)).CacheSubnetGroup).toMatchObject({ VpcId: CacheSubnetGroups?.[0]?.VpcId });
  expect(await refusalOf(make(subnets))).toMatchObject({ code: 'CacheSubnetGroupAlreadyExists' });
  await elasticache.send(
    new CreateCacheClusterCommand({ ...node, CacheClusterId: 'inside', CacheSubnetGroupName: 'own' }),
  );
  expect(await refusalOf(elasticache.send(new DeleteCacheSubnetGroupCommand(own)))).toMatchObject({
    code: 'CacheSubnetGroupInUse',
  });
});

it('tags are added, listed and removed by ARN', async () => {
  const ResourceName = `arn:aws:elasticache:us-east-1:${account}:parametergroup:own`;
  const { elasticache } = plane;
  await elasticache.send(
    new AddTagsToResourceCommand({ ResourceName, Tags: [{ Key: 'team', Value: 'shop' }] }),
  );
  const { TagList } = await elasticache.send(new ListTagsForResourceCommand({ ResourceName }));
  expect(TagList).toEqual([{ Key: 'team', Value: 'shop' }]);
  await elasticache.send(new RemoveTagsFromResourceCommand({ ResourceName, TagKeys: ['team'] }));
  const again = new RemoveTagsFromResourceCommand({ ResourceName, TagKeys: ['team'] });
  expect(await refusalOf(elasticache.send(again))).toMatchObject({ code: 'TagNotFound' });
  const other = new ListTagsForResourceCommand({ ResourceName: ResourceName.replace('own', 'absent') });
  expect(await refusalOf(elasticache.send(other))).toMatchObject({ code: 'CacheParameterGroupNotFound' });
});

it('versions are listed, and what cannot be made is none', async () => {
  const { elasticache } = plane;
  const { CacheEngineVersions } = await elasticache.send(
    new DescribeCacheEngineVersionsCommand({ Engine: 'redis', DefaultOnly: true }),
  );
  expect(CacheEngineVersions).toMatchObject([{ EngineVersion: '7.1', CacheParameterGroupFamily: 'redis7' }]);
  const { ReservedCacheNodesOfferings } = await elasticache.send(
    new DescribeReservedCacheNodesOfferingsCommand({}),
  );
  expect(ReservedCacheNodesOfferings ?? []).toEqual([]);
});

it('changes wait for the window unless they are wanted at once', async () => {
  const { elasticache } = plane;
  const ReplicationGroupId = 'patient';
  await elasticache.send(
    new CreateReplicationGroupCommand({
      ReplicationGroupId,
      ReplicationGroupDescription: 'x',
      CacheNodeType: 'cache.t3.micro',
      NumCacheClusters: 1,
    }),
  );
  await plane.groupIsUp(ReplicationGroupId);
  const bigger = { ReplicationGroupId, CacheNodeType: 'cache.t3.small' };
  await elasticache.send(new ModifyReplicationGroupCommand(bigger));
  await plane.groupIsUp(ReplicationGroupId);
  const nodeOf = async () => {
    const { CacheClusters } = await elasticache.send(
      new DescribeCacheClustersCommand({ CacheClusterId: 'patient-001' }),
    );
    return CacheClusters?.[0];
  };
  expect(await nodeOf()).toMatchObject({
    CacheNodeType: 'cache.t3.micro',
    PendingModifiedValues: { CacheNodeType: 'cache.t3.small' },
  });
  await elasticache.send(new ModifyReplicationGroupCommand({ ...bigger, ApplyImmediately: true }));
  await plane.groupIsUp(ReplicationGroupId);
  expect((await nodeOf())?.CacheNodeType).toBe('cache.t3.small');
});

it('policies decide, on the ARN of the cache', async () => {
  const arn = `arn:aws:elasticache:us-east-1:${account}:cluster:tuned`;
  const { client } = await plane.userWith('reader', [
    { Effect: 'Allow', Action: 'elasticache:DescribeCacheClusters', Resource: arn },
  ]);
  const described = await client.send(new DescribeCacheClustersCommand({ CacheClusterId: 'tuned' }));
  expect(described.CacheClusters).toHaveLength(1);
  const refused = await refusalOf(
    client.send(new CreateSnapshotCommand({ CacheClusterId: 'tuned', SnapshotName: 's' })),
  );
  expect(refused).toMatchObject({ code: 'AccessDenied', status: 403 });
  expect(refused.message).toContain('elasticache:CreateSnapshot');
});

it('caches come back with their data and their places when the plane is started again', async () => {
  const path = mkdtempSync(join(tmpdir(), 'pergola-elasticache-again-'));
  const CacheClusterId = 'again';
  const shown = new DescribeCacheClustersCommand({ CacheClusterId, ShowCacheNodeInfo: true });
  const endpointOf = async (one: CachePlane) => {
    const { CacheClusters } = await one.elasticache.send(shown);
    return CacheClusters?.[0]?.CacheNodes?.[0]?.Endpoint;
  };
  try {
    const first = await startCachePlane(path);
    await first.elasticache.send(new CreateCacheClusterCommand({ ...node, CacheClusterId }));
    await first.clusterIsUp(CacheClusterId);
    const before = await endpointOf(first);
    await first.redis(before).set('a', '1');
    await first[Symbol.asyncDispose]();
    await using second = await startCachePlane(path);
    await second.clusterIsUp(CacheClusterId);
    expect(await endpointOf(second)).toEqual(before);
    expect(await second.redis(before).get('a')).toBe('1');
    const { ReplicationGroups } = await second.elasticache.send(new DescribeReplicationGroupsCommand({}));
    expect(ReplicationGroups ?? []).toEqual([]);
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
});
