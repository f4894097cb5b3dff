// The informer's memory: objects by namespace and name, with secondary indexes kept in step.
import type { KubeResource, ObjectRef } from './client.ts';

/** Gives the values under which an object is found, e.g. the node of a pod. */
export type Indexer<T> = (object: T) => readonly string[];

/** `namespace/name`, or `name` for cluster-scoped objects. */
export function keyOf(ref: ObjectRef): string {
  return ref.namespace ? `${ref.namespace}/${ref.name}` : ref.name;
}

/** Objects by key and by index value. Objects are shared with readers, who must not change them. */
export class ObjectCache<T extends KubeResource> {
  readonly #objects = new Map<string, T>();
  readonly #indexes = new Map<
    string,
    { readonly indexer: Indexer<T>; readonly keys: Map<string, Set<string>> }
  >();

  constructor(indexers: Readonly<Record<string, Indexer<T>>>) {
    for (const [name, indexer] of Object.entries(indexers)) {
      this.#indexes.set(name, { indexer, keys: new Map() });
    }
  }

  get(key: string): T | undefined {
    return this.#objects.get(key);
  }

  keys(): string[] {
    return [...this.#objects.keys()];
  }

  values(): T[] {
    return [...this.#objects.values()];
  }

  /** The objects whose indexer gave `value`. An unknown index holds nothing. */
  byIndex(index: string, value: string): T[] {
    const found: T[] = [];
    for (const key of this.#indexes.get(index)?.keys.get(value) ?? []) {
      const object = this.#objects.get(key);
      if (object) found.push(object);
    }
    return found;
  }

  /** Stores the object and returns the one it replaces. */
  set(object: T): T | undefined {
    const key = keyOf(object.metadata);
    const previous = this.#objects.get(key);
    if (previous) this.#unindex(key, previous);
    this.#objects.set(key, object);
    for (const { indexer, keys } of this.#indexes.values()) {
      for (const value of indexer(object)) {
        const entry = keys.get(value);
        if (entry) entry.add(key);
        else keys.set(value, new Set([key]));
      }
    }
    return previous;
  }

  /** Forgets the object and returns it. */
  delete(key: string): T | undefined {
    const previous = this.#objects.get(key);
    if (!previous) return undefined;
    this.#objects.delete(key);
    this.#unindex(key, previous);
    return previous;
  }

  #unindex(key: string, object: T): void {
    for (const { indexer, keys } of this.#indexes.values()) {
      for (const value of indexer(object)) {
        const entry = keys.get(value);
        entry?.delete(key);
        if (entry?.size === 0) keys.delete(value);
      }
    }
  }
}
