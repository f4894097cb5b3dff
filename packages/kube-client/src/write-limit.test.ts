import { fakeClock } from '@pergola/kernel';
import { expect, test } from 'vitest';
import { createWriteLimit } from './write-limit.ts';

test('a burst of one second passes, then one write an interval', async () => {
  const clock = fakeClock();
  const permit = createWriteLimit(10, clock);
  let permitted = 0;
  for (let i = 0; i < 15; i++) void permit().then(() => permitted++);
  await Promise.resolve();
  expect(permitted).toBe(10);
  clock.advance(100);
  await Promise.resolve();
  expect(permitted).toBe(11);
  clock.advance(400);
  await Promise.resolve();
  expect(permitted).toBe(15);
});

test('0 is no limit', async () => {
  const permit = createWriteLimit(0, fakeClock());
  await Promise.all(Array.from({ length: 1000 }, permit));
});
