// Which pods a shrinking ReplicaSet gives up first, in the order that kube-controller-manager documents.
import type { KubeResource } from '@pergola/kube-client';
import { conditionOf, isReady } from '../workload/pod-state.ts';

const costAnnotation = 'controller.kubernetes.io/pod-deletion-cost';
const phaseRank: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/** Each ranks the pod to give up lower. The first that differs decides. */
const ranks: readonly ((pod: KubeResource, related: ReadonlyMap<string, number>) => number)[] = [
  (pod) => (pod.spec?.nodeName ? 1 : 0),
  (pod) => phaseRank[pod.status?.phase ?? 'Pending'] ?? 2,
  (pod) => (isReady(pod) ? 1 : 0),
  deletionCost,
  // The node with most pods of the set gives one up first.
  (pod, related) => -(related.get(pod.spec?.nodeName ?? '') ?? 0),
  // Ready for less long, more restarts, younger.
  (pod) => -Math.floor(Date.parse(conditionOf(pod, 'Ready')?.lastTransitionTime ?? '1970-01-01') / 1000),
  (pod) => -restarts(pod),
  (pod) => -Date.parse(pod.metadata.creationTimestamp ?? '1970-01-01'),
];

/** `pods` with those to delete first in front. */
export function inDeletionOrder(pods: readonly KubeResource[]): KubeResource[] {
  const perNode = new Map<string, number>();
  for (const pod of pods) {
    const node = pod.spec?.nodeName ?? '';
    perNode.set(node, (perNode.get(node) ?? 0) + 1);
  }
  return [...pods].sort((left, right) => {
    for (const rank of ranks) {
      const difference = rank(left, perNode) - rank(right, perNode);
      if (difference !== 0) return difference;
    }
    return 0;
  });
}

function deletionCost(pod: KubeResource): number {
  const text = pod.metadata.annotations?.[costAnnotation] ?? '0';
  return /^-?(0|[1-9]\d{0,9})$/.test(text) ? Number(text) : 0;
}

function restarts(pod: KubeResource): number {
  const statuses: { restartCount?: number }[] = pod.status?.containerStatuses ?? [];
  return Math.max(0, ...statuses.map(({ restartCount = 0 }) => restartCount));
}
