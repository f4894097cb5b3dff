// The cluster as the controller watches it: who depends on something that changes is reconciled at once.
import type { Clock, Logger, Random } from '@pergola/kernel';
import {
  type InformerOptions,
  type KubeClient,
  type KubeResource,
  type ObjectRef,
  type ResourceType,
  resourceTypes,
} from '@pergola/kube-client';
import { jsonEqual } from '@pergola/kernel';
import type { ReferenceField } from '../../kind/kind.ts';
import { roleSelectors } from './custom-types.ts';
import { dependency, type Lookup } from './lookup.ts';
import { WatchedKind, withoutData } from './watched-kind.ts';

export interface LiveClusterOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** `[undefined]`: all. */
  readonly namespaces: readonly (string | undefined)[];
  /** Where ACK's account map lies. */
  readonly systemNamespace: string;
  /** Called with what has changed. */
  readonly onChange: (dependency: string) => void;
}

export class LiveCluster implements Lookup, AsyncDisposable {
  readonly #options: LiveClusterOptions;
  readonly #namespaces: WatchedKind;
  readonly #secrets: WatchedKind;
  readonly #configMaps: WatchedKind;
  readonly #kinds = new Map<string, WatchedKind>();
  #selectors: WatchedKind | undefined;

  constructor(options: LiveClusterOptions) {
    this.#options = options;
    this.#namespaces = this.#watch(resourceTypes.namespaces);
    this.#secrets = this.#watch(resourceTypes.secrets, {
      transform: withoutData,
      fieldSelector: 'type=Opaque',
    });
    this.#configMaps = this.#watch(resourceTypes.configmaps, {}, [options.systemNamespace]);
  }

  /** Resolves when all that is watched has been seen, and begins to tell of changes. */
  async start(): Promise<void> {
    await Promise.all([this.#namespaces.synced, this.#secrets.synced, this.#configMaps.synced]);
    const { onChange } = this.#options;
    this.#namespaces.onChange((previous, current) => {
      if (isSameToUs(previous, current)) return;
      onChange(dependency.namespace(nameOf(previous, current).name));
      // Selectors look at a namespace's labels.
      if (!jsonEqual(previous?.metadata.labels, current?.metadata.labels)) onChange(dependency.roleSelectors);
    });
    this.#secrets.onChange((previous, current) => onChange(dependency.secret(nameOf(previous, current))));
    this.#configMaps.onChange((previous, current) =>
      onChange(dependency.configMap(nameOf(previous, current).name)),
    );
  }

  /** Watches the resources of a kind; `onChange` tells of references to them, too. */
  async add(type: ResourceType): Promise<WatchedKind> {
    const watched = this.#watch(type);
    this.#kinds.set(`${type.kind}.${type.group}`, watched);
    await watched.synced;
    const { onChange } = this.#options;
    watched.onChange((previous, current) => {
      onChange(dependency.target(type.group, type.kind, nameOf(previous, current)));
    });
    return watched;
  }

  async addRoleSelectors(): Promise<void> {
    this.#selectors = this.#watch(roleSelectors);
    await this.#selectors.synced;
    this.#selectors.onChange(() => this.#options.onChange(dependency.roleSelectors));
  }

  async namespace(name: string): Promise<KubeResource | undefined> {
    return this.#namespaces.get({ name });
  }

  async configMap(name: string): Promise<KubeResource | undefined> {
    return this.#configMaps.get({ name, namespace: this.#options.systemNamespace });
  }

  async roleSelectors(): Promise<readonly KubeResource[]> {
    return this.#selectors?.list() ?? [];
  }

  /** From the watch where we serve the kind, else from the API server: nobody tells then when it changes. */
  async target({ target }: ReferenceField, ref: ObjectRef): Promise<KubeResource | undefined> {
    const { group, kind, plural } = target;
    const watched = this.#kinds.get(`${kind}.${group}`);
    if (watched) return watched.get(ref);
    return this.#options.client.find({ group, version: 'v1alpha1', plural, kind, namespaced: true }, ref);
  }

  async secret(ref: ObjectRef): Promise<KubeResource | undefined> {
    return this.#options.client.find(resourceTypes.secrets, ref);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const all = [this.#namespaces, this.#secrets, this.#configMaps, ...this.#kinds.values()];
    if (this.#selectors) all.push(this.#selectors);
    await Promise.all(all.map((watched) => watched[Symbol.asyncDispose]()));
  }

  #watch(
    type: ResourceType,
    more: Pick<InformerOptions, 'transform' | 'fieldSelector'> = {},
    namespaces = this.#options.namespaces,
  ): WatchedKind {
    const { client, clock, random, logger } = this.#options;
    return new WatchedKind(client, type, namespaces, { clock, random, logger, ...more });
  }
}

function nameOf(previous: KubeResource | undefined, current: KubeResource | undefined): ObjectRef {
  const { name = '', namespace } = (current ?? previous)?.metadata ?? {};
  return namespace === undefined ? { name } : { name, namespace };
}

/** A namespace changes often in ways that mean nothing to us. */
function isSameToUs(previous: KubeResource | undefined, current: KubeResource | undefined): boolean {
  return (
    previous !== undefined &&
    current !== undefined &&
    jsonEqual(previous.metadata.annotations, current.metadata.annotations) &&
    jsonEqual(previous.metadata.labels, current.metadata.labels)
  );
}
