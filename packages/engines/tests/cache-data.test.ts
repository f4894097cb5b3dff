import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Redis } from 'ioredis';
import { type CacheHost, openCacheHost } from './cache.fixture.ts';

let caches: CacheHost;
let redis: Redis;

beforeAll(async () => {
  caches = await openCacheHost();
  redis = caches.client(await caches.create());
});
afterAll(() => caches[Symbol.asyncDispose]());
beforeEach(() => redis.flushall());

describe('strings', () => {
  it('are set, read, and set on conditions', async () => {
    expect(await redis.set('a', '1')).toBe('OK');
    expect(await redis.get('a')).toBe('1');
    expect(await redis.set('a', '2', 'NX')).toBeNull();
    expect(await redis.set('a', '2', 'XX', 'GET')).toBe('1');
    expect(await redis.mget('a', 'b')).toEqual(['2', null]);
    await expect(redis.set('a', '1', 'EX', 0)).rejects.toThrow("ERR invalid expire time in 'set' command");
  });

  it('keep every byte', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, at) => at));
    await redis.set(bytes, bytes);
    expect(await redis.getBuffer(bytes)).toEqual(bytes);
  });

  it('count, in 64 bits', async () => {
    expect(await redis.incr('n')).toBe(1);
    await redis.set('n', '9223372036854775806');
    await redis.incr('n');
    expect(await redis.get('n')).toBe('9223372036854775807');
    await expect(redis.incr('n')).rejects.toThrow('ERR increment or decrement would overflow');
    expect(await redis.incrbyfloat('f', 0.1)).toBe('0.1');
    expect(await redis.incrbyfloat('f', 0.2)).toBe('0.3');
    await redis.set('t', 'x');
    await expect(redis.incr('t')).rejects.toThrow('ERR value is not an integer or out of range');
  });

  it('are ranges and bits', async () => {
    await redis.set('s', 'Hello World');
    expect(await redis.getrange('s', -5, -1)).toBe('World');
    expect(await redis.setrange('s', 6, 'Redis')).toBe(11);
    expect(await redis.get('s')).toBe('Hello Redis');
    expect(await redis.setbit('b', 7, 1)).toBe(0);
    expect(await redis.bitcount('b')).toBe(1);
    expect(await redis.bitpos('b', 1)).toBe(7);
  });
});

describe('keys', () => {
  it('expire', async () => {
    await redis.set('a', '1', 'PX', 30);
    expect(await redis.pttl('a')).toBeGreaterThan(0);
    await expect.poll(() => redis.exists('a')).toBe(0);
    await redis.set('b', '1');
    expect(await redis.ttl('b')).toBe(-1);
    expect(await redis.expire('b', 100)).toBe(1);
    expect(await redis.expire('b', 50, 'GT')).toBe(0);
    expect(await redis.persist('b')).toBe(1);
    expect(await redis.ttl('c')).toBe(-2);
  });

  it('are all seen by a scan, while others come and go', async () => {
    const names = Array.from({ length: 500 }, (_, at) => `key:${at}`);
    await redis.mset(names.flatMap((name) => [name, '1']));
    const seen: string[] = [];
    let cursor = '0';
    do {
      const [next, page] = await redis.scan(cursor, 'MATCH', 'key:*', 'COUNT', 50);
      seen.push(...page);
      await redis.set(`other:${next}`, '1');
      await redis.del(`other:${cursor}`);
      cursor = next;
    } while (cursor !== '0');
    expect(seen.sort()).toEqual(names.sort());
  });

  it('are renamed, copied, typed and refused for the wrong type', async () => {
    await redis.lpush('l', 'x');
    expect(await redis.type('l')).toBe('list');
    await expect(redis.get('l')).rejects.toThrow(
      'WRONGTYPE Operation against a key holding the wrong kind of value',
    );
    expect(await redis.rename('l', 'm')).toBe('OK');
    await expect(redis.rename('l', 'm')).rejects.toThrow('ERR no such key');
    expect(await redis.call('copy', 'm', 'n')).toBe(1);
    await redis.rpush('n', 'y');
    expect(await redis.lrange('m', 0, -1)).toEqual(['x']);
    expect(await redis.object('ENCODING', 'n')).toBe('listpack');
  });
});

