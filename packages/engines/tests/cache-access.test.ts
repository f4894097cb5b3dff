import { readFileSync, writeFileSync } from 'node:fs';
import { connect, createConnection } from 'node:net';
import { join } from 'node:path';
import type { CacheEngine, CacheUser } from '@pergola/engines';
import { Cluster } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CacheHost, openCacheHost } from './cache.fixture.ts';

let caches: CacheHost;
beforeAll(async () => {
  caches = await openCacheHost();
});
afterAll(() => caches[Symbol.asyncDispose]());

/** What a server says to bytes, until it has said `until` or ends the connection. */
function exchange(cache: CacheEngine, text: string, until: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { host, port } = cache.place;
    const socket = createConnection({ host, port });
    let said = '';
    socket.on('error', reject);
    socket.on('close', () => resolve(said));
    socket.on('data', (chunk) => {
      said += chunk.toString('latin1');
      if (said.includes(until)) socket.destroy();
    });
    socket.write(text);
  });
}

describe('users', () => {
  const user = (changes: Partial<CacheUser>): CacheUser => ({
    name: 'default',
    enabled: true,
    passwords: [],
    noPassword: false,
    access: 'on ~* &* +@all',
    ...changes,
  });

  it('log in by their passwords, and do what their rules allow', async () => {
    const users = [
      user({ access: 'off -@all' }),
      user({
        name: 'reader',
        passwords: ['secret-1', 'secret-2'],
        access: 'on ~app:* +@read +@connection +info +acl|whoami',
      }),
    ];
    const cache = await caches.create({ id: 'users', users });
    const stranger = caches.client(cache, undefined, { retryStrategy: () => null });
    await expect(stranger.get('a')).rejects.toThrow('NOAUTH');
    const options = { username: 'reader', password: 'secret-2', retryStrategy: () => null };
    const reader = caches.client(cache, undefined, options);
    expect(await reader.get('app:1')).toBeNull();
    await expect(reader.get('other')).rejects.toThrow('NOPERM No permissions to access a key');
    await expect(reader.set('app:1', 'x')).rejects.toThrow(
      "NOPERM User reader has no permissions to run the 'set' command",
    );
    expect(await reader.acl('WHOAMI')).toBe('reader');
    const wrong = caches.client(cache, undefined, { ...options, password: 'secret-3' });
    await expect(wrong.get('app:1')).rejects.toThrow('WRONGPASS');
  });

  it('lose their connections with their rights', async () => {
    const gone = user({ name: 'gone', passwords: ['secret'] });
    const cache = await caches.create({ id: 'gone', users: [user({ noPassword: true }), gone] });
    const client = caches.client(cache, undefined, {
      username: 'gone',
      password: 'secret',
      retryStrategy: () => null,
    });
    await client.set('a', '1');
    const closed = new Promise((resolve) => client.once('close', resolve));
    await cache.setAccess({ users: [user({ noPassword: true })], authTokens: [] });
    await closed;
  });

  it('log in by token when a check says so', async () => {
    const users = [user({ noPassword: true }), user({ name: 'iam', byToken: true })];
    const cache = await caches.create({ id: 'tokens', users });
    await cache.setTokenCheck(({ token }) => Promise.resolve({ allowed: token === 'good', because: 'test' }));
    const options = { username: 'iam', retryStrategy: () => null };
    expect(await caches.client(cache, undefined, { ...options, password: 'good' }).acl('WHOAMI')).toBe('iam');
    const bad = caches.client(cache, undefined, { ...options, password: 'bad' });
    await expect(bad.get('a')).rejects.toThrow('WRONGPASS');
  });
});

it('a stranger may send little, and is told why it is cut off', async () => {
  const cache = await caches.create({ id: 'strict', authTokens: ['a-token-of-16-chars'] });
  expect(await exchange(cache, '*1\r\n$4\r\nPING\r\n', 'NOAUTH')).toBe(
    '-NOAUTH Authentication required.\r\n',
  );
  expect(await exchange(cache, '*1000\r\n', 'never')).toBe(
    '-ERR Protocol error: unauthenticated multibulk length\r\n',
  );
});

