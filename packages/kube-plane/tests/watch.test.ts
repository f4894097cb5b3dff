import { fakeClock } from '@pergola/kernel';
import { openStore } from '@pergola/store';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startTestPlane } from './harness.ts';

const CM = '/api/v1/namespaces/default/configmaps';
const object = (name: string, labels: Record<string, string> = {}) => ({ metadata: { name, labels } });
const merge = { 'Content-Type': 'application/merge-patch+json' };

it('sends what happens after the version, in order, and nothing twice', async () => {
  await using test = await startTestPlane();
  const { body: start } = await test.call('GET', CM);
  const watch = test.watch(`${CM}?watch=true&resourceVersion=${start.metadata.resourceVersion}`);
  await test.call('POST', CM, object('a'));
  await test.call('PATCH', `${CM}/a`, { data: { k: 'v' } }, merge);
  await test.call('DELETE', `${CM}/a`);
  await watch.until(3);
  expect(watch.events.map((event) => event.type)).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
  const versions = watch.events.map((event) => Number(event.object.metadata.resourceVersion));
  expect(versions).toEqual(versions.toSorted((left, right) => left - right));
  expect(new Set(versions).size).toBe(3);
  watch.close();
});

it('turns selector transitions into ADDED and DELETED', async () => {
  await using test = await startTestPlane();
  await test.call('POST', CM, object('a', { on: 'no' }));
  const watch = test.watch(`${CM}?watch=true&labelSelector=on%3Dyes`);
  await test.call('PATCH', `${CM}/a`, { metadata: { labels: { on: 'yes' } } }, merge);
  await watch.until(1);
  await test.call('PATCH', `${CM}/a`, { metadata: { labels: { on: 'no' } } }, merge);
  await watch.until(2);
  expect(watch.events.map((event) => event.type)).toEqual(['ADDED', 'DELETED']);
  watch.close();
});

it('ends the initial events of a WatchList with the annotated bookmark', async () => {
  await using test = await startTestPlane();
  await test.call('POST', CM, object('a'));
  const query =
    'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
  const watch = test.watch(`${CM}?${query}`);
  await watch.until(2);
  expect(watch.events[0].type).toBe('ADDED');
  expect(watch.events[1]).toMatchObject({
    type: 'BOOKMARK',
    object: { kind: 'ConfigMap', metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } },
  });
  watch.close();
  const fromZero = test.watch(`${CM}?${query}&resourceVersion=0`);
  await fromZero.until(2);
  expect(fromZero.events[1].object.metadata.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' });
  fromZero.close();
  const refused = await test.call('GET', `${CM}?watch=true&sendInitialEvents=true&allowWatchBookmarks=true`);
  expect(refused.status).toBe(422);
});

it('answers a forgotten version with an ERROR event 410', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kube-plane-store-'));
  const store = openStore({ path: folder, durability: 'ephemeral', historyLimit: 2 });
  {
    await using test = await startTestPlane({ store });
    for (let i = 0; i < 9; i++) await test.call('POST', CM, object(`o${i}`));
    const watch = test.watch(`${CM}?watch=true&resourceVersion=1`);
    await watch.ended;
    expect(watch.events).toHaveLength(1);
    expect(watch.events[0]).toMatchObject({ type: 'ERROR', object: { code: 410, reason: 'Expired' } });
    expect(watch.events[0].object.message).toMatch(/^too old resource version: 1 \(\d+\)$/);
    const { body: page } = await test.call('GET', `${CM}?limit=1`);
    for (let i = 0; i < 9; i++) await test.call('DELETE', `${CM}/o${i}`);
    const late = await test.call('GET', `${CM}?continue=${page.metadata.continue}`);
    expect(late.body).toMatchObject({ code: 410, reason: 'Expired' });
    const on = await test.call('GET', `${CM}?continue=${late.body.metadata.continue}`);
    expect(on.status).toBe(200);
  }
  await store[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

it('sends bookmarks each minute and at the time limit', async () => {
  const clock = fakeClock(Date.now());
  await using test = await startTestPlane({ clock });
  const { body: start } = await test.call('GET', CM);
  const query = `watch=true&allowWatchBookmarks=true&timeoutSeconds=90&resourceVersion=${start.metadata.resourceVersion}`;
  const watch = test.watch(`${CM}?${query}`);
  const { body: made } = await test.call('POST', CM, object('a'));
  await watch.until(1);
  clock.advance(61_000);
  await watch.until(2);
  expect(watch.events[1].object.metadata.resourceVersion).toBe(made.metadata.resourceVersion);
  clock.advance(30_000);
  await watch.ended;
  expect(watch.events.map((event) => event.type)).toEqual(['ADDED', 'BOOKMARK', 'BOOKMARK']);
});

it('watches as a Table, with the columns only once', async () => {
  await using test = await startTestPlane();
  const watch = test.watch(`${CM}?watch=true`, { Accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' });
  await test.call('POST', CM, object('a'));
  await test.call('POST', CM, object('b'));
  await watch.until(2);
  expect(watch.events[0].object.kind).toBe('Table');
  expect(watch.events[0].object.columnDefinitions.length).toBeGreaterThan(0);
  expect(watch.events[1].object.columnDefinitions).toBeNull();
  watch.close();
});
