// As many pods as are wanted: makes the missing, removes the surplus.
import { isActive } from '../workload/pod-state.ts';
import { inDeletionOrder } from './deletion-order.ts';
import type { ReplicaSetRun } from './run.ts';

/** The most pods that one run makes or removes. */
export const burstReplicas = 500;

export async function manageReplicas(run: ReplicaSetRun): Promise<undefined> {
  const { set, pods, settled } = run;
  if (!settled || set.metadata.deletionTimestamp) return;
  const active = pods.filter(isActive);
  const difference = active.length - (set.spec?.replicas ?? 1);
  if (difference < 0) {
    const error = await run.createPods(Math.min(-difference, burstReplicas));
    if (error !== undefined) run.failure = { reason: 'FailedCreate', error };
  } else if (difference > 0) {
    const error = await run.removePods(inDeletionOrder(active).slice(0, Math.min(difference, burstReplicas)));
    if (error !== undefined) run.failure = { reason: 'FailedDelete', error };
  }
}
