// Operators on the real planes: one whose calls AWS throttles, and two of which one works at a time.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { typeOf } from '../src/runtime/names.ts';
import { sampleOf } from './life.ts';
import { namespace, startWorld, targetOf, type World } from './lives-world.ts';
import { eventually } from './runtime-setup.ts';
import { startThrottlingProxy } from './throttling-proxy.ts';

/** One of each protocol and service, with the field that names it in AWS. */
const resources = [
  ['iam/Role', 'name'],
  ['iam/Policy', 'name'],
  ['cloudwatchlogs/LogGroup', 'name'],
  ['dynamodb/Table', 'tableName'],
  ['s3/Bucket', 'name'],
  ['rds/DBParameterGroup', 'name'],
  ['elasticache/CacheParameterGroup', 'cacheParameterGroupName'],
] as const;

let world: World;

beforeAll(async () => {
  world = await startWorld(['iam', 'cloudwatchlogs', 'dynamodb', 's3', 'rds', 'elasticache']);
});
afterAll(() => world[Symbol.asyncDispose]());

async function applyAll(name: string): Promise<void> {
  for (const [each, nameField] of resources) {
    const spec = { ...sampleOf(each).spec, [nameField]: `of-${name}` };
    const annotations = { 'deletion-policy': 'delete' };
    await world.apply(world.kind(each), name, { spec, annotations });
  }
}

/** Kinds that are not in sync. */
async function unsynced(name: string): Promise<readonly string[]> {
  const conditions = resources.map(async ([each]) => {
    const condition = await world.condition(world.kind(each), name, 'ACK.ResourceSynced');
    return condition?.status === 'True' ? [] : [each];
  });
  return (await Promise.all(conditions)).flat();
}

async function removeAll(name: string): Promise<void> {
  for (const [each] of resources) await world.client.delete(typeOf(world.kind(each)), { namespace, name });
}

async function left(name: string): Promise<readonly string[]> {
  const found = await Promise.all(resources.map(([each]) => world.find(world.kind(each), name)));
  return found.flatMap((object) => object?.kind ?? []);
}

/** Operations that made something, and how often. */
function creations(mark: string | undefined): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const operation of world.writesSince(mark)) {
    if (operation.startsWith('Create')) counts[operation] = (counts[operation] ?? 0) + 1;
  }
  return counts;
}

const onceEach = {
  CreateRole: 1,
  CreatePolicy: 1,
  CreateLogGroup: 1,
  CreateTable: 1,
  CreateBucket: 1,
  CreateDBParameterGroup: 1,
  CreateCacheParameterGroup: 1,
};

test('where every third call is throttled everything comes about, once, and goes', async () => {
  await using proxy = await startThrottlingProxy(world.aws.url);
  await using _operator = await world.operator({ aws: targetOf(world.aws, proxy.url) });
  const mark = world.lastCall();
  await applyAll('slow');
  await expect.poll(() => unsynced('slow'), { timeout: 60_000, interval: 100 }).toEqual([]);
  expect(creations(mark)).toEqual(onceEach);
  await removeAll('slow');
  await expect.poll(() => left('slow'), { timeout: 60_000, interval: 100 }).toEqual([]);
  expect(proxy.counts.throttled).toBeGreaterThan(proxy.counts.answered / 3);
}, 150_000);

test('of two operators one works; the other finishes what the first has begun', async () => {
  const lost: Error[] = [];
  const election = (identity: string) => ({
    leaderElection: { namespace: 'ack-system', identity, onLost: (error: Error) => void lost.push(error) },
  });
  const mark = world.lastCall();
  const first = await world.operator(election('first'));
  await applyAll('led');
  await eventually(() => world.writesSince(mark).length).toBeGreaterThan(2);
  const second = await world.operator(election('second'));
  expect(second.totals.awsCalls).toBe(0);
  await first[Symbol.asyncDispose]();
  await eventually(() => unsynced('led')).toEqual([]);
  expect(creations(mark)).toEqual(onceEach);
  await removeAll('led');
  await eventually(() => left('led')).toEqual([]);
  expect(second.totals.awsCalls).toBeGreaterThan(0);
  expect(lost).toEqual([]);
});
