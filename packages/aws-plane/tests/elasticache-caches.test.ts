import {
  CopySnapshotCommand,
  CreateCacheClusterCommand,
  CreateReplicationGroupCommand,
  CreateServerlessCacheCommand,
  CreateSnapshotCommand,
  DecreaseReplicaCountCommand,
  DeleteCacheClusterCommand,
  DeleteReplicationGroupCommand,
  DeleteServerlessCacheCommand,
  DescribeCacheClustersCommand,
  DescribeEventsCommand,
  DescribeReplicationGroupsCommand,
  DescribeServerlessCachesCommand,
  DescribeSnapshotsCommand,
  IncreaseReplicaCountCommand,
  ModifyReplicationGroupCommand,
  ModifyReplicationGroupShardConfigurationCommand,
  type ReplicationGroup,
  TestFailoverCommand,
} from '@aws-sdk/client-elasticache';
import { Cluster } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CachePlane, startCachePlane } from './elasticache-plane.ts';
import { refusalOf } from './plane.ts';

let plane: CachePlane;
beforeAll(async () => {
  plane = await startCachePlane();
});
afterAll(async () => {
  await plane[Symbol.asyncDispose]();
  expect(plane.bugs).toEqual([]);
});

const group = async (ReplicationGroupId: string): Promise<ReplicationGroup> => {
  const answer = await plane.elasticache.send(new DescribeReplicationGroupsCommand({ ReplicationGroupId }));
  return answer.ReplicationGroups?.[0] ?? {};
};

describe('a cache cluster', () => {
  const CacheClusterId = 'one';

  it('is made, and has a real endpoint when it is available', async () => {
    const made = await plane.elasticache.send(
      new CreateCacheClusterCommand({
        CacheClusterId,
        Engine: 'redis',
        CacheNodeType: 'cache.t3.micro',
        NumCacheNodes: 1,
      }),
    );
    expect(made.CacheCluster).toMatchObject({ CacheClusterStatus: 'creating', EngineVersion: '7.1.0' });
    await plane.clusterIsUp(CacheClusterId);
    const { CacheClusters } = await plane.elasticache.send(
      new DescribeCacheClustersCommand({ CacheClusterId, ShowCacheNodeInfo: true }),
    );
    const redis = plane.redis(CacheClusters?.[0]?.CacheNodes?.[0]?.Endpoint);
    expect(await redis.set('a', '1')).toBe('OK');
  });

  it('is refused twice, and with a bad name or type', async () => {
    const again = { CacheClusterId, Engine: 'redis', CacheNodeType: 'cache.t3.micro', NumCacheNodes: 1 };
    expect(await refusalOf(plane.elasticache.send(new CreateCacheClusterCommand(again)))).toMatchObject({
      code: 'CacheClusterAlreadyExists',
      status: 400,
    });
    expect(
      await refusalOf(
        plane.elasticache.send(new CreateCacheClusterCommand({ ...again, CacheClusterId: 'a--b' })),
      ),
    ).toMatchObject({ code: 'InvalidParameterValue' });
  });

  it('gives its data to a snapshot, and that to another', async () => {
    await plane.elasticache.send(new CreateSnapshotCommand({ CacheClusterId, SnapshotName: 'snap' }));
    await plane.clusterIsUp(CacheClusterId);
    await plane.elasticache.send(
      new CopySnapshotCommand({ SourceSnapshotName: 'snap', TargetSnapshotName: 'copied' }),
    );
    const { Snapshots } = await plane.elasticache.send(new DescribeSnapshotsCommand({ CacheClusterId }));
    expect(Snapshots?.map(({ SnapshotName, SnapshotStatus }) => [SnapshotName, SnapshotStatus])).toEqual([
      ['copied', 'available'],
      ['snap', 'available'],
    ]);
    await plane.elasticache.send(
      new CreateReplicationGroupCommand({
        ReplicationGroupId: 'restored',
        ReplicationGroupDescription: 'from a snapshot',
        SnapshotName: 'copied',
        CacheNodeType: 'cache.t3.micro',
        NumCacheClusters: 1,
      }),
    );
    await plane.groupIsUp('restored');
    const redis = plane.redis((await group('restored')).NodeGroups?.[0]?.PrimaryEndpoint);
    expect(await redis.get('a')).toBe('1');
  });

  it('is deleted, and says so in its events', async () => {
    await plane.elasticache.send(new DeleteCacheClusterCommand({ CacheClusterId }));
    const gone = () =>
      refusalOf(plane.elasticache.send(new DescribeCacheClustersCommand({ CacheClusterId }))).catch(
        () => undefined,
      );
    await expect.poll(async () => (await gone())?.code).toBe('CacheClusterNotFound');
    const { Events } = await plane.elasticache.send(
      new DescribeEventsCommand({ SourceType: 'cache-cluster', SourceIdentifier: CacheClusterId }),
    );
    expect(Events?.map(({ Message }) => Message)).toContain('Cache cluster created');
  });
});

