// What controllers ask about a pod.
import type { KubeResource } from '@pergola/kube-client';

/** Neither finished nor on its way out. */
export function isActive(pod: KubeResource): boolean {
  const phase = pod.status?.phase;
  return phase !== 'Succeeded' && phase !== 'Failed' && !pod.metadata.deletionTimestamp;
}

export function isFinished(pod: KubeResource): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly lastTransitionTime?: string;
}

/** The condition `type` of any object's status. */
export function conditionOf(object: KubeResource, type: string): Condition | undefined {
  const conditions: readonly Condition[] = object.status?.conditions ?? [];
  return conditions.find((condition) => condition.type === type);
}

export function isReady(pod: KubeResource): boolean {
  return conditionOf(pod, 'Ready')?.status === 'True';
}

/**
 * Milliseconds until the pod has been ready for `minReadySeconds`: 0 when it is available now, undefined when it is
 * not even ready.
 */
export function availableInMs(pod: KubeResource, minReadySeconds: number, nowMs: number): number | undefined {
  if (!isReady(pod)) return undefined;
  if (minReadySeconds === 0) return 0;
  const since = Date.parse(conditionOf(pod, 'Ready')?.lastTransitionTime ?? '');
  if (Number.isNaN(since)) return undefined;
  return Math.max(0, since + minReadySeconds * 1000 - nowMs);
}
