// Caches share a process with everything else: what takes long is done in slices, and answers stay whole.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CacheHost, openCacheHost } from './cache.fixture.ts';

let host: CacheHost;
beforeAll(async () => {
  host = await openCacheHost();
});
afterAll(async () => {
  await host[Symbol.asyncDispose]();
  expect(host.bugs).toEqual([]);
});

const KEYS = 60_000;

it('answers long lists whole and in order, while others are answered', async () => {
  const cache = await host.create({ id: 'long' });
  const redis = host.client(cache);
  for (let at = 0; at < KEYS; at += 10_000) {
    const members = Array.from({ length: 10_000 }, (_, index) => `member-${at + index}`);
    await redis.rpush('list', ...members);
    await redis.sadd('set', ...members);
    await redis.mset(members.flatMap((member) => [member, '1']));
  }
  const others = host.client(cache);
  const [list, members, keys, pong, other] = await Promise.all([
    redis.lrange('list', 0, -1),
    redis.smembers('set'),
    redis.keys('member-*'),
    redis.ping(),
    others.ping(),
  ]);
  expect(other).toBe('PONG');
  expect(list).toHaveLength(KEYS);
  expect(list.at(-1)).toBe(`member-${KEYS - 1}`);
  expect(new Set(members).size).toBe(KEYS);
  expect(new Set(keys).size).toBe(KEYS);
  expect(pong).toBe('PONG');
  const [cursor, page] = await redis.scan(0, 'COUNT', 1_000_000_000);
  expect([Number(cursor) > 0, page.length <= 10_000]).toEqual([true, true]);
});

it('holds commands back while a snapshot is taken, which is of one instant', async () => {
  const cache = await host.create({ id: 'frozen' });
  const redis = host.client(cache);
  for (let at = 0; at < KEYS; at += 10_000) {
    await redis.mset(Array.from({ length: 10_000 }, (_, index) => [`k${at + index}`, '0']).flat());
  }
  const taken = cache.snapshot('instant');
  const writes = Array.from({ length: 200 }, (_, index) =>
    redis.mset(`k${index}`, '1', `k${KEYS - 1 - index}`, '1'),
  );
  await Promise.all([taken, ...writes]);
  const copy = host.client(await host.create({ id: 'copy' }, 'instant'));
  expect(await copy.dbsize()).toBe(KEYS);
  for (let index = 0; index < 200; index++) {
    const [first, last] = await copy.mget(`k${index}`, `k${KEYS - 1 - index}`);
    expect(first).toBe(last);
  }
});

it('empties at once, and tells those who watch', async () => {
  const cache = await host.create({ id: 'flushed' });
  const [one, two] = [host.client(cache), host.client(cache)];
  await one.set('watched', '1');
  await one.watch('watched', 'absent');
  await two.flushall();
  expect(await one.multi().set('a', '1').exec()).toBeNull();
  expect(await one.info('memory')).toMatch(/used_memory:0\r/);
  await one.watch('absent');
  await two.flushall();
  expect(await one.multi().set('a', '1').exec()).toEqual([[null, 'OK']]);
});

it('takes no value that is larger than the cache, and counts bits by bytes', async () => {
  const cache = await host.create({ id: 'small', parameters: { maxmemory: '1000000' } });
  const redis = host.client(cache);
  await expect(redis.setbit('b', 80_000_000, 1)).rejects.toThrow(/^OOM/);
  await expect(redis.setrange('b', 2_000_000, 'x')).rejects.toThrow(/^OOM/);
  await redis.set('bits', Buffer.from([0xff, 0x00, 0x0f, 0x80]));
  expect(await redis.bitcount('bits')).toBe(13);
  expect(await redis.bitcount('bits', 5, 23, 'BIT')).toBe(7);
  expect(await redis.bitpos('bits', 0)).toBe(8);
  expect(await redis.bitpos('bits', 1, 1)).toBe(20);
  await redis.set('ones', Buffer.from([0xff, 0xff]));
  expect(await redis.bitpos('ones', 0)).toBe(16);
  expect(await redis.bitpos('ones', 0, 0, -1)).toBe(-1);
  await redis.call('BITOP', 'NOT', 'not', 'bits');
  expect(await redis.getBuffer('not')).toEqual(Buffer.from([0x00, 0xff, 0xf0, 0x7f]));
  await redis.call('BITOP', 'XOR', 'xor', 'bits', 'not', 'ones');
  expect(await redis.getBuffer('xor')).toEqual(Buffer.from([0x00, 0x00, 0xff, 0xff]));
});
