// A view of every object in the cluster: one informer for each type that can be deleted, types of new
// CustomResourceDefinitions included.
import {
  createInformer,
  type Informer,
  type KubeResource,
  type ResourceType,
  resourceTypes,
} from '@pergola/kube-client';
import type { ControllerContext } from '../context.ts';
import { discoverResources } from '../discovery.ts';
import { olmTypes } from '../olm/kinds.ts';

/** Types that own nothing and are owned by nothing, or that show objects of another type once more. */
const ignoredGroups = new Set([
  'events.k8s.io',
  'project.openshift.io',
  'user.openshift.io',
  'metrics.k8s.io',
]);
const shared: readonly ResourceType[] = [...Object.values(resourceTypes), ...Object.values(olmTypes)];
const rediscoverMs = 300_000;
const settleMs = 1_000;

export interface ObjectSink {
  readonly seen: (type: ResourceType, object: KubeResource) => void;
  readonly gone: (type: ResourceType, object: KubeResource) => void;
}

export class EveryObject implements AsyncDisposable {
  readonly #context: ControllerContext;
  readonly #sink: ObjectSink;
  readonly #informers = new Map<string, { readonly type: ResourceType; readonly own?: Informer }>();
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #changed = false;

  constructor(context: ControllerContext, sink: ObjectSink) {
    this.#context = context;
    this.#sink = sink;
    this.#running = this.#run();
  }

  /** The type that an owner reference names; undefined when the server has none such. */
  typeOf(apiVersion: string, kind: string): ResourceType | undefined {
    for (const { type } of this.#informers.values()) {
      const version = type.group === '' ? type.version : `${type.group}/${type.version}`;
      if (type.kind === kind && (version === apiVersion || sameGroup(type, apiVersion))) return type;
    }
    return undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error('closed'));
    await this.#running;
    await Promise.all([...this.#informers.values()].map(async ({ own }) => own?.[Symbol.asyncDispose]()));
  }

  async #run(): Promise<void> {
    const { clock, logger } = this.#context;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        this.#changed = false;
        await this.#discover();
        await this.#pause(rediscoverMs);
      } catch (error) {
        if (signal.aborted) return;
        logger.debug({ because: String(error) }, 'could not discover resources');
        await clock.sleep(settleMs, signal).catch(() => {});
      }
    }
  }

  /** Waits, but only until a CustomResourceDefinition has changed and had a moment to be served. */
  async #pause(durationMs: number): Promise<void> {
    const { clock } = this.#context;
    for (let waitedMs = 0; waitedMs < durationMs; waitedMs += settleMs) {
      await clock.sleep(settleMs, this.#stop.signal);
      if (this.#changed) return;
    }
  }

  async #discover(): Promise<void> {
    const types = await discoverResources(this.#context.client, ['list', 'watch', 'delete']);
    const wanted = new Map(types.filter(isWatched).map((type) => [nameOf(type), type]));
    for (const [name, { own }] of this.#informers) {
      if (wanted.has(name)) continue;
      this.#informers.delete(name);
      await own?.[Symbol.asyncDispose]();
    }
    for (const [name, type] of wanted) if (!this.#informers.has(name)) this.#watch(name, type);
  }

  #watch(name: string, type: ResourceType): void {
    const { client, clock, random, logger, informers } = this.#context;
    const used = shared.find((each) => nameOf(each) === name);
    // Types that other controllers watch are watched once; of the others only metadata is kept.
    const own = used
      ? undefined
      : createInformer(client, type, { transform: metadataOnly, clock, random, logger });
    const informer = own ?? informers.of(used ?? type);
    this.#informers.set(name, own ? { type, own } : { type });
    informer.onAdd((object) => this.#sink.seen(type, object));
    informer.onUpdate((_before, object) => this.#sink.seen(type, object));
    informer.onDelete((object) => this.#sink.gone(type, object));
    if (type.plural !== 'customresourcedefinitions') return;
    const change = () => {
      this.#changed = true;
    };
    informer.onAdd(change);
    informer.onUpdate(change);
    informer.onDelete(change);
  }
}

function nameOf(type: ResourceType): string {
  return `${type.plural}.${type.version}.${type.group}`;
}

function sameGroup(type: ResourceType, apiVersion: string): boolean {
  const slash = apiVersion.lastIndexOf('/');
  return type.group === (slash === -1 ? '' : apiVersion.slice(0, slash));
}

function isWatched(type: ResourceType): boolean {
  return !ignoredGroups.has(type.group) && !(type.group === '' && type.plural === 'events');
}

function metadataOnly({ metadata }: KubeResource): KubeResource {
  const { uid, name, namespace, resourceVersion, ownerReferences, finalizers, deletionTimestamp } = metadata;
  const kept = { uid, name, namespace, resourceVersion, ownerReferences, finalizers, deletionTimestamp };
  return {
    metadata: Object.fromEntries(
      Object.entries(kept).filter(([, value]) => value !== undefined),
    ) as KubeResource['metadata'],
  };
}