describe('a replication group', () => {
  const ReplicationGroupId = 'pair';
  const tls = () => ({ tls: { ca: plane.ca } });

  it('has a primary that takes writes, replicas that do not, and TLS with a token', async () => {
    await plane.elasticache.send(
      new CreateReplicationGroupCommand({
        ReplicationGroupId,
        ReplicationGroupDescription: 'two nodes',
        CacheNodeType: 'cache.t3.micro',
        NumCacheClusters: 2,
        AutomaticFailoverEnabled: true,
        TransitEncryptionEnabled: true,
        AuthToken: 'a-token-of-16-chars-or-more',
      }),
    );
    await plane.groupIsUp(ReplicationGroupId);
    const [shard] = (await group(ReplicationGroupId)).NodeGroups ?? [];
    const password = 'a-token-of-16-chars-or-more';
    const primary = plane.redis(shard?.PrimaryEndpoint, { ...tls(), password });
    expect(await primary.set('k', 'v')).toBe('OK');
    const reader = plane.redis(shard?.ReaderEndpoint, { ...tls(), password });
    expect(await reader.get('k')).toBe('v');
    await expect(reader.set('k', 'w')).rejects.toThrow(
      "READONLY You can't write against a read only replica.",
    );
    const stranger = plane.redis(shard?.PrimaryEndpoint, tls());
    await expect(stranger.get('k')).rejects.toThrow('NOAUTH');
  });

  it('rotates its token: both are good until one is set', async () => {
    const change = async (AuthToken: string, AuthTokenUpdateStrategy: 'ROTATE' | 'SET') => {
      const change = { ReplicationGroupId, AuthToken, AuthTokenUpdateStrategy, ApplyImmediately: true };
      await plane.elasticache.send(new ModifyReplicationGroupCommand(change));
      await plane.groupIsUp(ReplicationGroupId);
    };
    await change('another-token-of-16-chars', 'ROTATE');
    const endpoint = (await group(ReplicationGroupId)).NodeGroups?.[0]?.PrimaryEndpoint;
    const works = async (password: string) =>
      await plane
        .redis(endpoint, { ...tls(), password, retryStrategy: () => null })
        .get('k')
        .catch((error: Error) => error.message);
    expect(await works('a-token-of-16-chars-or-more')).toBe('v');
    expect(await works('another-token-of-16-chars')).toBe('v');
    await change('another-token-of-16-chars', 'SET');
    expect(await works('a-token-of-16-chars-or-more')).not.toBe('v');
    expect(await works('another-token-of-16-chars')).toBe('v');
  });

  it('fails over, grows and shrinks, and keeps its data and its endpoint', async () => {
    const before = (await group(ReplicationGroupId)).NodeGroups?.[0];
    await plane.elasticache.send(new TestFailoverCommand({ ReplicationGroupId, NodeGroupId: '0001' }));
    await plane.groupIsUp(ReplicationGroupId);
    const after = (await group(ReplicationGroupId)).NodeGroups?.[0];
    const primaryOf = (shard = before) =>
      shard?.NodeGroupMembers?.find(({ CurrentRole }) => CurrentRole === 'primary');
    expect(primaryOf(after)?.CacheClusterId).not.toBe(primaryOf(before)?.CacheClusterId);
    expect(after?.PrimaryEndpoint).toEqual(before?.PrimaryEndpoint);
    const more = { ReplicationGroupId, NewReplicaCount: 3, ApplyImmediately: true };
    await plane.elasticache.send(new IncreaseReplicaCountCommand(more));
    await plane.groupIsUp(ReplicationGroupId);
    expect((await group(ReplicationGroupId)).MemberClusters).toEqual([
      'pair-001',
      'pair-002',
      'pair-003',
      'pair-004',
    ]);
    await plane.elasticache.send(new DecreaseReplicaCountCommand({ ...more, NewReplicaCount: 1 }));
    await plane.groupIsUp(ReplicationGroupId);
    const redis = plane.redis(after?.PrimaryEndpoint, { ...tls(), password: 'another-token-of-16-chars' });
    expect(await redis.get('k')).toBe('v');
    expect(await redis.set('k', 'after')).toBe('OK');
  });

  it('is deleted with a last snapshot', async () => {
    await plane.elasticache.send(
      new DeleteReplicationGroupCommand({ ReplicationGroupId, FinalSnapshotIdentifier: 'last' }),
    );
    await expect
      .poll(async () => (await refusalOf(group(ReplicationGroupId)).catch(() => undefined))?.code)
      .toBe('ReplicationGroupNotFoundFault');
    const { Snapshots } = await plane.elasticache.send(
      new DescribeSnapshotsCommand({ SnapshotName: 'last' }),
    );
    expect(Snapshots?.[0]?.SnapshotStatus).toBe('available');
  });
});

