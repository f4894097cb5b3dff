// Writing a status, when it says something new.
import { commit } from '@pergola/controller-kit';
import type { KubeClient, KubeResource, ResourceType } from '@pergola/kube-client';

/** Replaces the object's status by `status`; an object that already has it is left alone. */
export async function patchStatusOf(
  client: KubeClient,
  type: ResourceType,
  object: KubeResource,
  status: object,
): Promise<void> {
  await commit(client, type, { before: object, after: { ...object, status } });
}
