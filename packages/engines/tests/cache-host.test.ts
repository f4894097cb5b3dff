// Caches by the servers of this machine: the same contract as the embedded one, where they are installed.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CacheHost, oneNode, openCacheHost, settingsOf } from './cache.fixture.ts';

const isThere = (name: string) => existsSync(`/usr/bin/${name}`);
const titleOf = (name: string) =>
  `${name}${isThere(name) ? '' : ' (skipped: this machine has no such program)'}`;

const pair = {
  clustered: false,
  shards: [{ slots: '', nodes: ['a', 'b'] }],
  doors: ['primary', 'reader'],
} as const;
const turned = { ...pair, shards: [{ slots: '', nodes: ['b', 'a'] }] } as const;

let host: CacheHost;
beforeAll(async () => {
  host = await openCacheHost(undefined, 'host');
});
afterAll(async () => {
  await host[Symbol.asyncDispose]();
  expect(host.bugs).toEqual([]);
});

function pidsBelow(folder: string): number[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('redis.pid'))
    .map((path) => Number(readFileSync(join(folder, path), 'utf8')));
}

function isAlive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.startsWith('Z');
}

describe.skipIf(!isThere('redis-server'))(titleOf('redis-server'), () => {
  it('is the real one, runs without rights, and keeps from users what ElastiCache keeps', async () => {
    const cache = await host.create({ id: 'plain', parameters: { 'maxmemory-policy': 'allkeys-lru' } });
    const redis = host.client(cache);
    expect(await redis.eval("return redis.call('set', KEYS[1], ARGV[1])", 1, 'k', 'v')).toBe('OK');
    expect(await redis.info('memory')).toMatch(/maxmemory_policy:allkeys-lru/);
    for (const words of [
      ['CONFIG', 'GET', 'masterauth'],
      ['ACL', 'SETUSER', 'me', 'on'],
      ['MODULE', 'LOAD', '/tmp/x.so'],
      ['SHUTDOWN'],
      ['REPLICAOF', 'NO', 'ONE'],
      ['DEBUG', 'SLEEP', '1'],
    ]) {
      const [name = '', ...args] = words;
      await expect(redis.call(name, ...args)).rejects.toThrow(/NOPERM|(?:MODULE|DEBUG) command not allowed/);
    }
    const [pid = 0] = pidsBelow(join(host.dataDir, 'host-caches', 'plain'));
    const { stdout } = spawnSync('ps', ['-o', 'uid=', '-p', String(pid)], { encoding: 'utf8' });
    expect(Number(stdout) > 0).toBe(true);
    await cache.setParameters({ 'maxmemory-policy': 'noeviction' });
    expect(await redis.info('memory')).toMatch(/maxmemory_policy:noeviction/);
    await cache.remove();
    expect(isAlive(pid)).toBe(false);
    expect(existsSync(join(host.dataDir, 'host-caches', 'plain'))).toBe(false);
  });

  it('takes AUTH tokens and users over TLS, and lets nobody in without', async () => {
    const token = 'a-token-of-sixteen-letters';
    const cache = await host.create({ id: 'secret', tls: 'required', authTokens: [token] });
    const tls = { ca: host.ca };
    await expect(host.client(cache, undefined, { tls }).ping()).rejects.toThrow(/NOAUTH/);
    expect(await host.client(cache, undefined, { tls, password: token }).ping()).toBe('PONG');
    const wrong = host.client(cache, undefined, { tls, password: 'wrong', retryStrategy: null });
    await expect(wrong.ping()).rejects.toThrow();
    const user = { name: 'cart', enabled: true, passwords: ['pw-of-the-cart'], noPassword: false };
    await cache.setAccess({ authTokens: [], users: [{ ...user, access: 'on ~cart:* +@all' }] });
    // Without a user of that name the server's own would let everybody in.
    await expect(host.client(cache, undefined, { tls }).ping()).rejects.toThrow(/NOAUTH/);
    const cart = host.client(cache, undefined, { tls, username: 'cart', password: 'pw-of-the-cart' });
    expect(await cart.set('cart:1', '1')).toBe('OK');
    await expect(cart.set('other', '1')).rejects.toThrow(/NOPERM/);
    await expect(
      cache.setAccess({ authTokens: [], users: [{ ...user, access: 'on ~* +@all', byToken: true }] }),
    ).rejects.toThrow(/IAM tokens/);
    expect(await cart.get('cart:1')).toBe('1');
    await cache.remove();
  });

  it('replicates, fails over without loss, and keeps its doors', async () => {
    const cache = await host.create({
      id: 'pair',
      authTokens: ['a-token-of-sixteen-letters'],
      layout: oneNode,
    });
    await cache.remove();
    const two = await host.create({ id: 'two', layout: pair });
    const primary = host.client(two, 'primary');
    await primary.set('a', '1');
    await expect(host.client(two, 'b').set('a', '2')).rejects.toThrow(/READONLY/);
    await expect.poll(() => host.client(two, 'reader').get('a')).toBe('1');
    await two.setLayout(turned);
    expect(await host.client(two, 'primary').set('b', '2')).toBe('OK');
    expect(await host.client(two, 'b').mget('a', 'b')).toEqual(['1', '2']);
    await expect.poll(() => host.client(two, 'a').get('b')).toBe('2');
    await expect(host.client(two, 'a').set('a', '3')).rejects.toThrow(/READONLY/);
    await two.setLayout({ ...turned, shards: [{ slots: '', nodes: ['b'] }] });
    expect(two.placeOf('a')).toBeUndefined();
    expect(await host.client(two, 'reader').mget('a', 'b')).toEqual(['1', '2']);
    await two.remove();
  });

  it('gives its data to snapshots and keeps it over an orderly stop; what is deleted stays deleted', async () => {
    const cache = await host.create({ id: 'kept' });
    await host.client(cache).mset('a', '1', 'b', '2');
    expect(await cache.snapshot('one')).toBeGreaterThan(0);
    await host.client(cache).del('b');
    await cache.stop();
    await cache.start();
    expect(await host.client(cache).mget('a', 'b')).toEqual(['1', null]);
    expect(await host.host.copySnapshot('one', 'two')).toBeUndefined();
    const other = await host.create({ id: 'other' }, 'two');
    expect(await host.client(other).mget('a', 'b')).toEqual(['1', '2']);
    await expect(
      host.create({ id: 'spread', layout: { ...oneNode, clustered: true } }, 'two'),
    ).rejects.toThrow(/one shard/);
    await expect(host.create({ id: 'both', tls: 'preferred' })).rejects.toThrow(/not with both/);
    await cache.remove();
    await other.remove();
  });

  it('comes back when it has been killed, and is the embedded one in cluster mode', async () => {
    const cache = await host.create({ id: 'killed' });
    const [pid = 0] = pidsBelow(join(host.dataDir, 'host-caches', 'killed'));
    process.kill(pid, 'SIGKILL');
    await expect
      .poll(
        () =>
          host
            .client(cache, undefined, { retryStrategy: null })
            .ping()
            .catch(() => ''),
        { interval: 200 },
      )
      .toBe('PONG');
    await cache.remove();
    const layout = {
      clustered: true,
      shards: [{ slots: '0-16383', nodes: ['n'] }],
      doors: ['configuration'],
    } as const;
    const clustered = await host.create({ id: 'clustered', layout });
    expect(existsSync(join(host.dataDir, 'caches', 'clustered'))).toBe(true);
    await clustered.remove();
  });
});

