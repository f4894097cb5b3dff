// Who owns whom, for every object of the cluster, by uid. Only what deciding needs is kept of each object.
import type { KubeResource, OwnerReference, ResourceType } from '@pergola/kube-client';

export interface Node {
  readonly uid: string;
  readonly type: ResourceType;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly owners: readonly OwnerReference[];
  readonly finalizers: readonly string[];
  /** Its deletion was asked for; finalizers keep it. */
  readonly deleting: boolean;
}

/** The node of an object; undefined for one without a uid. */
export function nodeOf(type: ResourceType, { metadata }: KubeResource): Node | undefined {
  const { uid, namespace, name, ownerReferences = [], finalizers = [], deletionTimestamp } = metadata;
  if (uid === undefined) return undefined;
  return {
    uid,
    type,
    namespace,
    name,
    owners: ownerReferences,
    finalizers,
    deleting: deletionTimestamp !== undefined,
  };
}

export class OwnerGraph {
  readonly #nodes = new Map<string, Node>();
  readonly #dependents = new Map<string, Set<string>>();

  get(uid: string): Node | undefined {
    return this.#nodes.get(uid);
  }

  /** Puts the node in, or in the place of its earlier state. */
  set(node: Node): void {
    this.delete(node.uid);
    this.#nodes.set(node.uid, node);
    for (const { uid } of node.owners) {
      const dependents = this.#dependents.get(uid);
      if (dependents) dependents.add(node.uid);
      else this.#dependents.set(uid, new Set([node.uid]));
    }
  }

  /** Takes the node out. Its dependents stay known as such. */
  delete(uid: string): Node | undefined {
    const node = this.#nodes.get(uid);
    this.#nodes.delete(uid);
    for (const owner of node?.owners ?? []) {
      const dependents = this.#dependents.get(owner.uid);
      dependents?.delete(uid);
      if (dependents?.size === 0) this.#dependents.delete(owner.uid);
    }
    return node;
  }

  /** The nodes that name `uid` as an owner, whether it exists or not. */
  dependentsOf(uid: string): Node[] {
    const found: Node[] = [];
    for (const dependent of this.#dependents.get(uid) ?? []) {
      const node = this.#nodes.get(dependent);
      if (node) found.push(node);
    }
    return found;
  }
}
