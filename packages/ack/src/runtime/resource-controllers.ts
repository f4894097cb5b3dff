// The loops over all resources: one queue for each service, so that one that is slow or throttled holds up no other.
import { type Controller, keyOfObject, type ReconcileResult, startController } from '@pergola/controller-kit';
import type { KubeResource } from '@pergola/kube-client';
import type { Kind } from '../kind/kind.ts';
import type { WatchedKind } from './cluster/watched-kind.ts';
import { concernsUs } from './concern.ts';
import { finalizerOf, resourceAnnotations, typeOf } from './names.ts';
import type { Owners } from './owners.ts';
import { reconcileResource, type ReconcilerOptions } from './resource-reconciler.ts';

export interface ControllersOptions extends ReconcilerOptions {
  /** How many resources of a service are reconciled at a time. */
  readonly workers: number;
}

export class ResourceControllers implements AsyncDisposable {
  readonly #options: ControllersOptions;
  readonly #kinds = new Map<string, { readonly kind: Kind; readonly watched: WatchedKind }>();
  readonly #controllers = new Map<string, Controller>();

  constructor(options: ControllersOptions) {
    this.#options = options;
  }

  /** Begins with a kind whose resources have been seen. */
  add(kind: Kind, watched: WatchedKind): void {
    const prefix = `${kind.kind}.${kind.group}`;
    this.#kinds.set(prefix, { kind, watched });
    const { memory, dependents, owners } = this.#options.context;
    watched.onChange((previous, current) => {
      const object = current ?? previous;
      if (object === undefined) return;
      const key = `${prefix}/${keyOfObject(object)}`;
      if (current === undefined) {
        memory.forget(key);
        dependents.forget(key);
        owners.forget(key);
        return;
      }
      noteOwner(owners, kind, key, current);
      const { resourceVersion } = current.metadata;
      memory.saw(key, resourceVersion);
      if (
        previous !== undefined &&
        (memory.isOwnWrite(key, resourceVersion) || !concernsUs(previous, current))
      )
        return;
      this.#controllerOf(kind).enqueue(key);
    });
  }

  /** Reconciles all that depend on what has changed. */
  changed(dependency: string): void {
    for (const key of this.#options.context.dependents.of(dependency)) {
      const entry = this.#kinds.get(prefixOf(key));
      if (entry) this.#controllerOf(entry.kind).enqueue(key);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#controllers.values()].map((controller) => controller[Symbol.asyncDispose]()));
  }

  #controllerOf(kind: Kind): Controller {
    const known = this.#controllers.get(kind.service);
    if (known) return known;
    const { workers, context } = this.#options;
    const { clock, logger } = context;
    const controller = startController({
      name: `ack-${kind.service}`,
      watches: [],
      reconcile: (key) => this.#reconcile(key),
      workers,
      clock,
      logger,
    });
    this.#controllers.set(kind.service, controller);
    return controller;
  }

  async #reconcile(key: string): Promise<ReconcileResult | undefined> {
    const entry = this.#kinds.get(prefixOf(key));
    const object = entry && (await this.#read(key, entry.kind, entry.watched));
    if (!entry || !object) {
      this.#options.context.memory.forget(key);
      this.#options.context.dependents.forget(key);
      return undefined;
    }
    return reconcileResource(this.#options, entry.kind, key, object);
  }

  /** The object, never older than what this controller wrote itself: ids that AWS chose must not be overlooked. */
  async #read(key: string, kind: Kind, watched: WatchedKind): Promise<KubeResource | undefined> {
    const [, namespace = '', name = ''] = key.split('/');
    const seen = watched.get({ namespace, name });
    if (seen === undefined || !this.#options.context.memory.isBehind(key)) return seen;
    const { client, memory } = this.#options.context;
    const current = await client.find(typeOf(kind), { namespace, name });
    const { resourceVersion } = seen.metadata;
    // The watch may never show a version that another one followed at once.
    if (current?.metadata.resourceVersion === resourceVersion) memory.caughtUp(key);
    return current;
  }
}

/** What stands in its status is its own as long as its finalizer stands there. */
function noteOwner(owners: Owners, kind: Kind, key: string, { metadata, status }: KubeResource): void {
  const arn: unknown = status?.ackResourceMetadata?.arn;
  const isReadOnly = metadata.annotations?.[resourceAnnotations.readOnly]?.toLowerCase() === 'true';
  const isManaged = metadata.finalizers?.includes(finalizerOf(kind)) === true;
  if (!isManaged || isReadOnly) owners.forget(key);
  else if (typeof arn === 'string') owners.claim(arn, key, metadata.creationTimestamp ?? '');
}

function prefixOf(key: string): string {
  return key.slice(0, key.indexOf('/'));
}
