// A Deployment whose size changed is scaled before any rollout goes on; so is one that is paused.
import type { KubeResource } from '@pergola/kube-client';
import { desiredAnnotation, isRollingUpdate, replicasOf, scaleProportionally } from './replicas.ts';
import { allSets, type Rollout } from './rollout.ts';
import { scaleSet } from './scale-set.ts';

/** Whether this run scales only and leaves the rollout as it is. Scaling itself makes it untrue. */
function isScaling(rollout: Rollout): boolean {
  const { deployment } = rollout;
  if (deployment.spec.paused) return true;
  const wanted = `${replicasOf(deployment)}`;
  return activeSets(rollout).some((set) => {
    const desired = set.metadata.annotations?.[desiredAnnotation];
    return desired !== undefined && desired !== wanted;
  });
}

export async function scaleAll(rollout: Rollout): Promise<undefined> {
  rollout.scaling = isScaling(rollout);
  if (!rollout.scaling) return;
  const { deployment } = rollout;
  const active = activeSets(rollout);
  const [only = rollout.newSet] = active;
  if (active.length <= 1) {
    if (only) await scaleSet(rollout, only, replicasOf(deployment));
    return;
  }
  if (rollout.newSet && isSaturated(deployment, rollout.newSet)) {
    for (const set of rollout.oldSets.filter((old) => replicasOf(old) > 0)) await scaleSet(rollout, set, 0);
    return;
  }
  if (!isRollingUpdate(deployment)) return;
  for (const [set, replicas] of scaleProportionally(deployment, active))
    await scaleSet(rollout, set, replicas);
}

function activeSets(rollout: Rollout): KubeResource[] {
  return allSets(rollout).filter((set) => replicasOf(set) > 0);
}

/** The new ReplicaSet has all pods of the Deployment, available. */
function isSaturated(deployment: KubeResource, newSet: KubeResource): boolean {
  const wanted = replicasOf(deployment);
  return (
    replicasOf(newSet) === wanted &&
    Number(newSet.metadata.annotations?.[desiredAnnotation]) === wanted &&
    (newSet.status?.availableReplicas ?? 0) === wanted
  );
}
