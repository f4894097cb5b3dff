// The rollout itself: from the old ReplicaSets to the new one, by the Deployment's strategy.
import { isRollingUpdate, newSetReplicas, replicasOf, shrinkOldSets, sumOf } from './replicas.ts';
import { allSets, type Rollout } from './rollout.ts';
import { scaleSet } from './scale-set.ts';

export async function roll(rollout: Rollout): Promise<undefined> {
  if (rollout.scaling) return;
  if (isRollingUpdate(rollout.deployment)) await rollGradually(rollout);
  else await recreate(rollout);
}

/** Grows the new one as far as the surge allows; otherwise shrinks the old ones as far as availability does. */
async function rollGradually(rollout: Rollout): Promise<void> {
  const { deployment, newSet } = rollout;
  if (!newSet) return;
  const current = replicasOf(newSet);
  const wanted = replicasOf(deployment);
  const all = sumOf(allSets(rollout), replicasOf);
  const next = current > wanted ? wanted : newSetReplicas(deployment, { replicas: current }, all);
  if (next !== current) {
    await scaleSet(rollout, newSet, next);
    return;
  }
  const targets = shrinkOldSets(deployment, newSet, rollout.oldSets);
  for (const [set, replicas] of targets) await scaleSet(rollout, set, replicas);
}

/** Everything old goes first. The new one does not exist before (see the revision step). */
async function recreate(rollout: Rollout): Promise<void> {
  const old = rollout.oldSets.filter((set) => replicasOf(set) > 0);
  for (const set of old) await scaleSet(rollout, set, 0);
  if (old.length === 0 && rollout.newSet) {
    await scaleSet(rollout, rollout.newSet, replicasOf(rollout.deployment));
  }
}
