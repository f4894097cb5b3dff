// What caches do when their windows come: pending changes are applied, and a snapshot is given each day.
import {
  CreateCacheClusterCommand,
  DeleteCacheClusterCommand,
  DescribeCacheClustersCommand,
  DescribeSnapshotsCommand,
  ElastiCacheClient,
  ModifyCacheClusterCommand,
} from '@aws-sdk/client-elasticache';
import { fakeClock } from '@pergola/kernel';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { elasticache } from '../src/services/elasticache/service.ts';
import { adminKey, secretAccessKey, startTestPlane, type TestPlane } from './plane.ts';
import { realEngines, type RealEngines } from './real-engines.ts';

const HOUR_MS = 3_600_000;
const clock = fakeClock(Date.now());
let real: RealEngines;
let plane: TestPlane;
beforeAll(async () => {
  real = await realEngines();
  plane = await startTestPlane({ clock, services: [elasticache], engines: await real.open() });
  await elasticache.start?.(plane.plane);
});
afterAll(async () => {
  await plane[Symbol.asyncDispose]();
  await plane.plane.engines?.[Symbol.asyncDispose]();
  await real[Symbol.asyncDispose]();
});

/** Sends with a signature of the plane's time. */
async function sent<T>(work: (client: ElastiCacheClient) => Promise<T>): Promise<T> {
  const client = new ElastiCacheClient({
    region: 'us-east-1',
    endpoint: plane.url,
    credentials: { accessKeyId: adminKey, secretAccessKey },
    maxAttempts: 1,
    systemClockOffset: clock.nowMs() - Date.now(),
  });
  try {
    return await work(client);
  } finally {
    client.destroy();
  }
}

/** `fri:10:20`, so long from now. */
function momentIn(ms: number): string {
  const date = new Date(clock.nowMs() + ms);
  const day = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'][date.getUTCDay()] ?? '';
  return `${day}:${date.toISOString().slice(11, 16)}`;
}
const windowIn = (ms: number) => `${momentIn(ms)}-${momentIn(ms + HOUR_MS)}`;
const hoursIn = (ms: number) => `${momentIn(ms).slice(4)}-${momentIn(ms + HOUR_MS).slice(4)}`;

const CacheClusterId = 'one';
const cluster = async () => {
  const { CacheClusters } = await sent((client) =>
    client.send(new DescribeCacheClustersCommand({ CacheClusterId })),
  );
  return CacheClusters?.[0];
};
const isUp = () => expect.poll(async () => (await cluster())?.CacheClusterStatus).toBe('available');
const modify = async (changes: object) => {
  await sent((client) => client.send(new ModifyCacheClusterCommand({ CacheClusterId, ...changes })));
  await isUp();
};
const snapshots = async () => {
  const input = { CacheClusterId, SnapshotSource: 'system' };
  const { Snapshots = [] } = await sent((client) => client.send(new DescribeSnapshotsCommand(input)));
  return Snapshots.map(({ SnapshotName, SnapshotStatus }) => [SnapshotName, SnapshotStatus]);
};

it('applies what waited, in its window or with the next change at once', async () => {
  const input = { CacheClusterId, Engine: 'redis', EngineVersion: '6.2', CacheNodeType: 'cache.t3.micro' };
  await sent((client) =>
    client.send(
      new CreateCacheClusterCommand({ ...input, PreferredMaintenanceWindow: windowIn(5 * HOUR_MS) }),
    ),
  );
  await isUp();
  await modify({ CacheNodeType: 'cache.t3.small', EngineVersion: '7.1' });
  const PendingModifiedValues = { CacheNodeType: 'cache.t3.small', EngineVersion: '7.1.0' };
  expect(await cluster()).toMatchObject({ CacheNodeType: 'cache.t3.micro', PendingModifiedValues });
  // Asking for what is there takes the wish back.
  await modify({ CacheNodeType: 'cache.t3.micro' });
  expect((await cluster())?.PendingModifiedValues).toEqual({ EngineVersion: '7.1.0' });
  clock.advance(2 * HOUR_MS);
  expect(await cluster()).toMatchObject({ EngineVersion: '6.2.6' });
  clock.advance(3 * HOUR_MS + 120_000);
  await expect.poll(async () => (await cluster())?.EngineVersion).toBe('7.1.0');
  await isUp();
  expect(await cluster()).toMatchObject({
    PendingModifiedValues: {},
    CacheParameterGroup: { CacheParameterGroupName: 'default.redis7' },
  });
  await modify({ PreferredMaintenanceWindow: windowIn(48 * HOUR_MS), CacheNodeType: 'cache.t3.small' });
  await modify({ AutoMinorVersionUpgrade: false, ApplyImmediately: true });
  expect(await cluster()).toMatchObject({ CacheNodeType: 'cache.t3.small', PendingModifiedValues: {} });
});

it('gives a snapshot a day while it is to, keeps as many as it is to, and takes them with it', async () => {
  await modify({ SnapshotRetentionLimit: 1, SnapshotWindow: hoursIn(HOUR_MS) });
  clock.advance(HOUR_MS / 2);
  expect(await snapshots()).toEqual([]);
  clock.advance(HOUR_MS / 2 + 120_000);
  await expect.poll(async () => (await snapshots())[0]?.[1]).toBe('available');
  const [first] = await snapshots();
  expect(first?.[0]).toMatch(/^automatic\.one-\d{4}-\d\d-\d\d-\d\d-\d\d$/);
  await isUp();
  clock.advance(300_000);
  await isUp();
  expect(await snapshots()).toEqual([first]);
  clock.advance(24 * HOUR_MS);
  await expect.poll(async () => (await snapshots()).map(([name]) => name)).not.toContain(first?.[0]);
  expect(await snapshots()).toHaveLength(1);
  await sent((client) => client.send(new DeleteCacheClusterCommand({ CacheClusterId })));
  await expect.poll(snapshots).toEqual([]);
});