it('TLS: only with it, or with and without on one port', async () => {
  const only = await caches.create({ id: 'tls', tls: 'required' });
  expect(await caches.client(only, undefined, { tls: { ca: caches.ca } }).set('a', '1')).toBe('OK');
  expect(await exchange(only, '*1\r\n$4\r\nPING\r\n', 'PONG')).not.toContain('PONG');
  const either = await caches.create({ id: 'either', tls: 'preferred' });
  expect(await caches.client(either, undefined, { tls: { ca: caches.ca } }).set('a', '1')).toBe('OK');
  expect(await caches.client(either).get('a')).toBe('1');
});

it('clusters: clients find the node of a slot, replicas send writers on', async () => {
  const layout = {
    clustered: true,
    shards: [
      { slots: '0-8191', nodes: ['a1', 'a2'] },
      { slots: '8192-16383', nodes: ['b1', 'b2'] },
    ],
    doors: ['configuration'],
  } as const;
  const cache = await caches.create({ id: 'cluster', layout });
  const { host, port } = cache.place;
  const cluster = new Cluster([{ host, port }]);
  try {
    for (let n = 0; n < 50; n++) await cluster.set(`k${n}`, `${n}`);
    expect(await cluster.get('k49')).toBe('49');
    const replica = caches.client(cache, 'b2');
    await expect(replica.get('foo')).rejects.toThrow(/^MOVED 12182 /);
    await replica.call('readonly');
    expect(await replica.get('foo')).toBeNull();
    await expect(replica.set('foo', '1')).rejects.toThrow(/^MOVED 12182 /);
    await expect(caches.client(cache, 'a1').mget('a', 'b')).rejects.toThrow('CROSSSLOT');
  } finally {
    cluster.disconnect();
  }
});

it('what a cache holds survives a stop, a snapshot and a new host', async () => {
  const cache = await caches.create({ id: 'kept' });
  const before = caches.client(cache);
  await before.set('s', Buffer.from([0, 255, 10, 13]));
  await before.set('t', 'x', 'EX', 1000);
  await before.rpush('l', 'a', 'b');
  await before.hset('h', 'f', 'v');
  await before.sadd('m', 'x');
  await before.zadd('z', 1.5, 'one', Number.POSITIVE_INFINITY, 'inf');
  await before.xadd('x', '1-1', 'f', 'v');
  await before.xgroup('CREATE', 'x', 'g', '0');
  await cache.snapshot('kept-snapshot');
  before.disconnect();
  await cache.stop();
  await cache.start();
  const copy = await caches.create({ id: 'copy' }, 'kept-snapshot');
  for (const each of [cache, copy]) {
    const after = caches.client(each);
    expect(await after.getBuffer('s')).toEqual(Buffer.from([0, 255, 10, 13]));
    expect(await after.ttl('t')).toBeGreaterThan(990);
    expect(await after.lrange('l', 0, -1)).toEqual(['a', 'b']);
    expect(await after.hgetall('h')).toEqual({ f: 'v' });
    expect(await after.smembers('m')).toEqual(['x']);
    expect(await after.zscore('z', 'inf')).toBe('inf');
    expect(await after.xreadgroup('GROUP', 'g', 'c', 'STREAMS', 'x', '>')).toEqual([
      ['x', [['1-1', ['f', 'v']]]],
    ]);
  }
});

it('begins without its data when that is damaged', async () => {
  const cache = await caches.create({ id: 'damaged' });
  const before = caches.client(cache);
  await before.set('a', '1');
  before.disconnect();
  await cache.stop();
  const file = join(caches.dataDir, 'caches', 'damaged', 'data.snapshot');
  writeFileSync(file, readFileSync(file, 'latin1').replace('"1"', '"2"'), 'latin1');
  await cache.start();
  expect(await caches.client(cache).get('a')).toBeNull();
});

