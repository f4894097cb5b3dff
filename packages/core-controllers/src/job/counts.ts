// What the pods of a Job amount to.
import type { KubeResource } from '@pergola/kube-client';
import { conditionOf, isActive, isReady } from '../workload/pod-state.ts';

export interface JobCounts {
  readonly active: readonly KubeResource[];
  readonly ready: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly terminating: number;
}

/** Counts `pods`. What the status has counted before stays counted, should the pods have been deleted since. */
export function countsOf(job: KubeResource, pods: readonly KubeResource[]): JobCounts {
  const inPhase = (phase: string) => pods.filter((pod) => pod.status?.phase === phase).length;
  const active = pods.filter(isActive);
  return {
    active,
    ready: active.filter(isReady).length,
    succeeded: Math.max(inPhase('Succeeded'), job.status?.succeeded ?? 0),
    failed: Math.max(inPhase('Failed'), job.status?.failed ?? 0),
    terminating: pods.filter((pod) => pod.metadata.deletionTimestamp && !isFinal(pod)).length,
  };
}

function isFinal(pod: KubeResource): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}

/** Whether the Job has ended, by its own conditions. */
export function endOf(job: KubeResource): 'Complete' | 'Failed' | undefined {
  for (const type of ['Complete', 'Failed'] as const) {
    if (conditionOf(job, type)?.status === 'True') return type;
  }
  return undefined;
}
