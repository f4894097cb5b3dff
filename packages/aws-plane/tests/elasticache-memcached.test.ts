// Memcached clusters, by the server of this machine.
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import {
  CreateCacheClusterCommand,
  CreateSnapshotCommand,
  DescribeCacheClustersCommand,
  ModifyCacheClusterCommand,
  RebootCacheClusterCommand,
} from '@aws-sdk/client-elasticache';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CachePlane, type Endpoint, startCachePlane } from './elasticache-plane.ts';
import { refusalOf } from './plane.ts';

let plane: CachePlane;
beforeAll(async () => {
  plane = await startCachePlane();
});
afterAll(async () => {
  await plane[Symbol.asyncDispose]();
  expect(plane.bugs).toEqual([]);
});

const CacheClusterId = 'mem';
const input = {
  CacheClusterId,
  Engine: 'memcached',
  CacheNodeType: 'cache.t3.micro',
  NumCacheNodes: 2,
  AZMode: 'cross-az',
} as const;

const cluster = async () => {
  const { CacheClusters } = await plane.elasticache.send(
    new DescribeCacheClustersCommand({ CacheClusterId, ShowCacheNodeInfo: true }),
  );
  return CacheClusters?.[0];
};

async function say(endpoint: Endpoint | undefined, text: string): Promise<string> {
  const socket = connect(endpoint?.Port ?? 0, endpoint?.Address ?? '');
  try {
    socket.write(text);
    const [bytes] = (await once(socket, 'data')) as [Buffer];
    return String(bytes);
  } finally {
    socket.destroy();
  }
}

const isThere = existsSync('/usr/bin/memcached');

describe.skipIf(!isThere)(`memcached${isThere ? '' : ' (skipped: this machine has no such program)'}`, () => {
  it('has nodes of its own, which come and go', async () => {
    await plane.elasticache.send(new CreateCacheClusterCommand(input));
    await plane.clusterIsUp(CacheClusterId);
    const made = await cluster();
    expect(made).toMatchObject({ NumCacheNodes: 2, PreferredAvailabilityZone: 'Multiple' });
    expect(made?.CacheNodes?.map(({ CacheNodeId }) => CacheNodeId)).toEqual(['0001', '0002']);
    expect(await say(made?.CacheNodes?.[0]?.Endpoint, 'set a 0 0 1\r\n1\r\n')).toBe('STORED\r\n');
    expect(await say(made?.ConfigurationEndpoint, 'get a\r\n')).toMatch(/^VALUE a 0 1/);
    const modify = (changes: object) =>
      plane.elasticache.send(new ModifyCacheClusterCommand({ CacheClusterId, ...changes }));
    expect(await refusalOf(modify({ NumCacheNodes: 1 }))).toMatchObject({
      code: 'InvalidParameterCombination',
    });
    expect(await refusalOf(modify({ NumCacheNodes: 41 }))).toMatchObject({ code: 'InvalidParameterValue' });
    await modify({ NumCacheNodes: 3 });
    await plane.clusterIsUp(CacheClusterId);
    expect(await cluster()).toMatchObject({ NumCacheNodes: 2, PendingModifiedValues: { NumCacheNodes: 3 } });
    await modify({ ApplyImmediately: true });
    await plane.clusterIsUp(CacheClusterId);
    await modify({ NumCacheNodes: 2, CacheNodeIdsToRemove: ['0002'], ApplyImmediately: true });
    await plane.clusterIsUp(CacheClusterId);
    const after = await cluster();
    expect(after?.CacheNodes?.map(({ CacheNodeId }) => CacheNodeId)).toEqual(['0001', '0003']);
    expect(await say(after?.CacheNodes?.[0]?.Endpoint, 'get a\r\n')).toMatch(/^VALUE a 0 1/);
    await plane.elasticache.send(
      new RebootCacheClusterCommand({ CacheClusterId, CacheNodeIdsToReboot: ['0001', '0003'] }),
    );
    await plane.clusterIsUp(CacheClusterId);
    expect(await say(after?.CacheNodes?.[0]?.Endpoint, 'get a\r\n')).toBe('END\r\n');
    expect(
      await refusalOf(
        plane.elasticache.send(new CreateSnapshotCommand({ CacheClusterId, SnapshotName: 's' })),
      ),
    ).toMatchObject({ code: 'SnapshotFeatureNotSupportedFault' });
  });
});

describe.skipIf(isThere)('a machine without memcached', () => {
  it('says which package has it', async () => {
    expect(await refusalOf(plane.elasticache.send(new CreateCacheClusterCommand(input)))).toMatchObject({
      code: 'InsufficientCacheClusterCapacity',
      message: expect.stringContaining('Debian package memcached') as string,
    });
  });
});
