// The Deployment's status: counts, and the conditions Available, Progressing and ReplicaFailure.
import type { StepResult } from '@pergola/controller-kit';
import type { KubeResource } from '@pergola/kube-client';
import { type Condition, removeCondition, setCondition } from '../workload/conditions.ts';
import { budgetOf, replicasOf, sumOf } from './replicas.ts';
import { allSets, type Rollout } from './rollout.ts';

type Counts = ReturnType<typeof countsOf>;

export async function writeStatus(rollout: Rollout): Promise<StepResult> {
  const counts = countsOf(rollout);
  markAvailable(rollout, counts);
  if (!rollout.scaling) markProgress(rollout, counts);
  markFailure(rollout);
  const { deployment, conditions, collisionCount } = rollout;
  await rollout.actions.patchStatus({
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
    ...absentCounts(deployment, counts),
    observedGeneration: deployment.metadata.generation,
    ...(conditions.length > 0 ? { conditions } : {}),
    ...(collisionCount === undefined ? {} : { collisionCount }),
  });
  return deadlineWait(rollout, counts);
}

/** All replicas are of the new template, available, and nothing old is left. */
export function isComplete(rollout: Rollout): boolean {
  return isDone(rollout.deployment, countsOf(rollout));
}

function isDone(deployment: KubeResource, counts: Counts): boolean {
  const wanted = replicasOf(deployment);
  return (
    counts.updatedReplicas === wanted && counts.replicas === wanted && counts.availableReplicas === wanted
  );
}

function countsOf(rollout: Pick<Rollout, 'deployment' | 'newSet' | 'oldSets'>) {
  const sets = allSets(rollout);
  const count = (field: string) => sumOf(sets, (set) => set.status?.[field] ?? 0);
  const availableReplicas = count('availableReplicas');
  return {
    replicas: count('replicas'),
    updatedReplicas: rollout.newSet?.status?.replicas ?? 0,
    readyReplicas: count('readyReplicas'),
    availableReplicas,
    unavailableReplicas: Math.max(0, sumOf(sets, replicasOf) - availableReplicas),
  };
}

/** Counts of 0 are left out, as Go does; those that the status still has are removed. */
function absentCounts(deployment: KubeResource, counts: Counts): Record<string, undefined> {
  const gone = Object.entries(counts).filter(
    ([field, count]) => count === 0 && deployment.status?.[field] !== undefined,
  );
  return Object.fromEntries(gone.map(([field]) => [field, undefined]));
}

function set(rollout: Rollout, condition: Omit<Condition, 'lastUpdateTime' | 'lastTransitionTime'>): void {
  const options = { nowMs: rollout.nowMs, withUpdateTime: true };
  rollout.conditions = setCondition(rollout.conditions, condition, options);
}

function markAvailable(rollout: Rollout, { availableReplicas }: Counts): void {
  const { deployment } = rollout;
  const enough = availableReplicas >= replicasOf(deployment) - budgetOf(deployment).unavailable;
  set(rollout, {
    type: 'Available',
    status: enough ? 'True' : 'False',
    reason: enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
    message: enough
      ? 'Deployment has minimum availability.'
      : 'Deployment does not have minimum availability.',
  });
}

function markProgress(rollout: Rollout, counts: Counts): void {
  const { deployment, newSet, nowMs } = rollout;
  if (!hasDeadline(deployment)) {
    rollout.conditions = removeCondition(rollout.conditions, 'Progressing');
    return;
  }
  const current = rollout.conditions.find(({ type }) => type === 'Progressing');
  const finished = counts.replicas === counts.updatedReplicas && current?.reason === 'NewReplicaSetAvailable';
  if (finished) return;
  const name = newSet ? `ReplicaSet "${newSet.metadata.name}"` : `Deployment "${deployment.metadata.name}"`;
  if (isDone(deployment, counts)) {
    const message = `${name} has successfully progressed.`;
    set(rollout, { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable', message });
  } else if (hasProgressed(deployment, counts)) {
    const message = `${name} is progressing.`;
    // Each step forward restarts the deadline, even where the words stay the same.
    rollout.conditions = removeCondition(rollout.conditions, 'Progressing');
    const lastTransitionTime = current?.status === 'True' ? current.lastTransitionTime : undefined;
    set(rollout, { type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated', message });
    if (lastTransitionTime) keepTransition(rollout, lastTransitionTime);
  } else if (hasTimedOut(deployment, current, nowMs)) {
    const message = `${name} has timed out progressing.`;
    set(rollout, { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message });
  }
}

function keepTransition(rollout: Rollout, lastTransitionTime: string): void {
  rollout.conditions = rollout.conditions.map((condition) =>
    condition.type === 'Progressing' ? { ...condition, lastTransitionTime } : condition,
  );
}

function hasDeadline(deployment: KubeResource): boolean {
  const seconds = deployment.spec.progressDeadlineSeconds;
  return seconds !== undefined && seconds !== 2_147_483_647;
}

/** More new, fewer old, more ready or more available than the status says. */
function hasProgressed(deployment: KubeResource, counts: Counts): boolean {
  const before = deployment.status ?? {};
  const old = (of: { replicas?: number; updatedReplicas?: number }) =>
    (of.replicas ?? 0) - (of.updatedReplicas ?? 0);
  return (
    counts.updatedReplicas > (before.updatedReplicas ?? 0) ||
    old(counts) < old(before) ||
    counts.readyReplicas > (before.readyReplicas ?? 0) ||
    counts.availableReplicas > (before.availableReplicas ?? 0)
  );
}

function hasTimedOut(deployment: KubeResource, current: Condition | undefined, nowMs: number): boolean {
  if (!current || current.reason === 'NewReplicaSetAvailable') return false;
  if (current.reason === 'ProgressDeadlineExceeded') return true;
  return deadlineMs(deployment, current) < nowMs;
}

function deadlineMs(deployment: KubeResource, { lastUpdateTime, lastTransitionTime }: Condition): number {
  const since = Date.parse(lastUpdateTime ?? lastTransitionTime ?? '');
  return since + deployment.spec.progressDeadlineSeconds * 1000;
}

/** Nothing else would wake the controller when progress does not come. */
function deadlineWait({ deployment, conditions, nowMs }: Rollout, counts: Counts): StepResult {
  const current = conditions.find(({ type }) => type === 'Progressing');
  if (!hasDeadline(deployment) || deployment.spec.paused || isDone(deployment, counts)) return undefined;
  if (!current || current.reason === 'ProgressDeadlineExceeded') return undefined;
  const waitMs = deadlineMs(deployment, current) - nowMs + 1000;
  return Number.isFinite(waitMs) ? { requeueAfterMs: Math.max(1000, waitMs) } : undefined;
}

function markFailure(rollout: Rollout): void {
  const failures = [rollout.newSet, ...rollout.oldSets].flatMap((owner): Condition[] => {
    const conditions: Condition[] = owner?.status?.conditions ?? [];
    return conditions.filter(({ type, status }) => type === 'ReplicaFailure' && status === 'True');
  });
  const [failure] = failures;
  if (!failure) rollout.conditions = removeCondition(rollout.conditions, 'ReplicaFailure');
  else {
    const { type, status, reason, message } = failure;
    set(rollout, { type, status, reason, message });
  }
}
