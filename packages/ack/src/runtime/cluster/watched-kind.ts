// The live copies of one kind's resources, in all namespaces or in those that are watched.
import {
  createInformer,
  type Informer,
  type InformerOptions,
  type KubeClient,
  type KubeResource,
  type ObjectRef,
  type ResourceType,
} from '@pergola/kube-client';
import { apiVersionOf } from '@pergola/kube-client';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

export class WatchedKind implements AsyncDisposable {
  readonly type: ResourceType;
  readonly #informers: readonly Informer[];

  /** `namespaces`: undefined in it stands for all of them. */
  constructor(
    client: KubeClient,
    type: ResourceType,
    namespaces: readonly (string | undefined)[],
    options: InformerOptions,
  ) {
    this.type = type;
    this.#informers = (type.namespaced ? namespaces : [undefined]).map((namespace) =>
      createInformer(client, type, { transform: slim(type), ...options, namespace }),
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

  list(): readonly KubeResource[] {
    return this.#informers.flatMap((informer) => informer.list());
  }

  /** `previous` is undefined for one that appears, `current` for one that goes. Those already there appear at once. */
  onChange(handler: (previous: KubeResource | undefined, current: KubeResource | undefined) => void): void {
    for (const informer of this.#informers) {
      informer.onAdd((object) => handler(undefined, object));
      informer.onUpdate(handler);
      informer.onDelete((object) => handler(object, undefined));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#informers.map((informer) => informer[Symbol.asyncDispose]()));
  }
}

/** What nobody here reads is often more than half of an object. */
function slim(type: ResourceType): (object: KubeResource) => KubeResource {
  const apiVersion = apiVersionOf(type);
  return (object) => {
    delete object.metadata['managedFields'];
    delete object.metadata.annotations?.[lastApplied];
    object.apiVersion ??= apiVersion;
    object.kind ??= type.kind;
    return object;
  };
}

/** Of a Secret no more than which version it is: its text is asked for when it is needed, and kept nowhere. */
export function withoutData(object: KubeResource): KubeResource {
  const { name, namespace, uid, resourceVersion } = object.metadata;
  return {
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
  };
}
