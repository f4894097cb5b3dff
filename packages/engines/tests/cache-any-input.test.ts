import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Redis } from 'ioredis';
import { type CacheHost, openCacheHost } from './cache.fixture.ts';

let caches: CacheHost;
let redis: Redis;
let names: string[];

beforeAll(async () => {
  caches = await openCacheHost();
  redis = caches.client(await caches.create());
  // Those that wait, or end or change the connection, would only hold the test up.
  const apart =
    /^(?:b[lrz]|xread|quit|reset|hello|auth|client|[ps]?(?:un)?subscribe|select|multi|exec|discard|watch|asking)/;
  names = ((await redis.call('command', 'list')) as string[]).filter((name) => !apart.test(name));
});
afterAll(() => caches[Symbol.asyncDispose]());

const words = [
  'a',
  'b',
  'list',
  '0',
  '1',
  '-1',
  '2',
  '+inf',
  '(1',
  '[a',
  '*',
  '0-0',
  '1-1',
  '+',
  '-',
  '$',
  '>',
  '',
];
const options =
  'nx xx get ex px incr withscores limit count match byscore bylex rev left right maxlen streams group '
    .concat(
      'before after create id entries type weights aggregate sum idle force justid mkstream bit byte persist',
    )
    .split(' ');

it('no command fails but by an error of Redis, whatever it is given', async () => {
  expect(names.length).toBeGreaterThan(150);
  const argument = fc.oneof(
    fc.constantFrom(...words),
    fc.constantFrom(...options),
    fc.string({ maxLength: 4 }),
  );
  const call = fc.tuple(fc.constantFrom(...names), fc.array(argument, { maxLength: 7 }));
  await fc.assert(
    fc.asyncProperty(fc.array(call, { minLength: 20, maxLength: 60 }), async (calls) => {
      const answers = await Promise.all(
        calls.map(([name, args]) => redis.call(name, ...args).catch((error: Error) => error.message)),
      );
      expect(answers.filter((answer) => String(answer).includes('internal error'))).toEqual([]);
      expect(caches.bugs).toEqual([]);
    }),
  );
  expect(await redis.ping()).toBe('PONG');
});

it('leaves nothing of a command that fails', async () => {
  await redis.flushall();
  await expect(redis.call('xgroup', 'create', 's', 'g', 'nonsense', 'mkstream')).rejects.toThrow(
    'Invalid stream ID',
  );
  await expect(redis.call('zadd', 'z', 'one', 'a')).rejects.toThrow('not a valid float');
  await expect(redis.call('hset', 'h', 'a')).rejects.toThrow('wrong number of arguments');
  await expect(redis.call('xadd', 's', '0-0', 'a', 'b')).rejects.toThrow('must be greater than 0-0');
  expect(await redis.dbsize()).toBe(0);
});

it('never counts memory wrongly: what is left after all is gone is nothing', async () => {
  await redis.flushall();
  expect(await redis.info('memory')).toContain('used_memory:0\r\n');
});
