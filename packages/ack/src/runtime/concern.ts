// Which changes of a resource a reconciliation could answer.
import { jsonEqual } from '@pergola/kernel';
import type { KubeResource } from '@pergola/kube-client';
import { ownAnnotations } from './names.ts';

const own: readonly string[] = Object.values(ownAnnotations);

/** True but for changes of the status, of finalizers and of the controller's own notes. */
export function concernsUs({ metadata: before }: KubeResource, { metadata: after }: KubeResource): boolean {
  return (
    before.uid !== after.uid ||
    before.generation !== after.generation ||
    before.deletionTimestamp !== after.deletionTimestamp ||
    !jsonEqual(before.labels ?? {}, after.labels ?? {}) ||
    !jsonEqual(foreign(before.annotations), foreign(after.annotations))
  );
}

// What the informers leave out must not look like a change.
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

function foreign(annotations: Readonly<Record<string, string>> = {}): object {
  return Object.fromEntries(
    Object.entries(annotations).filter(([name]) => !own.includes(name) && name !== lastApplied),
  );
}