it('an answer too large to be put together ends its connection, and nothing else', async () => {
  const cache = await caches.create({ id: 'large' });
  const client = caches.client(cache);
  await client.set('big', 'x'.repeat(8_000_000));
  const asking = exchange(cache, `*101\r\n$4\r\nMGET\r\n${'$3\r\nbig\r\n'.repeat(100)}`, 'never');
  expect(await asking).toBe('');
  expect(await client.strlen('big')).toBe(8_000_000);
});

describe('clients that wait', () => {
  it('are served in order, and give up in time', async () => {
    const cache = await caches.create({ id: 'waiting' });
    const [first, second, pusher] = [caches.client(cache), caches.client(cache), caches.client(cache)];
    const firstItem = first.blpop('q', 5);
    await expect.poll(async () => await pusher.info('clients')).toContain('blocked_clients:1');
    const secondItem = second.blpop('q', 5);
    await expect.poll(async () => await pusher.info('clients')).toContain('blocked_clients:2');
    await pusher.rpush('q', 'a', 'b');
    expect(await firstItem).toEqual(['q', 'a']);
    expect(await secondItem).toEqual(['q', 'b']);
    expect(await first.blpop('q', 0.02)).toBeNull();
  });

  it('hear what is published', async () => {
    const cache = await caches.create({ id: 'publishing' });
    const [listener, publisher] = [caches.client(cache), caches.client(cache)];
    const heard: string[] = [];
    listener.on('message', (channel: string, message: string) => heard.push(`${channel}=${message}`));
    listener.on('pmessage', (pattern: string, channel: string, message: string) =>
      heard.push(`${pattern}:${channel}=${message}`),
    );
    await listener.subscribe('news');
    await listener.psubscribe('n*');
    expect(await publisher.publish('news', 'x')).toBe(2);
    await expect.poll(() => heard).toEqual(['news=x', 'n*:news=x']);
  });

  it('watch keys: a change by another ends the transaction', async () => {
    const cache = await caches.create({ id: 'watching' });
    const [one, other] = [caches.client(cache), caches.client(cache)];
    await one.watch('a');
    await other.set('a', '2');
    expect(await one.multi().set('a', '1').exec()).toBeNull();
    expect(await one.multi().incr('n').get('n').exec()).toEqual([
      [null, 1],
      [null, '1'],
    ]);
  });
});

it('memory: the policy says what goes, and writes are refused when nothing may', async () => {
  const parameters = { maxmemory: '200000', 'maxmemory-policy': 'allkeys-lru' };
  const cache = await caches.create({ id: 'small', parameters });
  const client = caches.client(cache);
  for (let n = 0; n < 500; n++) await client.set(`k${n}`, 'x'.repeat(1000));
  expect(await client.dbsize()).toBeLessThan(250);
  expect(await client.get('k499')).not.toBeNull();
  await cache.setParameters({ ...parameters, 'maxmemory-policy': 'noeviction' });
  const fill = async () => {
    for (let n = 0; n < 500; n++) await client.set(`l${n}`, 'x'.repeat(1000));
  };
  await expect(fill()).rejects.toThrow("OOM command not allowed when used memory > 'maxmemory'.");
});

it('a client that sends and never reads is not answered without end', async () => {
  const cache = await caches.create({ id: 'slow' });
  const writer = caches.client(cache);
  await writer.set('big', 'x'.repeat(1_000_000));
  const { host, port } = cache.place;
  const slow = connect({ host, port });
  slow.on('error', () => {});
  slow.pause();
  slow.write('*2\r\n$3\r\nGET\r\n$3\r\nbig\r\n'.repeat(500));
  const commands = async () => Number(/total_commands_processed:(\d+)/.exec(await writer.info('stats'))?.[1]);
  await expect.poll(commands).toBeGreaterThan(6);
  // Far fewer than it asked for: the rest waits until it reads.
  for (let turn = 0; turn < 20; turn++) await writer.ping();
  expect(await commands()).toBeLessThan(200);
  expect(await writer.ping()).toBe('PONG');
  slow.destroy();
});
