import type { KubeResource } from '@pergola/kube-client';
import { expect, test } from 'vitest';
import { chooseNode } from './choose-node.ts';
import { isWaiting } from './controller.ts';
import { refusalOf } from './filters.ts';

const node = (name: string, spec: object = {}, labels: Record<string, string> = {}): KubeResource => ({
  metadata: { name, labels },
  spec,
});
const pod = (spec: object = {}): KubeResource => ({ metadata: { name: 'p', namespace: 'a' }, spec });
const tainted = node('n', { taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }] });
const affinity = (...nodeSelectorTerms: object[]) => ({
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
});

test.each([
  [{}, 'node(s) had untolerated taint {gpu: yes}'],
  [{ tolerations: [{ key: 'gpu', operator: 'Equal', value: 'yes', effect: 'NoSchedule' }] }, undefined],
  [{ tolerations: [{ key: 'gpu', value: 'no' }] }, 'node(s) had untolerated taint {gpu: yes}'],
  [{ tolerations: [{ key: 'gpu', operator: 'Exists' }] }, undefined],
  [{ tolerations: [{ operator: 'Exists' }] }, undefined],
  [
    { tolerations: [{ operator: 'Exists', effect: 'NoExecute' }] },
    'node(s) had untolerated taint {gpu: yes}',
  ],
])('tolerations %j: %s', (spec, refusal) => {
  expect(refusalOf(pod(spec), tainted)).toBe(refusal);
});

test.each([
  [{ nodeSelector: { disk: 'ssd' } }, true],
  [{ nodeSelector: { disk: 'hdd' } }, false],
  [affinity({ matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }] }), true],
  [affinity({ matchExpressions: [{ key: 'disk', operator: 'NotIn', values: ['ssd'] }] }), false],
  [affinity({ matchExpressions: [{ key: 'cpus', operator: 'Gt', values: ['3'] }] }), true],
  [affinity({ matchExpressions: [{ key: 'cpus', operator: 'Lt', values: ['3'] }] }), false],
  [affinity({ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n'] }] }), true],
  [affinity({}), false],
  [
    affinity(
      { matchExpressions: [{ key: 'x', operator: 'Exists' }] },
      { matchExpressions: [{ key: 'disk', operator: 'Exists' }] },
    ),
    true,
  ],
])('%j fits: %s', (spec, fits) => {
  const refusal = fits ? undefined : "node(s) didn't match Pod's node affinity/selector";
  expect(refusalOf(pod(spec), node('n', {}, { disk: 'ssd', cpus: '4' }))).toBe(refusal);
});

test('an unschedulable node takes nobody but those that tolerate it', () => {
  const cordoned = node('n', { unschedulable: true });
  expect(refusalOf(pod(), cordoned)).toBe('node(s) were unschedulable');
  const tolerations = [{ key: 'node.kubernetes.io/unschedulable', operator: 'Exists' }];
  expect(refusalOf(pod({ tolerations }), cordoned)).toBeUndefined();
});

test('the emptiest fitting node is chosen; why there is none is said as kube-scheduler says it', () => {
  const counts: Record<string, number> = { a: 5, b: 2, c: 0 };
  const count = (name: string) => counts[name] ?? 0;
  const nodes = [node('a'), node('b'), { ...tainted, metadata: { name: 'c' } }];
  expect(chooseNode(pod(), nodes, count)).toEqual({ ok: true, value: 'b' });
  expect(chooseNode(pod(), [], count)).toEqual({ ok: false, error: 'no nodes available to schedule pods' });
  const full = { ...node('d'), status: { allocatable: { pods: '0' } } };
  expect(chooseNode(pod({ nodeSelector: { x: 'y' } }), [...nodes.slice(0, 1), tainted, full], count)).toEqual(
    {
      ok: false,
      error:
        "0/3 nodes are available: 1 node(s) had untolerated taint {gpu: yes}, 2 node(s) didn't match Pod's node affinity/selector. " +
        'preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
    },
  );
});

test.each([
  [{}, true],
  [{ nodeName: 'n' }, false],
  [{ schedulerName: 'other' }, false],
  [{ schedulingGates: [{ name: 'g' }] }, false],
])('a pod with %j waits for the scheduler: %s', (spec, expected) => {
  expect(isWaiting(pod(spec))).toBe(expected);
});
