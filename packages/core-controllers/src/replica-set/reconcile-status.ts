// What the ReplicaSet's status says of its pods.
import type { StepResult } from '@pergola/controller-kit';
import { type KubeResource, labelsMatch } from '@pergola/kube-client';
import { type Condition, removeCondition, setCondition } from '../workload/conditions.ts';
import { availableInMs, isActive, isReady } from '../workload/pod-state.ts';
import type { ReplicaSetRun } from './run.ts';

/** Writes the status, asks to come back when a pod becomes available by time alone, and passes on a failure. */
export async function writeStatus(run: ReplicaSetRun): Promise<StepResult> {
  const { set, nowMs, failure } = run;
  const minReadySeconds: number = set.spec?.minReadySeconds ?? 0;
  const active = run.pods.filter(isActive);
  await run.patchStatus(statusOf(run, active));
  if (failure) throw failure.error;
  const waits = active
    .map((pod) => availableInMs(pod, minReadySeconds, nowMs))
    .filter((waitMs) => waitMs !== undefined && waitMs > 0);
  return waits.length === 0 ? undefined : { requeueAfterMs: Math.min(...waits.map(Number)) };
}

/** The status for `active` pods. */
export function statusOf(run: ReplicaSetRun, active: readonly KubeResource[]): Record<string, unknown> {
  const { set, nowMs } = run;
  const minReadySeconds: number = set.spec?.minReadySeconds ?? 0;
  const templateLabels = set.spec?.template?.metadata?.labels ?? {};
  const conditions = conditionsOf(run);
  return {
    replicas: active.length,
    fullyLabeledReplicas: active.filter((pod) => labelsMatch(templateLabels, pod.metadata.labels)).length,
    readyReplicas: active.filter(isReady).length,
    availableReplicas: active.filter((pod) => availableInMs(pod, minReadySeconds, nowMs) === 0).length,
    observedGeneration: set.metadata.generation,
    ...(conditions.length > 0 ? { conditions } : {}),
  };
}

function conditionsOf({ set, failure, nowMs, settled }: ReplicaSetRun): Condition[] {
  const conditions: Condition[] | undefined = set.status?.conditions;
  if (!failure) return settled ? removeCondition(conditions, 'ReplicaFailure') : [...(conditions ?? [])];
  const message = failure.error instanceof Error ? failure.error.message : String(failure.error);
  const condition = { type: 'ReplicaFailure', status: 'True', reason: failure.reason, message } as const;
  return setCondition(conditions, condition, { nowMs });
}
