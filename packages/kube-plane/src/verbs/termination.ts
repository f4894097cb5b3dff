// When an object may go: the rules of finalizers and grace periods that updates and deletes share.
import type { ResourceDefinition } from '../contract.ts';
import type { KubeObject } from '../object.ts';

/** True when the object is terminating and nothing holds it any longer. */
export function isDeletable(definition: ResourceDefinition, object: KubeObject): boolean {
  const { metadata } = object;
  if (metadata.deletionTimestamp === undefined) return false;
  if ((metadata.finalizers?.length ?? 0) > 0) return false;
  if ((metadata.deletionGracePeriodSeconds ?? 0) > 0) return false;
  return !definition.strategy.holdsTermination?.(object);
}
