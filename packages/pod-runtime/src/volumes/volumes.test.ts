import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fakeClock, seededRandom } from '@pergola/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeCluster } from '../../tests/fake-cluster.ts';
import type { Pod } from '../pod.ts';
import { isSafeVolumePath, writeAtomically } from './atomic-directory.ts';
import { volumeKinds } from './kinds.ts';
import { PodVolumes } from './pod-volumes.ts';
import { dueAfterMs, TokenCache } from './service-account-token.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'volumes-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const file = (text: string, mode = 0o644) => ({ data: Buffer.from(text), mode });

describe('writeAtomically', () => {
  it('swaps all files at once and leaves nothing of the former', async () => {
    expect(
      await writeAtomically(
        directory,
        new Map([
          ['a', file('1')],
          ['deep/b', file('2', 0o400)],
        ]),
      ),
    ).toBe(true);
    const first = readlinkSync(join(directory, '..data'));
    expect(readFileSync(join(directory, 'deep/b'), 'utf8')).toBe('2');
    expect(statSync(join(directory, 'deep/b')).mode & 0o777).toBe(0o400);
    expect(
      await writeAtomically(
        directory,
        new Map([
          ['a', file('1')],
          ['deep/b', file('2', 0o400)],
        ]),
      ),
    ).toBe(false);
    expect(readlinkSync(join(directory, '..data'))).toBe(first);
    expect(await writeAtomically(directory, new Map([['a', file('new')]]))).toBe(true);
    expect(readdirSync(directory).filter((name) => !name.startsWith('..version'))).toEqual(['..data', 'a']);
    expect(readdirSync(directory)).toHaveLength(3);
    expect(readFileSync(join(directory, 'a'), 'utf8')).toBe('new');
  });

  it.each(['../x', '/x', 'a/../../x', '..data', '', '.'])('refuses the path %j', async (path) => {
    expect(isSafeVolumePath(path)).toBe(false);
    await expect(writeAtomically(directory, new Map([[path, file('1')]]))).rejects.toThrow('invalid path');
  });
});

const pod = (volumes: object[]): Pod => ({
  metadata: { name: 'p', namespace: 'n', uid: 'uid-1' },
  spec: { serviceAccountName: 'sa', containers: [], volumes: volumes as never },
});

function volumesOf(cluster: FakeCluster, clock = fakeClock(), hidden = ['/hidden']) {
  cluster.nowMs = () => clock.nowMs();
  const context = {
    client: cluster,
    clock,
    random: seededRandom(),
    references: { read: async () => undefined },
    downward: { podIp: '', hostIp: '', capacity: {} },
    nodePaths: [
      { shown: '/var/log', directory: join(directory, 'log'), access: 'shows' as const },
      { shown: '/var/lib/keeper', directory: join(directory, 'kept'), access: 'keeps' as const },
    ],
    hidden,
  };
  return { clock, volumes: new PodVolumes(directory, volumeKinds(new TokenCache()), context) };
}

describe('a projected token', () => {
  const token = pod([
    { name: 't', projected: { sources: [{ serviceAccountToken: { path: 'token', audience: 'a' } }] } },
  ]);
  const path = () => join(directory, 'volumes/kubernetes.io~projected/t/token');

  it('is refreshed at 80 % of its life and survives a server that fails', async () => {
    const cluster = new FakeCluster();
    const { clock, volumes } = volumesOf(cluster);
    await volumes.prepare(token);
    expect(readFileSync(path(), 'utf8')).toBe('token-1-a');
    clock.advance(2860_000);
    expect(await volumes.refresh(token)).toEqual([]);
    expect(readFileSync(path(), 'utf8')).toBe('token-1-a');
    clock.advance(30_000);
    const create = cluster.create.bind(cluster);
    const { KubeApiError } = await import('@pergola/kube-client');
    cluster.create = () => Promise.reject(new KubeApiError(500, 'InternalError', 'down'));
    expect(await volumes.refresh(token)).toEqual([]);
    clock.advance(3600_000);
    expect((await volumes.refresh(token)).map(({ message }) => message)).toEqual([
      'MountVolume.SetUp failed for volume "t" : failed to fetch token: down',
    ]);
    cluster.create = create;
    await volumes.refresh(token);
    expect(readFileSync(path(), 'utf8')).toBe('token-2-a');
  });

  it('is due after a day at the latest', () => {
    expect(dueAfterMs(3_600_000, 0)).toBe(2_880_000);
    expect(dueAfterMs(7 * 86_400_000, 1)).toBe(86_390_000);
  });
});

