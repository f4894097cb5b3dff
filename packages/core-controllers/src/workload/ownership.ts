// Who belongs to whom: controlling owner references, adoption of orphans and release of those that no longer match.
import {
  apiVersionOf,
  type KubeResource,
  type OwnerReference,
  type ResourceType,
  type LabelSelector,
  selectorMatches,
} from '@pergola/kube-client';

export function controllerOf(object: KubeResource): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find(({ controller }) => controller);
}

/** The reference by which `owner` controls what it makes. */
export function controllerReference(type: ResourceType, owner: KubeResource): OwnerReference {
  return {
    apiVersion: apiVersionOf(type),
    kind: type.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  };
}

export interface Claims {
  /** Controlled by the owner and still wanted. */
  readonly owned: readonly KubeResource[];
  /** Nobody's, and wanted: to be given the owner's reference. */
  readonly adoptable: readonly KubeResource[];
  /** Controlled by the owner but no longer wanted: to lose its reference. */
  readonly releasable: readonly KubeResource[];
}

/** Sorts `candidates` (of the owner's namespace). An owner that is being deleted adopts nobody. */
export function sortClaims(
  owner: KubeResource,
  selector: LabelSelector | undefined,
  candidates: readonly KubeResource[],
): Claims {
  const owned: KubeResource[] = [];
  const adoptable: KubeResource[] = [];
  const releasable: KubeResource[] = [];
  for (const candidate of candidates) {
    const controller = controllerOf(candidate);
    const matches = selectorMatches(selector, candidate.metadata.labels);
    if (controller) {
      if (controller.uid === owner.metadata.uid) (matches ? owned : releasable).push(candidate);
    } else if (matches && !owner.metadata.deletionTimestamp && !candidate.metadata.deletionTimestamp) {
      adoptable.push(candidate);
    }
  }
  return { owned, adoptable, releasable };
}

/** The merge patch that gives `object` the controlling owner `reference`, if it is still the object that was read. */
export function adoptionPatch(object: KubeResource, reference: OwnerReference): object {
  const ownerReferences = [...(object.metadata.ownerReferences ?? []), reference];
  return { metadata: { ownerReferences, ...preconditions(object) } };
}

/** The merge patch that takes the owner with `ownerUid` from `object`. */
export function releasePatch(object: KubeResource, ownerUid: string | undefined): object {
  const ownerReferences = (object.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== ownerUid);
  return { metadata: { ownerReferences, ...preconditions(object) } };
}

function preconditions({ metadata: { uid, resourceVersion } }: KubeResource): object {
  return { uid, resourceVersion };
}
