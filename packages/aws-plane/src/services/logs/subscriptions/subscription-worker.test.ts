import { type FakeClock, fakeClock, silentLogger } from '@pergola/kernel';
import type { LogStore, StoredEvent } from '@pergola/log-store';
import type { Transaction } from '@pergola/store';
import { beforeEach, describe, expect, it } from 'vitest';
import type { PlaneContext } from '../../../plane-context.ts';
import type { LogGroup } from '../state.ts';
import { findSubscription, putSubscription, type StoredSubscription } from './subscription-filter.ts';
import { type Deliver, SubscriptionWorker } from './subscription-worker.ts';

const group: LogGroup = {
  account: '123456789012',
  region: 'us-east-1',
  name: 'app',
  key: 'k1',
  createdMs: 0,
  class: 'STANDARD',
  tags: {},
};

const filter: StoredSubscription = {
  name: 'f',
  revision: 'r1',
  pattern: '-skip',
  destinationArn: 'arn:aws:s3:::bucket',
  distribution: 'ByLogStream',
  createdMs: 0,
  next: 2,
};

let clock: FakeClock;
let events: Map<number, StoredEvent>;
let tx: Transaction;
let delivered: string[][];
let failing: number;
beforeEach(() => {
  clock = fakeClock();
  events = new Map();
  delivered = [];
  failing = 0;
  const entries = new Map<string, string>();
  tx = {
    get: (key: string) => (entries.has(key) ? { value: entries.get(key) } : undefined),
    put: (key: string, value: string) => entries.set(key, value),
  } as unknown as Transaction;
  putSubscription(tx, group, filter);
});

function append(...messages: string[]): number {
  for (const message of messages) {
    const sequence = Math.max(-1, ...events.keys()) + 1;
    events.set(sequence, { timestampMs: 1, ingestedMs: 1, stream: 's', message, sequence });
  }
  return Math.max(...events.keys()) + 1;
}

const deliver: Deliver = async (found) => {
  if (failing-- > 0) throw new Error('no');
  delivered.push(found.map(({ message }) => message));
};

function start(from: StoredSubscription = filter, head?: number): SubscriptionWorker {
  const store = {
    event: async (_: unknown, sequence: number) => events.get(sequence),
  } as Partial<LogStore> as LogStore;
  const plane = {
    clock,
    logger: silentLogger,
    store: { transact: async (work: (of: Transaction) => unknown) => ({ value: work(tx) }) },
  } as unknown as PlaneContext;
  return new SubscriptionWorker({ plane, events: store, group, filter: from, deliver, head });
}

const kept = () => findSubscription(tx, group, 'f')?.next;

/** Moves time until `done` holds. */
async function until(done: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1_000 && !done(); turn++) {
    clock.advance(100);
    await new Promise((resolve) => {
      process.nextTick(resolve);
    });
  }
  expect(done()).toBe(true);
}

describe('SubscriptionWorker', () => {
  it('takes up where the filter has come to, also after a restart', async () => {
    append('0', '1', '2', 'skip 3', '4');
    const worker = start();
    await until(() => delivered.length === 1);
    await until(() => kept() === 5);
    worker.appended(append('5'));
    await until(() => delivered.length === 2);
    await until(() => kept() === 6);
    await worker.close();
    append('6');
    const again = start(findSubscription(tx, group, 'f'));
    await until(() => delivered.length === 3);
    expect(delivered).toEqual([['2', '4'], ['5'], ['6']]);
    await again.close();
  });

  it('passes over what has expired', async () => {
    append('0', '1', '2', '3', '4');
    events.delete(2);
    events.delete(3);
    const worker = start();
    worker.appended(5);
    await until(() => delivered.length === 1);
    expect(delivered).toEqual([['4']]);
    await worker.close();
  });

  it('passes over what expired while it did not run', async () => {
    append('0', '1', '2', '3', '4');
    events.delete(2);
    const worker = start(filter, 5);
    await until(() => delivered.length === 1);
    expect(delivered).toEqual([['3', '4']]);
    await worker.close();
  });

  it('tries again, later and later, and delivers all of it in order', async () => {
    failing = 5;
    append('0', '1', '2');
    const worker = start();
    await until(() => failing === 0);
    worker.appended(append('3'));
    const begunMs = clock.nowMs();
    await until(() => delivered.length === 1);
    expect(clock.nowMs() - begunMs).toBeGreaterThan(4_000);
    expect(delivered.flat()).toEqual(['2', '3']);
    await worker.close();
  });

  it('does not touch what has been put in its place', async () => {
    const worker = start();
    putSubscription(tx, group, { ...filter, revision: 'r2', next: 2 });
    worker.appended(append('0', '1', '2'));
    await until(() => delivered.length === 1);
    await worker.close();
    expect(kept()).toBe(2);
  });

  it('takes large events a few at a time', async () => {
    const large = 'x'.repeat(600_000);
    append('0', '1', large, large, large);
    const worker = start();
    await until(() => delivered.length === 2);
    expect(delivered.map(({ length }) => length)).toEqual([2, 1]);
    await worker.close();
  });
});
