// A live copy of the objects of one type in the namespaces that the operator looks at.
import type { Watch } from '@pergola/controller-kit';
import {
  apiVersionOf,
  createInformer,
  type Informer,
  type KubeResource,
  type ObjectRef,
  type ResourceType,
} from '@pergola/kube-client';
import type { OperatorContext } from '../context.ts';

type Change = (previous: KubeResource, current: KubeResource) => boolean;

export class WatchedObjects implements AsyncDisposable {
  readonly #informers: readonly Informer[];

  /** `namespaces`: those of the context unless given. */
  constructor(
    context: OperatorContext,
    type: ResourceType,
    options: { readonly labelSelector?: string; readonly namespaces?: readonly (string | undefined)[] } = {},
  ) {
    const { client, clock, random, logger } = context;
    const { labelSelector, namespaces = type.namespaced ? context.namespaces : [undefined] } = options;
    this.#informers = namespaces.map((namespace) =>
      createInformer(client, type, {
        namespace,
        ...(labelSelector === undefined ? {} : { labelSelector }),
        transform: withType(type),
        clock,
        random,
        logger,
      }),
    );
  }

  get synced(): Promise<unknown> {
    return Promise.all(this.#informers.map(({ synced }) => synced));
  }

  get(ref: ObjectRef): KubeResource | undefined {
    for (const informer of this.#informers) {
      const found = informer.get(ref);
      if (found) return found;
    }
    return undefined;
  }

  /** All objects, or those of one namespace. */
  list(namespace?: string): KubeResource[] {
    return this.#informers.flatMap((informer) => informer.list(namespace));
  }

  watches(keysOf: Watch['keysOf']): Watch[] {
    return this.#informers.map((informer) => ({ informer, keysOf }));
  }

  /** Calls `heard` for each object that appears, changes or goes; of changes only for those that `counts`. */
  onChange(heard: (object: KubeResource) => void, counts: Change = () => true): void {
    for (const informer of this.#informers) {
      informer.onAdd(heard);
      informer.onUpdate((previous, current) => {
        if (counts(previous, current)) heard(current);
      });
      informer.onDelete(heard);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#informers.map((informer) => informer[Symbol.asyncDispose]()));
  }
}

/** Objects in lists have no type; nobody here reads managedFields. */
function withType(type: ResourceType): (object: KubeResource) => KubeResource {
  return (object) => {
    delete object.metadata['managedFields'];
    object.apiVersion ??= apiVersionOf(type);
    object.kind ??= type.kind;
    return object;
  };
}