describe.skipIf(!isThere('redis-server'))(`${titleOf('redis-server')}, when its host is killed`, () => {
  it('ends too, and what it left is no hindrance', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'pergola-cache-'));
    try {
      const script = join(import.meta.dirname, 'cache-host-process.ts');
      const child = spawn(process.execPath, ['--import', 'tsx', script, dataDir], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      await once(child.stdout, 'data');
      const [pid = 0] = pidsBelow(dataDir);
      expect(isAlive(pid)).toBe(true);
      child.kill('SIGKILL');
      await expect.poll(() => isAlive(pid)).toBe(false);
      await using again = await openCacheHost(dataDir, 'host');
      const cache = await again.host.openCache(settingsOf({ id: 'killed' }));
      await cache?.start();
      // As after a real node has been replaced.
      expect(cache && (await again.client(cache).get('a'))).toBeNull();
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
});

/** Sends lines to a Memcached server and resolves with the first answer. */
async function say(socket: ReturnType<typeof connect>, text: string): Promise<string> {
  const answer = new Promise<string>((resolve, reject) => {
    socket.once('data', (bytes) => resolve(String(bytes)));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed')));
  });
  socket.write(text);
  return await answer;
}

describe.skipIf(!isThere('memcached'))(titleOf('memcached'), () => {
  const layout = {
    clustered: false,
    shards: [{ slots: '', nodes: ['0001', '0002'] }],
    doors: ['configuration'],
  } as const;

  it('has nodes of its own and a door, plain or over TLS', async () => {
    const cache = await host.create({ id: 'mem', engine: 'memcached', port: 11_211, layout });
    const first = connect({ ...cache.placeOf('0001')! });
    const second = connect({ ...cache.placeOf('0002')! });
    const door = connect({ ...cache.placeOf('configuration')! });
    expect(await say(first, 'set a 0 0 1\r\n1\r\n')).toBe('STORED\r\n');
    expect(await say(second, 'get a\r\n')).toBe('END\r\n');
    expect(await say(door, 'get a\r\n')).toBe('VALUE a 0 1\r\n1\r\nEND\r\n');
    for (const socket of [first, second, door]) socket.destroy();
    await cache.setTls('required');
    const secure = connectTls({ ...cache.placeOf('0001')!, ca: host.ca });
    expect(await say(secure, 'version\r\n')).toMatch(/^VERSION 1/);
    secure.destroy();
    await cache.setLayout({ ...layout, shards: [{ slots: '', nodes: ['0001'] }] });
    expect(cache.placeOf('0002')).toBeUndefined();
    await expect(cache.snapshot('mem')).rejects.toThrow(/no snapshots/);
    await cache.remove();
  });
});

describe('a machine without the server', () => {
  it.skipIf(isThere('valkey-server'))('names the package that has it', async () => {
    await expect(host.host.createCache(settingsOf({ id: 'none', engine: 'valkey' }))).rejects.toMatchObject({
      name: 'EngineMissingError',
      debianPackage: 'valkey-server',
    });
  });
});
