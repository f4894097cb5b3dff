import { runSteps } from '@pergola/controller-kit';
import type { KubeResource } from '@pergola/kube-client';
import { expect, test } from 'vitest';
import { inDeletionOrder } from './deletion-order.ts';
import { replicaSetSteps } from './reconcile.ts';
import type { ReplicaSetRun } from './run.ts';

const nowMs = Date.parse('2026-01-01T00:01:00Z');

interface PodFacts {
  readonly phase?: string;
  readonly node?: string;
  readonly readySince?: string;
  readonly created?: string;
  readonly cost?: string;
  readonly restarts?: number;
  readonly deleting?: boolean;
}

const pod = (name: string, facts: PodFacts = {}): KubeResource => ({
  metadata: {
    name,
    uid: name,
    labels: { app: 'web' },
    creationTimestamp: facts.created ?? '2026-01-01T00:00:00Z',
    ...(facts.cost ? { annotations: { 'controller.kubernetes.io/pod-deletion-cost': facts.cost } } : {}),
    ...(facts.deleting ? { deletionTimestamp: 'now' } : {}),
  },
  spec: { nodeName: facts.node ?? 'n1' },
  status: {
    phase: facts.phase ?? 'Running',
    conditions: facts.readySince
      ? [{ type: 'Ready', status: 'True', lastTransitionTime: facts.readySince }]
      : [],
    containerStatuses: [{ restartCount: facts.restarts ?? 0 }],
  },
});
const ready = (name: string, facts: PodFacts = {}) =>
  pod(name, { readySince: '2026-01-01T00:00:30Z', ...facts });

function run(spec: object, pods: KubeResource[], overrides: Partial<ReplicaSetRun> = {}) {
  const did = { created: 0, removed: [] as string[], status: {} as Record<string, unknown> };
  const context: ReplicaSetRun = {
    set: {
      metadata: { name: 'rs', generation: 4 },
      spec: { template: { metadata: { labels: { app: 'web' } } }, ...spec },
      status: {},
    },
    pods,
    nowMs,
    settled: true,
    createPods: async (count) => {
      did.created += count;
      return undefined;
    },
    removePods: async (surplus) => void did.removed.push(...surplus.map(({ metadata }) => metadata.name)),
    patchStatus: async (status) => void Object.assign(did.status, status),
    ...overrides,
  };
  return { did, result: runSteps(replicaSetSteps, context) };
}

test('missing pods are made; finished and leaving ones do not count', async () => {
  const { did, result } = run({ replicas: 3 }, [
    ready('a'),
    pod('b', { phase: 'Failed' }),
    ready('c', { deleting: true }),
  ]);
  await result;
  expect(did.created).toBe(2);
  expect(did.status).toMatchObject({
    replicas: 1,
    readyReplicas: 1,
    availableReplicas: 1,
    observedGeneration: 4,
  });
});

test('surplus pods go, the useless first', async () => {
  const { did, result } = run({ replicas: 1 }, [
    ready('good'),
    pod('starting', { phase: 'Pending' }),
    pod('sick'),
  ]);
  await result;
  expect(did.removed).toEqual(['starting', 'sick']);
  expect(did.created).toBe(0);
});

test('nothing is made or removed while the last deeds have not been seen, or in deletion', async () => {
  const unsettled = run({ replicas: 3 }, [], { settled: false });
  await unsettled.result;
  expect(unsettled.did.created).toBe(0);
  expect(unsettled.did.status).toMatchObject({ replicas: 0 });
});

test('a refusal becomes a condition and an error, so that it is tried again', async () => {
  const error = new Error('exceeded quota');
  const { did, result } = run({ replicas: 1 }, [], { createPods: async () => error });
  await expect(result).rejects.toBe(error);
  expect(did.status['conditions']).toMatchObject([
    { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: 'exceeded quota' },
  ]);
});

test('minReadySeconds: not available yet, and it comes back when it will be', async () => {
  const { did, result } = run({ replicas: 1, minReadySeconds: 45 }, [ready('a')]);
  expect(await result).toEqual({ requeueAfterMs: 15_000 });
  expect(did.status).toMatchObject({ readyReplicas: 1, availableReplicas: 0 });
});

test('the order of deletion', () => {
  const pods = [
    ready('cheap', { cost: '-5' }),
    ready('older', { created: '2025-12-31T00:00:00Z' }),
    ready('unassigned', { node: '' }),
    ready('crowded1', { node: 'n2' }),
    ready('restarted', { restarts: 9 }),
    ready('younger'),
    pod('unready'),
    pod('pending', { phase: 'Pending' }),
    ready('fresh', { readySince: '2026-01-01T00:00:50Z' }),
  ];
  expect(inDeletionOrder(pods).map(({ metadata }) => metadata.name)).toEqual([
    'unassigned',
    'pending',
    'unready',
    'cheap',
    'fresh',
    'restarted',
    'younger',
    'older',
    'crowded1',
  ]);
});
