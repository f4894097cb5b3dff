// Carrying out claims: adopt and release on the server, and say who belongs to the owner now.
import { hasCode, type KubeResource, type ResourceType } from '@pergola/kube-client';
import type { ControllerContext } from '../context.ts';
import { adoptionPatch, controllerReference, releasePatch, sortClaims } from './ownership.ts';

export interface Claimant {
  readonly ownerType: ResourceType;
  readonly owner: KubeResource;
  readonly type: ResourceType;
  readonly candidates: readonly KubeResource[];
}

/** The objects that `owner` controls after adopting and releasing. What has gone meanwhile is passed over. */
export async function claim(
  client: ControllerContext['client'],
  { ownerType, owner, type, candidates }: Claimant,
): Promise<KubeResource[]> {
  const { owned, adoptable, releasable } = sortClaims(owner, owner.spec?.selector, candidates);
  const patch = async (object: KubeResource, body: object): Promise<KubeResource | undefined> => {
    const { namespace, name } = object.metadata;
    try {
      return await client.patch(type, { namespace, name }, { kind: 'merge', body });
    } catch (error) {
      if (hasCode(error, 404)) return undefined;
      throw error;
    }
  };
  await Promise.all(releasable.map((object) => patch(object, releasePatch(object, owner.metadata.uid))));
  const reference = controllerReference(ownerType, owner);
  const adopted = await Promise.all(
    adoptable.map((object) => patch(object, adoptionPatch(object, reference))),
  );
  return [...owned, ...adopted.filter((object) => object !== undefined)];
}
