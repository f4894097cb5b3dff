import { runSteps } from '@pergola/controller-kit';
import type { KubeResource } from '@pergola/kube-client';
import { expect, test } from 'vitest';
import { refusalOf } from '../scheduler/filters.ts';
import { nodeNameOf, onNode } from './daemon-pod.ts';
import { daemonSetSteps } from './reconcile.ts';
import { type DaemonSetRun, revisionLabel } from './run.ts';

const node = (name: string, labels: Record<string, string> = {}, spec: object = {}): KubeResource => ({
  metadata: { name, labels },
  spec,
});
const pod = (
  name: string,
  nodeName: string,
  rest: { phase?: string; ready?: boolean; hash?: string } = {},
): KubeResource => ({
  metadata: { name, namespace: 'a', uid: name, labels: { [revisionLabel]: rest.hash ?? 'new' } },
  spec: { nodeName },
  status: {
    phase: rest.phase ?? 'Running',
    conditions: [{ type: 'Ready', status: rest.ready === false ? 'False' : 'True' }],
  },
});

async function reconciled(nodes: KubeResource[], pods: KubeResource[], spec: object = {}) {
  const did = { created: [] as string[], removed: [] as string[], events: [] as string[], status: {} };
  const run: DaemonSetRun = {
    set: { metadata: { name: 'ds', generation: 2 }, spec: { template: { spec: {} }, ...spec } },
    nodes,
    pods,
    nowMs: 0,
    settled: true,
    revision: 'new',
    acted: false,
    createPods: async (names) => void did.created.push(...names),
    removePods: async (gone) => void did.removed.push(...gone.map(({ metadata }) => metadata.name)),
    patchStatus: async (status) => void Object.assign(did.status, status),
    event: (_type, reason) => did.events.push(reason),
  };
  await runSteps(daemonSetSteps, run);
  return did;
}

test('every wanted node gets a pod, cordoned ones too, others none', async () => {
  const nodes = [node('a', { os: 'linux' }), node('b', { os: 'linux' }, { unschedulable: true }), node('c')];
  const spec = { template: { spec: { nodeSelector: { os: 'linux' } } } };
  const did = await reconciled(nodes, [pod('stray', 'c')], spec);
  expect(did).toMatchObject({ created: ['a', 'b'], removed: ['stray'] });
  expect(did.status).toMatchObject({
    desiredNumberScheduled: 2,
    currentNumberScheduled: 0,
    numberMisscheduled: 1,
  });
});

test('failed pods are replaced once they have gone, and doubles are removed', async () => {
  const failed = await reconciled([node('a')], [pod('bad', 'a', { phase: 'Failed' })]);
  expect(failed).toMatchObject({ created: [], removed: ['bad'], events: ['FailedDaemonPod'] });
  const leaving = pod('going', 'a');
  leaving.metadata.deletionTimestamp = 'now';
  expect(await reconciled([node('a')], [leaving])).toMatchObject({ created: [], removed: [] });
  expect((await reconciled([node('a')], [pod('one', 'a'), pod('two', 'a')])).removed).toEqual(['two']);
});

test('a new template replaces what does not work at once, and the rest one by one', async () => {
  const nodes = [node('a'), node('b'), node('c')];
  const old = { hash: 'old' };
  const healthy = [pod('pa', 'a', old), pod('pb', 'b', old), pod('pc', 'c', old)];
  expect((await reconciled(nodes, healthy)).removed).toEqual(['pa']);
  const sick = [pod('pa', 'a', old), pod('pb', 'b', { ...old, ready: false }), pod('pc', 'c', old)];
  expect((await reconciled(nodes, sick)).removed).toEqual(['pb']);
  const onDelete = { updateStrategy: { type: 'OnDelete' } };
  expect((await reconciled(nodes, healthy, onDelete)).removed).toEqual([]);
  const half = { updateStrategy: { rollingUpdate: { maxUnavailable: '50%' } } };
  expect((await reconciled(nodes, healthy, half)).removed).toEqual(['pa', 'pb']);
  const surge = { updateStrategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } };
  expect(await reconciled(nodes, healthy, surge)).toMatchObject({ removed: [], events: ['NotImplemented'] });
});

test('a daemon pod fits its own node only', () => {
  const made = onNode({ metadata: { name: 'p' }, spec: {} }, 'a');
  expect(nodeNameOf(made)).toBe('a');
  expect(refusalOf(made, node('a'))).toBeUndefined();
  expect(refusalOf(made, node('b'))).toContain('node affinity');
});
