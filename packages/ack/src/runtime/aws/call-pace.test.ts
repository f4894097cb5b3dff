import { fakeClock } from '@pergola/kernel';
import { expect, test } from 'vitest';
import { CallPace } from './call-pace.ts';

test('as many at once as in a second, then at the rate', async () => {
  const clock = fakeClock();
  const pace = new CallPace(clock, 10);
  let made = 0;
  const make = async () => {
    await pace.take();
    made++;
  };
  const all = Promise.all(Array.from({ length: 30 }, make));
  await Promise.resolve();
  await Promise.resolve();
  expect(made).toBe(10);
  for (let at = 0; at < 20; at++) {
    clock.advance(100);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  await all;
  expect(made).toBe(30);
});

test('throttling halves the rate once a second, down to a floor, and success gives it back', () => {
  const clock = fakeClock();
  const pace = new CallPace(clock, 100);
  pace.throttled();
  pace.throttled();
  expect(pace.rate).toBe(50);
  for (let at = 0; at < 20; at++) {
    clock.advance(1_000);
    pace.throttled();
  }
  expect(pace.rate).toBe(0.5);
  for (let at = 0; at < 1_000; at++) pace.succeeded();
  expect(pace.rate).toBe(100);
});