describe('collections', () => {
  it('hashes', async () => {
    expect(await redis.hset('h', { a: '1', b: '2' })).toBe(2);
    expect(await redis.hgetall('h')).toEqual({ a: '1', b: '2' });
    expect(await redis.hincrby('h', 'a', 5)).toBe(6);
    expect(await redis.hdel('h', 'a', 'b', 'c')).toBe(2);
    expect(await redis.exists('h')).toBe(0);
  });

  it('lists', async () => {
    await redis.rpush('l', 'a', 'b', 'c', 'b');
    await redis.lpush('l', 'z');
    expect(await redis.lrange('l', 0, -1)).toEqual(['z', 'a', 'b', 'c', 'b']);
    expect(await redis.lrem('l', -1, 'b')).toBe(1);
    expect(await redis.linsert('l', 'BEFORE', 'b', 'x')).toBe(5);
    expect(await redis.lpos('l', 'x')).toBe(2);
    expect(await redis.ltrim('l', 1, -2)).toBe('OK');
    expect(await redis.lrange('l', 0, -1)).toEqual(['a', 'x', 'b']);
    expect(await redis.lmove('l', 'k', 'LEFT', 'RIGHT')).toBe('a');
    expect(await redis.lpop('l', 5)).toEqual(['x', 'b']);
    expect(await redis.exists('l')).toBe(0);
  });

  it('sets', async () => {
    await redis.sadd('s', 'a', 'b', 'c');
    await redis.sadd('t', 'b', 'c', 'd');
    expect((await redis.sinter('s', 't')).sort()).toEqual(['b', 'c']);
    expect(await redis.sdiff('s', 't')).toEqual(['a']);
    expect(await redis.sunionstore('u', 's', 't')).toBe(4);
    expect(await redis.spop('u', 10)).toHaveLength(4);
    expect(await redis.exists('u')).toBe(0);
  });

  it('sorted sets, in every way of asking', async () => {
    await redis.zadd('z', 1, 'a', 2, 'b', 3, 'c', 3, 'd');
    expect(await redis.call('zrange', 'z', '0', '-1', 'WITHSCORES')).toEqual([
      'a',
      '1',
      'b',
      '2',
      'c',
      '3',
      'd',
      '3',
    ]);
    expect(await redis.call('zrange', 'z', '(1', '3', 'BYSCORE', 'LIMIT', '0', '2')).toEqual(['b', 'c']);
    expect(await redis.call('zrange', 'z', '+inf', '-inf', 'BYSCORE', 'REV', 'LIMIT', '1', '2')).toEqual([
      'c',
      'b',
    ]);
    expect(await redis.zrevrange('z', 0, 1)).toEqual(['d', 'c']);
    expect(await redis.zrank('z', 'd')).toBe(3);
    expect(await redis.zadd('z', 'GT', 'CH', 1, 'c')).toBe(0);
    expect(await redis.zincrby('z', 0.5, 'a')).toBe('1.5');
    expect(await redis.zcount('z', '-inf', '(3')).toBe(2);
    expect(await redis.zpopmax('z')).toEqual(['d', '3']);
    await redis.zadd('y', 10, 'a', 20, 'x');
    expect(await redis.zunionstore('u', 2, 'z', 'y', 'WEIGHTS', 1, 2)).toBe(4);
    expect(await redis.zscore('u', 'a')).toBe('21.5');
    await redis.zadd('lex', 0, 'a', 0, 'b', 0, 'c');
    expect(await redis.zrangebylex('lex', '[b', '+')).toEqual(['b', 'c']);
    expect(await redis.zremrangebylex('lex', '-', '(c')).toBe(2);
  });

  it('streams and their groups', async () => {
    const id = await redis.xadd('x', '*', 'a', '1');
    await redis.xadd('x', '*', 'a', '2');
    expect(await redis.xlen('x')).toBe(2);
    expect((await redis.xrange('x', '-', '+')).map(([, fields]) => fields)).toEqual([
      ['a', '1'],
      ['a', '2'],
    ]);
    await redis.xgroup('CREATE', 'x', 'g', '0');
    await expect(redis.xgroup('CREATE', 'x', 'g', '0')).rejects.toThrow('BUSYGROUP');
    const read = await redis.xreadgroup('GROUP', 'g', 'c', 'COUNT', 1, 'STREAMS', 'x', '>');
    expect(read).toEqual([['x', [[id, ['a', '1']]]]]);
    expect(await redis.xpending('x', 'g')).toEqual([1, id, id, [['c', '1']]]);
    expect(await redis.xack('x', 'g', id ?? '')).toBe(1);
    await expect(redis.xadd('x', '1-1', 'a', '1')).rejects.toThrow('equal or smaller');
  });
});

it('names what it does not know', async () => {
  await expect(redis.call('nonsense', 'a', 'b')).rejects.toThrow(
    "ERR unknown command 'nonsense', with args beginning with: 'a' 'b' ",
  );
  await expect(redis.call('get')).rejects.toThrow("ERR wrong number of arguments for 'get' command");
  await expect(redis.call('client', 'nonsense')).rejects.toThrow(
    "ERR unknown subcommand 'nonsense'. Try CLIENT HELP.",
  );
});
