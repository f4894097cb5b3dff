import { fakeClock, seededRandom } from '@pergola/kernel';
import { expect, test } from 'vitest';
import { AwsError } from '../aws-error.ts';
import { refreshingCredentials } from './refreshing.ts';
import type { Credentials } from './source.ts';

const hourMs = 3_600_000;

/** A source whose every fetch is answered by hand. */
function scene(lifeMs = hourMs) {
  const clock = fakeClock();
  const waiting: { resolve: (value: Credentials) => void; reject: (error: Error) => void }[] = [];
  let fetches = 0;
  const source = refreshingCredentials({
    clock,
    random: seededRandom(),
    fetch: () => {
      fetches += 1;
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
  });
  const answer = (name: string) =>
    waiting
      .shift()
      ?.resolve({ accessKeyId: name, secretAccessKey: 's', expiresAtMs: clock.nowMs() + lifeMs });
  return {
    clock,
    source,
    answer,
    refuse: () => waiting.shift()?.reject(new AwsError(403, 'AccessDenied', 'no')),
    fetches: () => fetches,
    keyOf: async () => (await source.get()).accessKeyId,
  };
}

/** Lets everything that is ready to run do so. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

test('many askers wait for one fetch', async () => {
  const { source, answer, fetches } = scene();
  const all = Promise.all([source.get(), source.get(), source.get()]);
  answer('one');
  expect((await all).map(({ accessKeyId }) => accessKeyId)).toEqual(['one', 'one', 'one']);
  expect(fetches()).toBe(1);
});

test('at about four fifths of their life the next ones are fetched, and nobody waits', async () => {
  const { clock, answer, fetches, keyOf } = scene();
  const first = keyOf();
  answer('one');
  await first;
  clock.advance(0.74 * hourMs);
  expect(await keyOf()).toBe('one');
  expect(fetches()).toBe(1);
  clock.advance(0.12 * hourMs);
  expect(await keyOf()).toBe('one');
  expect(fetches()).toBe(2);
  answer('two');
  await settle();
  expect(await keyOf()).toBe('two');
});

test('while a refresh fails the old ones serve until they end, and tries keep a distance', async () => {
  const { clock, answer, refuse, fetches, keyOf } = scene();
  const first = keyOf();
  answer('one');
  await first;
  clock.advance(0.9 * hourMs);
  expect(await keyOf()).toBe('one');
  refuse();
  await settle();
  expect(await keyOf()).toBe('one');
  expect(fetches()).toBe(2);
  clock.advance(20_000);
  expect(await keyOf()).toBe('one');
  expect(fetches()).toBe(3);
  refuse();
  await settle();
  clock.advance(0.1 * hourMs);
  const last = keyOf();
  refuse();
  await expect(last).rejects.toMatchObject({ code: 'AccessDenied' });
  const again = keyOf();
  answer('two');
  expect(await again).toBe('two');
});

test('refused credentials are never handed out again, not even by a fetch that was under way', async () => {
  const { source, answer, keyOf } = scene();
  const first = keyOf();
  answer('one');
  await first;
  source.invalidate();
  const second = keyOf();
  source.invalidate();
  answer('two');
  await second;
  const third = keyOf();
  answer('three');
  expect(await third).toBe('three');
});

test('credentials without an end are fetched once', async () => {
  const clock = fakeClock();
  let fetches = 0;
  const source = refreshingCredentials({
    clock,
    random: seededRandom(),
    fetch: async () => ({ accessKeyId: `key${++fetches}`, secretAccessKey: 's' }),
  });
  await source.get();
  clock.advance(1_000 * hourMs);
  expect((await source.get()).accessKeyId).toBe('key1');
});
