// How many replicas each ReplicaSet of a Deployment shall have: the arithmetic of kube-controller-manager's
// deployment utilities, as pure functions.
import type { KubeResource } from '@pergola/kube-client';

export const revisionAnnotation = 'deployment.kubernetes.io/revision';
export const desiredAnnotation = 'deployment.kubernetes.io/desired-replicas';
export const maxAnnotation = 'deployment.kubernetes.io/max-replicas';

/** Replicas that a ReplicaSet or a Deployment asks for. */
export function replicasOf(object: KubeResource): number {
  return object.spec?.replicas ?? 1;
}

export function sumOf(sets: readonly KubeResource[], value: (set: KubeResource) => number): number {
  return sets.reduce((sum, set) => sum + value(set), 0);
}

export function availableOf(set: KubeResource): number {
  return set.status?.availableReplicas ?? 0;
}

export function isRollingUpdate(deployment: KubeResource): boolean {
  return (deployment.spec?.strategy?.type ?? 'RollingUpdate') === 'RollingUpdate';
}

/** `25%` of `total`, or a plain number. */
function resolve(
  value: number | string | undefined,
  total: number,
  round: (value: number) => number,
): number {
  if (typeof value === 'number') return value;
  const percent = /^(\d+)%$/.exec(value ?? '25%')?.[1];
  return percent === undefined ? 0 : round((Number(percent) * total) / 100);
}

/** How many pods beyond the wanted ones, and how many fewer available ones, a rolling update may have. Never both 0. */
export function budgetOf(deployment: KubeResource): { readonly surge: number; readonly unavailable: number } {
  if (!isRollingUpdate(deployment)) return { surge: 0, unavailable: 0 };
  const total = replicasOf(deployment);
  const { maxSurge, maxUnavailable } = deployment.spec?.strategy?.rollingUpdate ?? {};
  const surge = resolve(maxSurge, total, Math.ceil);
  const unavailable = Math.min(resolve(maxUnavailable, total, Math.floor), total);
  return surge === 0 && unavailable === 0 ? { surge, unavailable: 1 } : { surge, unavailable };
}

/** The new ReplicaSet's replicas in this moment of a rollout. */
export function newSetReplicas(
  deployment: KubeResource,
  newSet: { readonly replicas: number },
  allReplicas: number,
): number {
  const wanted = replicasOf(deployment);
  if (!isRollingUpdate(deployment)) return wanted;
  const room = wanted + budgetOf(deployment).surge - allReplicas;
  return room <= 0 ? newSet.replicas : newSet.replicas + Math.min(room, wanted - newSet.replicas);
}

/** What to scale old ReplicaSets down to, oldest first: unhealthy pods go first, then as far as availability allows. */
export function shrinkOldSets(
  deployment: KubeResource,
  newSet: KubeResource,
  oldSets: readonly KubeResource[],
): Map<KubeResource, number> {
  const targets = new Map<KubeResource, number>();
  const allReplicas = sumOf([...oldSets, newSet], replicasOf);
  const minAvailable = replicasOf(deployment) - budgetOf(deployment).unavailable;
  const newUnavailable = replicasOf(newSet) - availableOf(newSet);
  let removable = allReplicas - minAvailable - newUnavailable;
  if (removable <= 0) return targets;

  for (const set of oldSets) {
    const unhealthy = Math.min(removable, Math.max(0, replicasOf(set) - availableOf(set)));
    if (unhealthy === 0) continue;
    targets.set(set, replicasOf(set) - unhealthy);
    removable -= unhealthy;
  }
  let spare = sumOf([...oldSets, newSet], availableOf) - minAvailable;
  for (const set of oldSets) {
    const current = targets.get(set) ?? replicasOf(set);
    const down = Math.min(Math.max(0, spare), current);
    if (down === 0) continue;
    targets.set(set, current - down);
    spare -= down;
  }
  return targets;
}

/**
 * Spreads a changed size over ReplicaSets in the middle of a rollout, in proportion to their sizes; what rounding
 * leaves goes to the largest (newest among equals).
 */
export function scaleProportionally(
  deployment: KubeResource,
  active: readonly KubeResource[],
): Map<KubeResource, number> {
  const total = sumOf(active, replicasOf);
  const allowed = replicasOf(deployment) === 0 ? 0 : replicasOf(deployment) + budgetOf(deployment).surge;
  const toAdd = allowed - total;
  const growing = toAdd > 0;
  const ordered = [...active].sort((left, right) => {
    const bySize = replicasOf(right) - replicasOf(left);
    return bySize === 0 ? (growing ? byAge(right, left) : byAge(left, right)) : bySize;
  });
  const targets = new Map<KubeResource, number>();
  let added = 0;
  for (const set of ordered) {
    let part = toAdd === 0 ? 0 : shareOf(set, deployment, allowed);
    // Never more than what is left, in either direction.
    part = growing ? Math.min(Math.max(part, 0), toAdd - added) : Math.max(Math.min(part, 0), toAdd - added);
    targets.set(set, replicasOf(set) + part);
    added += part;
  }
  const [largest] = ordered;
  if (largest) targets.set(largest, Math.max(0, (targets.get(largest) ?? 0) + toAdd - added));
  return targets;
}

/** By how much `set` grows or shrinks when the allowed total goes from what it was to `allowed`. */
function shareOf(set: KubeResource, deployment: KubeResource, allowed: number): number {
  if (replicasOf(deployment) === 0) return -replicasOf(set);
  const before = Number(set.metadata.annotations?.[maxAnnotation]) || deployment.status?.replicas || allowed;
  return Math.round((replicasOf(set) * allowed) / before) - replicasOf(set);
}

/** Negative when `left` is older. */
export function byAge(left: KubeResource, right: KubeResource): number {
  const [a, b] = [left.metadata.creationTimestamp ?? '', right.metadata.creationTimestamp ?? ''];
  if (a !== b) return a < b ? -1 : 1;
  return left.metadata.name < right.metadata.name ? -1 : 1;
}
