// HyperLogLog and SORT: what the embedded server answers is what Redis answers, where there is one to be asked.
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CacheHost, openCacheHost } from './cache.fixture.ts';

let host: CacheHost;
beforeAll(async () => {
  host = await openCacheHost();
});
afterAll(async () => {
  await host[Symbol.asyncDispose]();
  expect(host.bugs).toEqual([]);
});

const isThere = existsSync('/usr/bin/redis-server');
const title = `beside redis-server${isThere ? '' : ' (skipped: this machine has no such program)'}`;

/** Calls whose answers are compared, in their order. */
const calls: readonly (readonly string[])[] = [
  ...[0, 1, 7, 100, 5_000].flatMap((count, at) => [
    [
      'PFADD',
      `h${at}`,
      ...Array.from({ length: count }, (_, index) => `member-${'x'.repeat(index % 11)}${index}`),
    ],
    ['PFADD', `h${at}`, 'member-0'],
    ['PFCOUNT', `h${at}`],
  ]),
  ['PFADD', 'other', ...Array.from({ length: 3_000 }, (_, index) => `other-${index}`)],
  ['PFCOUNT', 'h4', 'other', 'absent'],
  ['PFMERGE', 'all', 'h4', 'other'],
  ['PFCOUNT', 'all'],
  ['SET', 'text', 'no counter'],
  ['PFADD', 'text', 'a'],
  ['PFCOUNT', 'text'],
  ['RPUSH', 'list', '10', '9', '-2.5', '3'],
  ['SORT', 'list'],
  ['SORT', 'list', 'DESC', 'LIMIT', '1', '2'],
  ['SORT', 'list', 'ALPHA'],
  ['RPUSH', 'ids', '3', '1', '2'],
  ['MSET', 'w_1', '30', 'w_2', '20', 'w_3', '10', 'name_1', 'one', 'name_3', 'three'],
  ['HSET', 'o_1', 'f', 'b'],
  ['HSET', 'o_2', 'f', 'a'],
  ['SORT', 'ids', 'BY', 'w_*', 'GET', '#', 'GET', 'name_*', 'GET', 'o_*->f'],
  ['SORT', 'ids', 'BY', 'o_*->f', 'ALPHA'],
  ['SORT', 'ids', 'BY', 'nosort'],
  ['SORT', 'ids', 'STORE', 'sorted'],
  ['LRANGE', 'sorted', '0', '-1'],
  ['SORT', 'absent', 'STORE', 'sorted'],
  ['EXISTS', 'sorted'],
  ['SORT', 'text'],
  ['SORT', 'ids', 'UPSIDE'],
  ['SORT_RO', 'ids', 'STORE', 'sorted'],
  ['RPUSH', 'words', 'b', 'a'],
  ['SORT', 'words'],
  ['SORT', 'words', 'ALPHA', 'DESC'],
];

describe.skipIf(!isThere)(title, () => {
  it('both answer the same', async () => {
    await using real = await openCacheHost(undefined, 'host');
    const [ours, theirs] = [host.client(await host.create({ id: 'ours' })), real.client(await real.create())];
    for (const [name = '', ...args] of calls) {
      const ask = (client: typeof ours) => client.call(name, ...args).catch((error: Error) => error.message);
      expect([name, args.slice(0, 8), await ask(ours)]).toEqual([name, args.slice(0, 8), await ask(theirs)]);
    }
  });
});

it('counts about as many as there are, and merges', async () => {
  const redis = host.client(await host.create({ id: 'counting' }));
  for (const [key, from] of [
    ['a', 0],
    ['b', 5_000],
  ] as const) {
    await redis.pfadd(key, ...Array.from({ length: 10_000 }, (_, index) => `member-${from + index}`));
  }
  expect(Math.abs((await redis.pfcount('a')) - 10_000)).toBeLessThan(300);
  await redis.pfmerge('all', 'a', 'b');
  expect(Math.abs((await redis.pfcount('all')) - 15_000)).toBeLessThan(450);
  expect(await redis.pfcount('a', 'b')).toBe(await redis.pfcount('all'));
});

it('sorts by other keys only for those who may read all, and stores only where they may write', async () => {
  const user = { enabled: true, passwords: ['password'], noPassword: false };
  const users = [
    { ...user, name: 'default', access: 'on ~* +@all' },
    { ...user, name: 'some', access: 'on ~mine:* +@all' },
  ];
  const cache = await host.create({ id: 'rights', users });
  const all = host.client(cache, undefined, { password: 'password' });
  await all.mset('secret_1', 'hidden', 'secret_2', 'hidden');
  await all.rpush('mine:list', '2', '1');
  const some = host.client(cache, undefined, { username: 'some', password: 'password' });
  expect(await some.sort('mine:list')).toEqual(['1', '2']);
  await expect(some.sort('mine:list', 'GET', 'secret_*')).rejects.toThrow(/GET option of SORT denied/);
  await expect(some.sort('mine:list', 'BY', 'secret_*', 'ALPHA')).rejects.toThrow(/BY option of SORT denied/);
  for (const words of [
    ['STORE', 'theirs'],
    ['STORE', 'theirs', 'BY', 'store'],
    ['BY', 'store', 'STORE', 'theirs'],
    ['STORE', 'theirs', 'STORE', 'mine:copy'],
  ]) {
    await expect(some.call('SORT', 'mine:list', ...words)).rejects.toThrow(/NOPERM/);
  }
  expect(await some.call('SORT', 'mine:list', 'STORE', 'mine:copy')).toBe(2);
  expect(await all.sort('mine:list', 'GET', 'secret_*')).toEqual(['hidden', 'hidden']);
});
