import { fakeClock } from '@pergola/kernel';
import { expect, test } from 'vitest';
import { WorkQueue } from './work-queue.ts';

test('a key is queued once, and not given out again while it is worked on', async () => {
  const queue = new WorkQueue(fakeClock());
  queue.add('a');
  queue.add('a');
  queue.add('b');
  expect(queue.length).toBe(2);
  expect(await queue.take()).toBe('a');
  queue.add('a');
  expect(queue.length).toBe(1);
  queue.done('a');
  expect([await queue.take(), await queue.take()]).toEqual(['b', 'a']);
});

test('a waiting taker gets the next key', async () => {
  const queue = new WorkQueue(fakeClock());
  const taken = queue.take();
  queue.add('a');
  expect(await taken).toBe('a');
  queue.add('a');
  expect(queue.length).toBe(0);
  queue.done('a');
  expect(queue.length).toBe(1);
});

test('failures come back later and later, until forgotten', () => {
  const clock = fakeClock();
  const queue = new WorkQueue(clock);
  for (const delayMs of [5, 10, 20]) {
    queue.addRateLimited('a');
    clock.advance(delayMs - 1);
    expect(queue.length).toBe(0);
    clock.advance(1);
    expect(queue.length).toBe(1);
    void queue.take();
    queue.done('a');
  }
  queue.forget('a');
  queue.addRateLimited('a');
  clock.advance(5);
  expect(queue.length).toBe(1);
});

test('of several delays the earliest counts, and each key comes once', () => {
  const clock = fakeClock();
  const queue = new WorkQueue(clock);
  queue.addAfter('a', 100);
  queue.addAfter('a', 50);
  queue.addAfter('a', 70);
  clock.advance(50);
  expect(queue.length).toBe(1);
  void queue.take();
  queue.done('a');
  clock.advance(1_000);
  expect(queue.length).toBe(0);
});

test('closing wakes the takers and drops the rest', async () => {
  const clock = fakeClock();
  const queue = new WorkQueue(clock);
  const taken = queue.take();
  queue.addAfter('a', 10);
  queue.close();
  expect(await taken).toBeUndefined();
  clock.advance(10);
  queue.add('b');
  expect(queue.length).toBe(0);
  expect(await queue.take()).toBeUndefined();
});
