// Writing once, at the end: what a reconciliation changed on its copy becomes one patch, of the object or of its
// status, never of both.
import { assert } from '@pergola/kernel';
import type { KubeClient, KubeResource, ResourceType } from '@pergola/kube-client';
import { mergePatchOf } from './merge-patch.ts';

/** An object as it was read and as it shall be. */
export interface Change<T extends KubeResource> {
  readonly before: T;
  readonly after: T;
}

/**
 * Patches what differs and returns the object as the server has it then (`before` when nothing differs). The patch
 * fails with 409 when the object has changed since it was read. Throws BugError when both the status and the rest
 * changed: a controller must write its spec, see it stored, and only then its status.
 */
export async function commit<T extends KubeResource>(
  client: KubeClient,
  type: ResourceType,
  { before, after }: Change<T>,
): Promise<T> {
  const { status: statusBefore, ...restBefore } = before;
  const { status: statusAfter, ...restAfter } = after;
  const status = mergePatchOf({ status: statusBefore ?? {} }, { status: statusAfter ?? {} });
  const rest = mergePatchOf(restBefore, restAfter);
  if (status === undefined && rest === undefined) return before;
  assert(
    status === undefined || rest === undefined,
    `${type.kind} ${before.metadata.name}: spec and status changed at once`,
  );

  const { name, namespace, uid, resourceVersion } = before.metadata;
  const patch = { ...((status ?? rest) as Record<string, unknown>) };
  // The server refuses the patch when either is no longer true.
  patch['metadata'] = { ...(patch['metadata'] as object | undefined), uid, resourceVersion };
  const subresource = status === undefined ? {} : { subresource: 'status' };
  return client.patch<T>(type, { name, namespace }, { kind: 'merge', body: patch, ...subresource });
}
