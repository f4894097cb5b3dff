import { fakeClock } from '@pergola/kernel';
import type { KubeResource } from '@pergola/kube-client';
import { expect, test } from 'vitest';
import { setCondition } from './conditions.ts';
import { Expectations } from './expectations.ts';
import { adoptionPatch, releasePatch, sortClaims } from './ownership.ts';
import { slowStart } from './pod-control.ts';
import { availableInMs, isActive } from './pod-state.ts';
import { templateHash } from './template-hash.ts';

const owner = (uid: string) => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  name: 'o',
  uid,
  controller: true,
});
const pod = (name: string, rest: object = {}): KubeResource => ({
  metadata: { name, namespace: 'a', uid: name, resourceVersion: '1', labels: { app: 'web' }, ...rest },
});

test('claims: own and matching stay, orphans come, strays go, others’ are left alone', () => {
  const set: KubeResource = { metadata: { name: 'o', uid: 'u' } };
  const mine = pod('mine', { ownerReferences: [owner('u')] });
  const stray = pod('stray', { ownerReferences: [owner('u')], labels: {} });
  const theirs = pod('theirs', { ownerReferences: [owner('x')] });
  const [orphan, leaving] = [pod('orphan'), pod('leaving', { deletionTimestamp: 'now' })];
  const selector = { matchLabels: { app: 'web' } };
  const all = [mine, stray, theirs, orphan, leaving];
  expect(sortClaims(set, selector, all)).toEqual({ owned: [mine], adoptable: [orphan], releasable: [stray] });
  const deleted: KubeResource = { metadata: { ...set.metadata, deletionTimestamp: 'now' } };
  expect(sortClaims(deleted, selector, all).adoptable).toEqual([]);
  expect(adoptionPatch(orphan, owner('u'))).toEqual({
    metadata: { ownerReferences: [owner('u')], uid: 'orphan', resourceVersion: '1' },
  });
  expect(releasePatch(stray, 'u')).toEqual({
    metadata: { ownerReferences: [], uid: 'stray', resourceVersion: '1' },
  });
});

test('expectations hold until everything was seen, or five minutes', () => {
  const clock = fakeClock();
  const expectations = new Expectations(clock);
  expect(expectations.satisfied('k')).toBe(true);
  expectations.expect('k', 2, ['d']);
  expectations.created('k');
  expectations.created('k');
  expect(expectations.satisfied('k')).toBe(false);
  expectations.deleted('k', 'other');
  expect(expectations.satisfied('k')).toBe(false);
  expectations.deleted('k', 'd');
  expect(expectations.satisfied('k')).toBe(true);
  expectations.expect('k', 1);
  clock.advance(299_999);
  expect(expectations.satisfied('k')).toBe(false);
  clock.advance(1);
  expect(expectations.satisfied('k')).toBe(true);
});

test('creation starts slowly and stops at the first refusal', async () => {
  const batches: number[] = [];
  let running = 0;
  let calls = 0;
  const create = async () => {
    running++;
    calls++;
    const call = calls;
    await Promise.resolve();
    batches.push(running);
    await Promise.resolve();
    running--;
    if (call > 5) throw new Error('quota');
  };
  const { created, error } = await slowStart(100, create);
  expect([created, calls]).toEqual([5, 7]);
  expect(String(error)).toContain('quota');
  expect(Math.max(...batches)).toBe(4);
  expect(await slowStart(0, create)).toEqual({ created: 0 });
});

test('a condition keeps its time while its status stays', () => {
  const first = setCondition(
    undefined,
    { type: 'A', status: 'True', reason: 'R', message: 'm' },
    { nowMs: 0 },
  );
  const reason = { type: 'A', status: 'True', reason: 'S', message: 'm' } as const;
  const second = setCondition(first, reason, { nowMs: 5_000, withUpdateTime: true });
  expect(second).toEqual([
    { ...reason, lastUpdateTime: '1970-01-01T00:00:05Z', lastTransitionTime: '1970-01-01T00:00:00Z' },
  ]);
  const third = setCondition(second, { ...reason, status: 'False' }, { nowMs: 9_000 });
  expect(third[0]?.lastTransitionTime).toBe('1970-01-01T00:00:09Z');
  expect(setCondition(third, { ...reason, status: 'False' }, { nowMs: 99_000 })).toEqual(third);
});

test('a pod is available once it was ready for long enough', () => {
  const ready = { type: 'Ready', status: 'True', lastTransitionTime: '1970-01-01T00:00:10Z' };
  const subject: KubeResource = { metadata: { name: 'p' }, status: { conditions: [ready] } };
  expect(availableInMs(subject, 0, 0)).toBe(0);
  expect(availableInMs(subject, 30, 15_000)).toBe(25_000);
  expect(availableInMs(subject, 30, 90_000)).toBe(0);
  expect(availableInMs({ metadata: { name: 'p' } }, 0, 0)).toBeUndefined();
  expect(isActive({ metadata: { name: 'p' }, status: { phase: 'Failed' } })).toBe(false);
});

test('the template hash ignores the order of keys, and a collision changes it', () => {
  const hash = templateHash({ a: 1, b: { c: [1, 2], d: 'x' } }, undefined);
  expect(hash).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{5,10}$/);
  expect(templateHash({ b: { d: 'x', c: [1, 2] }, a: 1 }, undefined)).toBe(hash);
  expect(templateHash({ b: { d: 'x', c: [2, 1] }, a: 1 }, undefined)).not.toBe(hash);
  expect(templateHash({ a: 1, b: { c: [1, 2], d: 'x' } }, 1)).not.toBe(hash);
});