it('a replication group in cluster mode spreads its keys, and keeps them when shards are added', async () => {
  const ReplicationGroupId = 'spread';
  await plane.elasticache.send(
    new CreateReplicationGroupCommand({
      ReplicationGroupId,
      ReplicationGroupDescription: 'cluster',
      CacheNodeType: 'cache.t3.micro',
      NumNodeGroups: 2,
      ReplicasPerNodeGroup: 1,
    }),
  );
  await plane.groupIsUp(ReplicationGroupId);
  const made = await group(ReplicationGroupId);
  expect(made.NodeGroups?.map(({ Slots }) => Slots)).toEqual(['0-8191', '8192-16383']);
  const { Address = '', Port = 0 } = made.ConfigurationEndpoint ?? {};
  const cluster = new Cluster([{ host: Address, port: Port }], { slotsRefreshTimeout: 5000 });
  try {
    const names = Array.from({ length: 200 }, (_, at) => `key:${at}`);
    for (const name of names) await cluster.set(name, name);
    await expect(cluster.mget('key:1', 'key:2')).rejects.toThrow(/CROSSSLOT|same slot/);
    await plane.elasticache.send(
      new ModifyReplicationGroupShardConfigurationCommand({
        ReplicationGroupId,
        NodeGroupCount: 3,
        ApplyImmediately: true,
      }),
    );
    await plane.groupIsUp(ReplicationGroupId);
    expect((await group(ReplicationGroupId)).NodeGroups).toHaveLength(3);
    const values = await Promise.all(names.map((name) => cluster.get(name)));
    expect(values).toEqual(names);
  } finally {
    cluster.disconnect();
  }
});

it('a serverless cache answers by TLS at its endpoint', async () => {
  const ServerlessCacheName = 'free';
  await plane.elasticache.send(new CreateServerlessCacheCommand({ ServerlessCacheName, Engine: 'valkey' }));
  await plane.serverlessIsUp(ServerlessCacheName);
  const answer = await plane.elasticache.send(new DescribeServerlessCachesCommand({ ServerlessCacheName }));
  const redis = plane.redis(answer.ServerlessCaches?.[0]?.Endpoint, { tls: { ca: plane.ca } });
  expect(await redis.set('a', '1')).toBe('OK');
  await plane.elasticache.send(new DeleteServerlessCacheCommand({ ServerlessCacheName }));
});
