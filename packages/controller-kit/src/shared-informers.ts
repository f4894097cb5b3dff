// One informer for each resource type, shared by all controllers of a process.
import type { Clock, Logger, Random } from '@pergola/kernel';
import {
  createInformer,
  type Indexer,
  type Informer,
  type KubeClient,
  type KubeResource,
  type ResourceType,
} from '@pergola/kube-client';

export interface SharedInformersOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** The index that every shared informer has: objects by the uid of their controlling owner. */
export const controllerIndex = 'controller';

/** Gives out informers, starts each when it is first asked for and ends them all together. */
export interface SharedInformers extends AsyncDisposable {
  of(type: ResourceType): Informer;
  /** Resolves when all informers given out so far have synced. */
  synced(): Promise<void>;
}

export function createSharedInformers(options: SharedInformersOptions): SharedInformers {
  const { client, clock, random, logger } = options;
  const informers = new Map<string, Informer>();
  return {
    of(type) {
      const name = `${type.plural}.${type.version}.${type.group}`;
      const existing = informers.get(name);
      if (existing) return existing;
      const indexers = { [controllerIndex]: controllerUid };
      const informer = createInformer(client, type, {
        indexers,
        transform: withType(type),
        clock,
        random,
        logger,
      });
      informers.set(name, informer);
      return informer;
    },
    async synced() {
      await Promise.all([...informers.values()].map((informer) => informer.synced));
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...informers.values()].map((informer) => informer[Symbol.asyncDispose]()));
    },
  };
}

const controllerUid: Indexer<KubeResource> = (object) => {
  const owner = object.metadata.ownerReferences?.find(({ controller }) => controller);
  return owner ? [owner.uid] : [];
};

/** Nobody here reads managedFields, which are often half of an object. */
function withType(type: ResourceType): (object: KubeResource) => KubeResource {
  const apiVersion = type.group === '' ? type.version : `${type.group}/${type.version}`;
  return (object) => {
    delete object.metadata['managedFields'];
    object.apiVersion ??= apiVersion;
    object.kind ??= type.kind;
    return object;
  };
}
