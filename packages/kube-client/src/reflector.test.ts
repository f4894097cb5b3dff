import { type FakeClock, fakeClock, seededRandom, silentLogger } from '@pergola/kernel';
import { expect, test } from 'vitest';
import {
  KubeApiError,
  type KubeClient,
  type KubeResource,
  type WatchEvent,
  type WatchQuery,
} from './client.ts';
import { createInformer } from './informer.ts';
import { resourceTypes } from './resource-types.ts';

const object = (name: string, resourceVersion: string): KubeResource => ({
  metadata: { name, namespace: 'a', resourceVersion },
});
const event = (type: WatchEvent['type'], name: string, version: string): WatchEvent => ({
  type,
  object: object(name, version),
});
const endOfInitialEvents = (version: string): WatchEvent => ({
  type: 'BOOKMARK',
  object: {
    metadata: { name: '', resourceVersion: version, annotations: { 'k8s.io/initial-events-end': 'true' } },
  },
});

/** What one connection does: events in order, then an error, or silence until it is aborted. */
interface Script {
  readonly events?: readonly WatchEvent[];
  readonly end?: Error;
}

/** A client whose watches follow `scripts` one after the other, and the queries it was asked. */
function scriptedClient(scripts: readonly Script[], lists: readonly KubeResource[][] = []) {
  const asked: (WatchQuery | { list: string | undefined })[] = [];
  let watchCount = 0;
  let listCount = 0;
  const client = {
    async list(_type: unknown, query: { resourceVersion?: string }) {
      asked.push({ list: query.resourceVersion });
      const items = lists[listCount++] ?? [];
      return {
        apiVersion: 'v1',
        kind: 'PodList',
        metadata: { resourceVersion: `${100 * listCount}` },
        items,
      };
    },
    async *watch(_type: unknown, query: WatchQuery, signal: AbortSignal) {
      asked.push(query);
      const script = scripts[watchCount++] ?? {};
      yield* script.events ?? [];
      if (script.end) throw script.end;
      await new Promise((_resolve, reject) => {
        if (signal.aborted) reject(signal.reason);
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    },
  };
  return { client: client as unknown as KubeClient, asked };
}

function start(client: KubeClient, clock: FakeClock = fakeClock()) {
  const seen: string[] = [];
  const informer = createInformer(client, resourceTypes.pods, {
    clock,
    random: seededRandom(),
    logger: silentLogger,
  });
  informer.onAdd((added) => seen.push(`+${added.metadata.name}`));
  informer.onUpdate((before, after) =>
    seen.push(`${after.metadata.name}:${before.metadata.resourceVersion}>${after.metadata.resourceVersion}`),
  );
  informer.onDelete((deleted) => seen.push(`-${deleted.metadata.name}`));
  return { informer, seen, clock };
}

/** Lets every promise that can go on go on. */
async function settle(): Promise<void> {
  for (let i = 0; i < 100; i++) await Promise.resolve();
}

test('WatchList: nothing is shown before the closing bookmark, everything after', async () => {
  const { client, asked } = scriptedClient([
    { events: [event('ADDED', 'one', '1'), event('ADDED', 'two', '2')] },
  ]);
  const first = start(client);
  await settle();
  expect(first.informer.hasSynced).toBe(false);
  expect(first.seen).toEqual([]);
  await first.informer[Symbol.asyncDispose]();
  await expect(first.informer.synced).rejects.toThrow('closed before it had synced');

  const script = {
    events: [event('ADDED', 'one', '1'), endOfInitialEvents('5'), event('MODIFIED', 'one', '6')],
  };
  const second = start(scriptedClient([script]).client);
  await second.informer.synced;
  await settle();
  expect(second.seen).toEqual(['+one', 'one:1>6']);
  expect(second.informer.get({ namespace: 'a', name: 'one' })?.metadata.resourceVersion).toBe('6');
  expect(second.informer.list('a')).toHaveLength(1);
  expect(second.informer.list('b')).toHaveLength(0);
  expect(asked[0]).toMatchObject({ sendInitialEvents: true, resourceVersion: '' });
  await second.informer[Symbol.asyncDispose]();
});

test('a server that refuses WatchList is listed at once, then watched from that version', async () => {
  const { client, asked } = scriptedClient(
    [{ end: new KubeApiError(422, 'Invalid', 'sendInitialEvents is forbidden') }, {}],
    [[object('one', '1')]],
  );
  const { informer, seen } = start(client);
  await informer.synced;
  await settle();
  expect(seen).toEqual(['+one']);
  expect(asked.slice(1)).toMatchObject([{ list: '0' }, { resourceVersion: '100', sendInitialEvents: false }]);
  await informer[Symbol.asyncDispose]();
});

test('a server that ignores WatchList is listed when the bookmark does not come', async () => {
  const { client, asked } = scriptedClient([{ events: [event('ADDED', 'one', '1')] }, {}], [[]]);
  const { informer, clock } = start(client);
  await settle();
  clock.advance(10_000);
  await informer.synced;
  await settle();
  expect(asked).toHaveLength(3);
  expect(asked[1]).toEqual({ list: '0' });
  await informer[Symbol.asyncDispose]();
});

test('a broken watch resumes from the last version, after a pause that grows', async () => {
  const broken = { end: new KubeApiError(0, 'TransportFailure', 'socket hang up') };
  const { client, asked } = scriptedClient([
    { events: [endOfInitialEvents('5'), event('ADDED', 'one', '7')], end: broken.end },
    broken,
    broken,
    { events: [event('DELETED', 'one', '9')] },
  ]);
  const { informer, seen, clock } = start(client);
  await settle();
  expect(asked).toHaveLength(1);
  clock.advance(400);
  await settle();
  expect(asked).toHaveLength(2);
  clock.advance(399);
  await settle();
  expect(asked).toHaveLength(2);
  clock.advance(401);
  await settle();
  clock.advance(1_600);
  await settle();
  expect(asked[3]).toMatchObject({ resourceVersion: '7', sendInitialEvents: false });
  expect(seen).toEqual(['+one', '-one']);
  await informer[Symbol.asyncDispose]();
});

test('410 starts over, and what vanished meanwhile is reported as deleted', async () => {
  const { client } = scriptedClient([
    {
      events: [event('ADDED', 'one', '1'), event('ADDED', 'two', '2'), endOfInitialEvents('5')],
      end: new KubeApiError(410, 'Expired', 'too old resource version: 5 (90)'),
    },
    { events: [event('ADDED', 'two', '2'), event('ADDED', 'three', '80'), endOfInitialEvents('90')] },
  ]);
  const { informer, seen } = start(client);
  await settle();
  expect(seen).toEqual(['+one', '+two', '-one', '+three']);
  await informer[Symbol.asyncDispose]();
});

test('a handler that fails does not stop the others, and a late one sees what is there', async () => {
  const { client } = scriptedClient([{ events: [event('ADDED', 'one', '1'), endOfInitialEvents('5')] }]);
  const informer = createInformer(client, resourceTypes.pods, { clock: fakeClock() });
  informer.onAdd(() => {
    throw new Error('a bug');
  });
  await informer.synced;
  const seen: string[] = [];
  const stop = informer.onAdd((added) => seen.push(added.metadata.name));
  expect(seen).toEqual(['one']);
  stop();
  await informer[Symbol.asyncDispose]();
});
