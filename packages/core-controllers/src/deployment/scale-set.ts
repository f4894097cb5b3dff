// Scaling one ReplicaSet, with the annotations that a later proportional scaling reads and the event that tells of it.
import type { KubeResource } from '@pergola/kube-client';
import { budgetOf, desiredAnnotation, maxAnnotation, replicasOf } from './replicas.ts';
import type { Rollout } from './rollout.ts';

/** The annotations that record for which size of the Deployment a ReplicaSet was scaled. */
export function sizeAnnotations(deployment: KubeResource): Record<string, string> {
  const desired = replicasOf(deployment);
  return { [desiredAnnotation]: `${desired}`, [maxAnnotation]: `${desired + budgetOf(deployment).surge}` };
}

/** Gives `set` so many replicas; the rollout holds the result in its place. */
export async function scaleSet(rollout: Rollout, set: KubeResource, replicas: number): Promise<void> {
  const { deployment, actions } = rollout;
  const annotations = { ...set.metadata.annotations, ...sizeAnnotations(deployment) };
  const before = replicasOf(set);
  const same =
    before === replicas && Object.entries(annotations).every(([k, v]) => set.metadata.annotations?.[k] === v);
  if (same) return;
  const after = { ...set, metadata: { ...set.metadata, annotations }, spec: { ...set.spec, replicas } };
  replaceSet(rollout, set, await actions.updateSet(set, after));
  if (before === replicas) return;
  const direction = replicas > before ? 'up' : 'down';
  const message = `Scaled ${direction} replica set ${set.metadata.name} from ${before} to ${replicas}`;
  actions.event('Normal', 'ScalingReplicaSet', message);
}

/** Puts the server's version of a ReplicaSet in the place of the one that was read. */
export function replaceSet(rollout: Rollout, before: KubeResource, after: KubeResource): void {
  if (rollout.newSet === before) rollout.newSet = after;
  rollout.oldSets = rollout.oldSets.map((set) => (set === before ? after : set));
}
