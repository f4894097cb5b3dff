// A local, live copy of a collection: what controllers read instead of asking the server.
import {
  type Clock,
  type Logger,
  type Random,
  silentLogger,
  systemClock,
  systemRandom,
} from '@pergola/kernel';
import type { KubeClient, KubeResource, ObjectRef, ResourceType } from './client.ts';
import { type Indexer, keyOf, ObjectCache } from './object-cache.ts';
import { Reflector } from './reflector.ts';

export interface InformerOptions<T extends KubeResource = KubeResource> {
  readonly namespace?: string | undefined;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Secondary indexes for `byIndex`. */
  readonly indexers?: Readonly<Record<string, Indexer<T>>>;
  /** Shrinks what is kept of each object; must keep metadata's name, namespace and resourceVersion. */
  readonly transform?: (object: T) => T;
  /** Defaults: the system clock and random source, no log. */
  readonly clock?: Clock;
  readonly random?: Random;
  readonly logger?: Logger;
}

type Unsubscribe = () => void;

/** A live copy of a collection. Objects read from it are shared and must not be changed. */
export interface Informer<T extends KubeResource = KubeResource> extends AsyncDisposable {
  /** Resolves when the first snapshot is complete; rejects when the informer is closed before. */
  readonly synced: Promise<void>;
  readonly hasSynced: boolean;
  get(ref: ObjectRef): T | undefined;
  /** All objects, or those of one namespace. */
  list(namespace?: string): T[];
  byIndex(index: string, value: string): T[];
  /** `handler` is called for each object that appears, those already known included. Returns how to stop it. */
  onAdd(handler: (object: T) => void): Unsubscribe;
  onUpdate(handler: (previous: T, current: T) => void): Unsubscribe;
  /** `handler` gets the last known state. */
  onDelete(handler: (object: T) => void): Unsubscribe;
}

/** Starts an informer at once. It reconnects on its own until it is disposed. */
export function createInformer<T extends KubeResource = KubeResource>(
  client: KubeClient,
  type: ResourceType,
  options: InformerOptions<T> = {},
): Informer<T> {
  return new LiveInformer(client, type, options);
}

class LiveInformer<T extends KubeResource> implements Informer<T> {
  readonly synced: Promise<void>;
  hasSynced = false;
  readonly #cache: ObjectCache<T>;
  readonly #reflector: Reflector<T>;
  readonly #done: Promise<void>;
  readonly #transform: (object: T) => T;
  readonly #logger: Logger;
  readonly #addHandlers = new Set<(object: T) => void>();
  readonly #updateHandlers = new Set<(previous: T, current: T) => void>();
  readonly #deleteHandlers = new Set<(object: T) => void>();
  #resolveSynced: () => void = () => {};
  #rejectSynced: (reason: Error) => void = () => {};

  constructor(client: KubeClient, type: ResourceType, options: InformerOptions<T>) {
    const { namespace, labelSelector, fieldSelector } = options;
    this.#logger = options.logger ?? silentLogger;
    this.#transform = options.transform ?? ((object) => object);
    // Every informer can be listed by namespace.
    this.#cache = new ObjectCache<T>({ ...options.indexers, [namespaceIndex]: namespaceOf });
    this.synced = new Promise((resolve, reject) => {
      this.#resolveSynced = resolve;
      this.#rejectSynced = reject;
    });
    // Nobody need wait for it.
    this.synced.catch(() => {});
    this.#reflector = new Reflector<T>(
      {
        client,
        type,
        query: {
          namespace,
          ...(labelSelector === undefined ? {} : { labelSelector }),
          ...(fieldSelector === undefined ? {} : { fieldSelector }),
        },
        clock: options.clock ?? systemClock,
        random: options.random ?? systemRandom,
        logger: this.#logger,
      },
      {
        replace: (objects) => this.#replace(objects),
        set: (object) => this.#set(object),
        remove: (object) => this.#remove(keyOf(object.metadata)),
      },
    );
    this.#done = this.#reflector.run();
  }

  get(ref: ObjectRef): T | undefined {
    return this.#cache.get(keyOf(ref));
  }

  list(namespace?: string): T[] {
    return namespace === undefined ? this.#cache.values() : this.#cache.byIndex(namespaceIndex, namespace);
  }

  byIndex(index: string, value: string): T[] {
    return this.#cache.byIndex(index, value);
  }

  onAdd(handler: (object: T) => void): Unsubscribe {
    this.#addHandlers.add(handler);
    for (const object of this.#cache.values()) this.#guard(() => handler(object));
    return () => this.#addHandlers.delete(handler);
  }

  onUpdate(handler: (previous: T, current: T) => void): Unsubscribe {
    this.#updateHandlers.add(handler);
    return () => this.#updateHandlers.delete(handler);
  }

  onDelete(handler: (object: T) => void): Unsubscribe {
    this.#deleteHandlers.add(handler);
    return () => this.#deleteHandlers.delete(handler);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#reflector.stop();
    this.#rejectSynced(new Error('the informer was closed before it had synced'));
    await this.#done;
  }

  #replace(objects: readonly T[]): void {
    const gone = new Set(this.#cache.keys());
    for (const object of objects) gone.delete(keyOf(object.metadata));
    for (const key of gone) this.#remove(key);
    for (const object of objects) this.#set(object);
    this.hasSynced = true;
    this.#resolveSynced();
  }

  #set(received: T): void {
    const object = this.#transform(received);
    const previous = this.#cache.set(object);
    if (!previous) {
      for (const handler of this.#addHandlers) this.#guard(() => handler(object));
    } else if (previous.metadata.resourceVersion !== object.metadata.resourceVersion) {
      for (const handler of this.#updateHandlers) this.#guard(() => handler(previous, object));
    }
  }

  #remove(key: string): void {
    const last = this.#cache.delete(key);
    if (!last) return;
    for (const handler of this.#deleteHandlers) this.#guard(() => handler(last));
  }

  /** One handler's bug must not stop the stream for the others. */
  #guard(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#logger.error(
        { error: error instanceof Error ? error.stack : String(error) },
        'an informer handler failed',
      );
    }
  }
}

const namespaceIndex = 'namespace';

function namespaceOf(object: KubeResource): string[] {
  return object.metadata.namespace ? [object.metadata.namespace] : [];
}
