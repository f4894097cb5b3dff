// What an OperatorGroup says, as its ClusterServiceVersions carry it.
import type { KubeResource } from '@pergola/kube-client';
import { nameOf } from '../kinds.ts';

/** Failures of a ClusterServiceVersion that end when its OperatorGroup is right again. */
export const groupReasons: ReadonlySet<string> = new Set([
  'NoTargetNamespaces',
  'NoOperatorGroup',
  'TooManyOperatorGroups',
  'UnsupportedOperatorGroup',
]);

/** The namespaces that the group's controller has found for it: `['']` for all; undefined before it has looked. */
export function targetsOf(group: KubeResource): readonly string[] | undefined {
  return group['status']?.namespaces;
}

export function groupAnnotations(group: KubeResource, targets: readonly string[]): Record<string, string> {
  return {
    'olm.operatorGroup': nameOf(group),
    'olm.operatorNamespace': `${group.metadata.namespace}`,
    'olm.targetNamespaces': targets.join(','),
  };
}
