// What makes a pod a daemon's: bound to one node by name, and tolerant of what troubles nodes.
import type { KubeResource } from '@pergola/kube-client';
import { refusalOf } from '../scheduler/filters.ts';

const troubles: readonly (readonly [string, string])[] = [
  ['node.kubernetes.io/not-ready', 'NoExecute'],
  ['node.kubernetes.io/unreachable', 'NoExecute'],
  ['node.kubernetes.io/disk-pressure', 'NoSchedule'],
  ['node.kubernetes.io/memory-pressure', 'NoSchedule'],
  ['node.kubernetes.io/pid-pressure', 'NoSchedule'],
  ['node.kubernetes.io/unschedulable', 'NoSchedule'],
];

/** `spec` with the tolerations that every daemon pod has. */
function withTolerations(spec: KubeResource['spec']): KubeResource['spec'] {
  const added = troubles.map(([key, effect]) => ({ key, operator: 'Exists', effect }));
  return { ...spec, tolerations: [...(spec?.tolerations ?? []), ...added] };
}

/** Whether the DaemonSet wants a pod on `node`. */
export function wantsNode(set: KubeResource, node: KubeResource): boolean {
  const pod = { metadata: { name: '' }, spec: withTolerations(set.spec?.template?.spec) };
  return refusalOf(pod, node) === undefined;
}

/** `pod`, made for the node of that name; the scheduler binds it there. */
export function onNode(pod: KubeResource, nodeName: string): KubeResource {
  const spec = withTolerations(pod.spec);
  const matchFields = [{ key: 'metadata.name', operator: 'In', values: [nodeName] }];
  const terms: { matchExpressions?: unknown }[] = requiredAffinity(spec)?.nodeSelectorTerms ?? [{}];
  const nodeAffinity = {
    ...spec.affinity?.nodeAffinity,
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: terms.map((term) => ({ ...term, matchFields })),
    },
  };
  return { ...pod, spec: { ...spec, affinity: { ...spec.affinity, nodeAffinity } } };
}

/** The node that a daemon pod runs on, or was made for. */
export function nodeNameOf({ spec }: KubeResource): string {
  if (spec?.nodeName) return spec.nodeName;
  const terms: { matchFields?: { values?: string[] }[] }[] = requiredAffinity(spec)?.nodeSelectorTerms ?? [];
  return terms[0]?.matchFields?.[0]?.values?.[0] ?? '';
}

function requiredAffinity(spec: KubeResource['spec']): KubeResource['spec'] {
  return spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
}
