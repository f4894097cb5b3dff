import { fakeClock, silentLogger } from '@pergola/kernel';
import type { Informer, KubeResource } from '@pergola/kube-client';
import { expect, test } from 'vitest';
import { splitKey, startController, watchSelf } from './controller.ts';
import { runSteps } from './steps.ts';

/** An informer whose handlers a test calls. */
function handInformer(synced: Promise<void> = Promise.resolve()) {
  const handlers: ((object: KubeResource) => void)[] = [];
  const informer = {
    synced,
    onAdd: (handler: (object: KubeResource) => void) => {
      handlers.push(handler);
      return () => handlers.splice(handlers.indexOf(handler), 1);
    },
    onUpdate: () => () => {},
    onDelete: () => () => {},
  } as unknown as Informer;
  return {
    informer,
    handlers,
    add: (name: string) => handlers.forEach((h) => h({ metadata: { name, namespace: 'a' } })),
  };
}

async function settle(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve();
}

test('nothing is reconciled before the informers have synced', async () => {
  let resolve = () => {};
  const { informer, add } = handInformer(new Promise((r) => (resolve = r)));
  const seen: string[] = [];
  const reconcile = async (key: string) => void seen.push(key);
  await using _controller = startController({
    name: 'test',
    watches: [watchSelf(informer)],
    reconcile,
    clock: fakeClock(),
    logger: silentLogger,
  });
  add('b');
  await settle();
  expect(seen).toEqual([]);
  resolve();
  await settle();
  expect(seen).toEqual(['a/b']);
});

test('a failure is tried again, a result may ask for it, a key is never worked on twice at once', async () => {
  const clock = fakeClock();
  const { informer, add, handlers } = handInformer();
  let runs = 0;
  let parallel = 0;
  let parallelMax = 0;
  const controller = startController({
    name: 'test',
    watches: [watchSelf(informer)],
    clock,
    logger: silentLogger,
    reconcile: async () => {
      parallelMax = Math.max(parallelMax, ++parallel);
      await Promise.resolve();
      parallel--;
      if (++runs === 1) throw new Error('not yet');
      return runs === 2 ? { requeueAfterMs: 1_000 } : undefined;
    },
  });
  add('b');
  add('b');
  await settle();
  expect(runs).toBe(1);
  clock.advance(5);
  await settle();
  expect(runs).toBe(2);
  clock.advance(1_000);
  await settle();
  expect(runs).toBe(3);
  controller.enqueue('a/b');
  controller.enqueue('a/b');
  await settle();
  expect(parallelMax).toBe(1);
  await controller[Symbol.asyncDispose]();
  expect(handlers).toHaveLength(0);
});

test('steps run in order until one stops; the shortest requeue counts', async () => {
  const ran: string[] = [];
  const step = (name: string, result?: 'stop' | { requeueAfterMs: number }) => ({
    name,
    run: (context: string[]) => {
      context.push(name);
      return result;
    },
  });
  const steps = [
    step('one', { requeueAfterMs: 9 }),
    step('two', { requeueAfterMs: 5 }),
    step('three', 'stop'),
    step('four'),
  ];
  expect(await runSteps(steps, ran)).toEqual({ requeueAfterMs: 5 });
  expect(ran).toEqual(['one', 'two', 'three']);
});

test('keys split back', () => {
  expect(splitKey('a/b')).toEqual({ namespace: 'a', name: 'b' });
  expect(splitKey('b')).toEqual({ namespace: undefined, name: 'b' });
});
