// Old ReplicaSets are kept for rollbacks, up to the Deployment's limit.
import type { KubeResource } from '@pergola/kube-client';
import { revisionOf } from './reconcile-revision.ts';
import { isComplete } from './reconcile-status.ts';
import { replicasOf } from './replicas.ts';
import type { Rollout } from './rollout.ts';

const limitDefault = 10;

export async function trimHistory(rollout: Rollout): Promise<undefined> {
  const { deployment, oldSets, actions } = rollout;
  if (!isComplete(rollout)) return;
  const deletable = oldSets.filter((set) => !set.metadata.deletionTimestamp);
  const surplus = deletable.length - (deployment.spec.revisionHistoryLimit ?? limitDefault);
  if (surplus <= 0) return;
  const oldest = deletable.toSorted((left, right) => revisionOf(left) - revisionOf(right)).slice(0, surplus);
  for (const set of oldest) {
    if (isIdle(set)) await actions.deleteSet(set);
  }
}

/** Without pods, and known to be. */
function isIdle(set: KubeResource): boolean {
  const { replicas = 0, observedGeneration = 0 } = set.status ?? {};
  return replicasOf(set) === 0 && replicas === 0 && (set.metadata.generation ?? 0) <= observedGeneration;
}
