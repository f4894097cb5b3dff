// Where objects live in the store: `kube/<group>/<plural>/<namespace>/<name>`, with an empty namespace for
// cluster-scoped kinds and `core` for the group ''. Byte order of the keys is the order of lists.
import type { ResourceDefinition } from '../contract.ts';

type Stored = Pick<ResourceDefinition, 'storedAs' | 'namespaced'>;

/** Prefix of all objects of the kind, or of those in `namespace` when it is not ''. */
export function prefixOf(definition: Stored, namespace = ''): string {
  const { group, plural } = definition.storedAs;
  const kind = `kube/${group === '' ? 'core' : group}/${plural}/`;
  return namespace === '' ? kind : `${kind}${namespace}/`;
}

export function keyOf(definition: Stored, namespace: string, name: string): string {
  return `${prefixOf(definition)}${definition.namespaced ? namespace : ''}/${name}`;
}
