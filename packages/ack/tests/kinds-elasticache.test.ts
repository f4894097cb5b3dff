// Kinds of ElastiCache: their whole life on the real service, over real caches.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EngineHost } from '../../engines/src/index.ts';
import type { Kind, Observed, Wanted } from '../src/kind/kind.ts';
import { loadKinds } from '../src/kinds/index.ts';
import { leftOver, startTestAws, type TestAws, want } from './kind-life.ts';
import { openTestEngines } from './test-engines.ts';

let engines: EngineHost;
let aws: TestAws;
let kinds: readonly Kind[];

beforeAll(async () => {
  engines = await openTestEngines();
  aws = await startTestAws(engines);
  kinds = await loadKinds(['elasticache']);
});
afterAll(async () => {
  await aws[Symbol.asyncDispose]();
  await engines[Symbol.asyncDispose]();
});

function of(name: string): { kind: Kind; call: ReturnType<TestAws['callOf']> } {
  const kind = kinds.find((candidate) => candidate.kind === name);
  if (!kind) throw new Error(name);
  return { kind, call: aws.callOf(kind) };
}

/** Until it is ready and as wanted, as a reconciler would go on. */
async function converge(name: string, wanted: Wanted): Promise<Observed> {
  const { kind, call } = of(name);
  let observed: Observed | undefined;
  await expect
    .poll(async () => {
      observed = (await kind.read(call, wanted)) ?? (await kind.create(call, wanted));
      const { state } = kind.progressOf(observed);
      const differences = kind.compare(wanted, observed);
      if (state === 'ready' && differences.length > 0) {
        await kind.update(call, { wanted, observed, differences });
      }
      return [state, ...differences.map(({ path }) => path)];
    })
    .toEqual(['ready']);
  if (!observed) throw new Error('it is not there');
  return observed;
}

async function gone(name: string, wanted: Wanted): Promise<void> {
  const { kind, call } = of(name);
  await expect
    .poll(async () => {
      const observed = await kind.read(call, wanted);
      if (observed) await kind.remove(call, wanted, observed);
      return observed;
    })
    .toBeUndefined();
}

test('a cluster of one node: created, modified, deleted', async () => {
  const spec = { cacheClusterID: 'one', engine: 'redis', cacheNodeType: 'cache.t4g.micro', numCacheNodes: 1 };
  const observed = await converge('CacheCluster', want(spec));
  expect(observed.status).toMatchObject({ cacheClusterStatus: 'available' });
  aws.calls.length = 0;
  const changed = want({
    ...spec,
    snapshotRetentionLimit: 3,
    preferredMaintenanceWindow: 'Sun:05:00-Sun:06:00',
  });
  await converge('CacheCluster', changed);
  expect(aws.writes()).toEqual(['ModifyCacheCluster']);
  await gone('CacheCluster', changed);
});

test('a group gets and loses replicas, and another description', async () => {
  const spec = {
    replicationGroupID: 'group',
    description: 'first',
    engine: 'redis',
    cacheNodeType: 'cache.t4g.micro',
    numNodeGroups: 1,
    replicasPerNodeGroup: 1,
    automaticFailoverEnabled: true,
  };
  const observed = await converge('ReplicationGroup', want(spec));
  expect(observed.spec).toMatchObject({ numNodeGroups: 1, replicasPerNodeGroup: 1 });
  aws.calls.length = 0;
  await converge('ReplicationGroup', want({ ...spec, replicasPerNodeGroup: 2, description: 'second' }));
  expect(aws.writes().toSorted()).toEqual(['IncreaseReplicaCount', 'ModifyReplicationGroup']);
  aws.calls.length = 0;
  const less = want({ ...spec, description: 'second' });
  await converge('ReplicationGroup', less);
  expect(aws.writes()).toEqual(['DecreaseReplicaCount']);
  await gone('ReplicationGroup', less);
});

test('a changed password is rotated in', async () => {
  const spec = {
    replicationGroupID: 'guarded',
    description: 'guarded',
    engine: 'redis',
    cacheNodeType: 'cache.t4g.micro',
    numCacheClusters: 1,
    transitEncryptionEnabled: true,
    authToken: 'a-long-enough-token',
  };
  const observed = await converge('ReplicationGroup', want(spec));
  const { kind, call } = of('ReplicationGroup');
  const wanted = want({ ...spec, authToken: 'another-long-token' }, { changedSecrets: ['authToken'] });
  aws.calls.length = 0;
  await kind.update(call, { wanted, observed, differences: kind.compare(wanted, observed) });
  expect(aws.calls.find(({ operation }) => operation === 'ModifyReplicationGroup')?.input).toEqual({
    ReplicationGroupId: 'guarded',
    ApplyImmediately: true,
    AuthToken: 'another-long-token',
    AuthTokenUpdateStrategy: 'ROTATE',
  });
  expect(JSON.stringify(observed)).not.toContain('long-enough-token');
});

test('users and their groups', async () => {
  const user = (id: string) =>
    want({
      userID: id,
      userName: id,
      engine: 'redis',
      accessString: 'on ~* +@read',
      passwords: ['a-long-enough-password'],
    });
  const observed = await converge('User', user('alice'));
  expect(observed.status['lastRequestedAccessString']).toBe('on ~* +@read');
  await converge('User', user('bob'));
  const group = (userIDs: readonly string[]) => want({ userGroupID: 'people', engine: 'redis', userIDs });
  await converge('UserGroup', group(['default', 'alice']));
  aws.calls.length = 0;
  await converge('UserGroup', group(['default', 'bob']));
  const [modify] = aws.calls.filter(({ operation }) => operation === 'ModifyUserGroup');
  expect(modify?.input).toEqual({ UserGroupId: 'people', UserIdsToAdd: ['bob'], UserIdsToRemove: ['alice'] });
  await gone('UserGroup', group(['default', 'bob']));
  await gone('User', user('alice'));
});

test('parameters: only those of the user count', async () => {
  const wanted = (values: Readonly<Record<string, string>>) =>
    want({
      cacheParameterGroupName: 'tuned',
      cacheParameterGroupFamily: 'redis7',
      description: 'tuned',
      parameterNameValues: Object.entries(values).map(([parameterName, parameterValue]) => ({
        parameterName,
        parameterValue,
      })),
    });
  await converge('CacheParameterGroup', wanted({ 'maxmemory-policy': 'allkeys-lru', timeout: '60' }));
  aws.calls.length = 0;
  await converge('CacheParameterGroup', wanted({ timeout: '90' }));
  expect(aws.writes()).toEqual(['ModifyCacheParameterGroup', 'ResetCacheParameterGroup']);
  const { kind, call } = of('CacheParameterGroup');
  expect(await leftOver(kind, call, wanted({ timeout: '90' }))).toEqual([]);
});

test('a snapshot, and a group that is made from it', async () => {
  const spec = {
    replicationGroupID: 'origin',
    description: 'origin',
    engine: 'redis',
    cacheNodeType: 'cache.t4g.micro',
    numCacheClusters: 1,
  };
  await converge('ReplicationGroup', want(spec));
  await converge('Snapshot', want({ snapshotName: 'saved', replicationGroupID: 'origin' }));
  await converge('ReplicationGroup', want({ ...spec, replicationGroupID: 'again', snapshotName: 'saved' }));
  await gone('Snapshot', want({ snapshotName: 'saved' }));
});