describe('a hostPath that the node keeps', () => {
  const mountOf = async (path: string, type = 'DirectoryOrCreate') => {
    const { volumes } = volumesOf(new FakeCluster());
    await volumes.prepare(pod([{ name: 'v', hostPath: { path, type } }]));
    const container = { name: 'c', image: 'i', volumeMounts: [{ name: 'v', mountPath: '/x' }] };
    const [mount] = await volumes.mounts(container, new Map());
    return mount;
  };

  it('is made, may be written to, and is the same for the next pod', async () => {
    const first = await mountOf('/var/lib/keeper/openshift-logging/instance');
    expect(first).toMatchObject({ readOnly: false, isFile: false });
    expect(await mountOf('/var/lib/keeper//openshift-logging/instance/')).toEqual(first);
    expect(first?.source.startsWith(join(directory, 'kept'))).toBe(true);
  });

  it('is never inside another one, which its pod could replace by a link', async () => {
    const sources = await Promise.all(
      ['', '/a', '/a/b', '/a%2Fb', '/_', '/..a'].map(
        async (tail) => (await mountOf(`/var/lib/keeper${tail}`))?.source,
      ),
    );
    expect(new Set(sources).size).toBe(sources.length);
    expect(new Set(sources.map((source) => dirname(`${source}`))).size).toBe(1);
  });

  it('must be there for a type that makes nothing', async () => {
    await expect(mountOf('/var/lib/keeper/x', 'Directory')).rejects.toThrow(
      'hostPath type check failed: /var/lib/keeper/x is not a directory',
    );
    await expect(mountOf('/var/lib/keeper/x', 'File')).rejects.toThrow('is not a file');
  });
});

describe('volumes that cannot be had', () => {
  it.each([
    [
      { name: 'v', configMap: { name: 'x' } },
      'MountVolume.SetUp failed for volume "v" : configmap "x" not found',
    ],
    [
      { name: 'v', persistentVolumeClaim: { claimName: 'c' } },
      'MountVolume.SetUp failed for volume "v" : volumes of kind persistentVolumeClaim are not implemented by this node',
    ],
    [
      { name: 'v', hostPath: { path: '/hidden/x' } },
      `MountVolume.SetUp failed for volume "v" : hostPath /hidden/x holds Pergola's own data and cannot be mounted`,
    ],
    [
      { name: 'v', hostPath: { path: '/hidden/../hidden/' } },
      `MountVolume.SetUp failed for volume "v" : hostPath /hidden holds Pergola's own data and cannot be mounted`,
    ],
    [
      { name: 'v', hostPath: { path: '/' } },
      `MountVolume.SetUp failed for volume "v" : hostPath / holds Pergola's own data and cannot be mounted`,
    ],
    [
      { name: 'v', hostPath: { path: '/etc', type: 'File' } },
      'MountVolume.SetUp failed for volume "v" : hostPath type check failed: /etc is not a file',
    ],
  ])('%j', async (volume, message) => {
    await expect(volumesOf(new FakeCluster()).volumes.prepare(pod([volume]))).rejects.toThrow(message);
  });

  it('follows links of the host before it decides', async () => {
    const { volumes } = volumesOf(new FakeCluster(), undefined, [join(directory, 'data')]);
    mkdirSync(join(directory, 'data/inner'), { recursive: true });
    symlinkSync(join(directory, 'data'), join(directory, 'link'));
    for (const path of [join(directory, 'link'), join(directory, 'link/inner'), directory]) {
      await expect(volumes.prepare(pod([{ name: 'v', hostPath: { path } }]))).rejects.toThrow(
        "holds Pergola's own data",
      );
    }
    mkdirSync(join(directory, 'data-not'));
    await volumes.prepare(pod([{ name: 'ok', hostPath: { path: join(directory, 'data-not') } }]));
  });

  it('never leads out of what the node has of its own', async () => {
    const { volumes } = volumesOf(new FakeCluster());
    mkdirSync(join(directory, 'log/pods'), { recursive: true });
    symlinkSync('/etc', join(directory, 'log/out'));
    for (const path of ['/var/log/out', '/var/log/missing'])
      await expect(volumes.prepare(pod([{ name: 'v', hostPath: { path } }]))).rejects.toThrow(
        `hostPath type check failed: ${path} is not a directory`,
      );
    await volumes.prepare(pod([{ name: 'ok', hostPath: { path: '/var/log/pods/', type: 'Directory' } }]));
    const mounts = await volumes.mounts(
      { name: 'c', image: 'i', volumeMounts: [{ name: 'ok', mountPath: '/logs' }] },
      new Map(),
    );
    expect(mounts).toMatchObject([{ source: join(directory, 'log/pods'), target: '/logs', readOnly: true }]);
  });

  it('never lets a subPath out of its volume', async () => {
    const { volumes } = volumesOf(new FakeCluster());
    await volumes.prepare(pod([{ name: 'e', emptyDir: {} }]));
    symlinkSync('/etc', join(directory, 'volumes/kubernetes.io~emptydir/e/link'));
    const mount = (subPath: string) =>
      volumes.mounts(
        { name: 'c', image: 'i', volumeMounts: [{ name: 'e', mountPath: '/x', subPath }] },
        new Map(),
      );
    await expect(mount('link/passwd')).rejects.toThrow('leaves the volume');
    await expect(mount('../..')).rejects.toThrow('invalid subPath');
    expect(await mount('fresh')).toMatchObject([{ target: '/x', isFile: false }]);
  });
});
