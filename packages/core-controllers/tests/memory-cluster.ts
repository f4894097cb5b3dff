// An API server's essence in memory, behind the KubeClient interface: versions, conflicts, watches, merge patches,
// finalizers. What the controllers are wired to in tests.
import { isRecord } from '@pergola/kernel';
import {
  KubeApiError,
  type KubeClient,
  type KubeResource,
  type ResourceType,
  resourceTypes,
  type WatchEvent,
} from '@pergola/kube-client';
import { olmTypes } from '../src/olm/kinds.ts';

type Ref = { name: string; namespace?: string | undefined };
const types: readonly ResourceType[] = [...Object.values(resourceTypes), ...Object.values(olmTypes)];

const groupNames = [...new Set(types.map(({ group }) => group).filter((group) => group !== ''))];

/** As API servers order them: v1 is preferred to v1alpha1. */
function groupOf(name: string) {
  const served = [
    ...new Set(types.filter(({ group }) => group === name).map(({ version }) => version)),
  ].sort();
  const versions = served.map((version) => ({ version }));
  return { name, versions, preferredVersion: versions[0] };
}

const established = { conditions: [{ type: 'Established', status: 'True' }] };

export class MemoryCluster {
  readonly #objects = new Map<string, KubeResource>();
  readonly #watchers = new Set<(type: ResourceType, event: WatchEvent) => void>();
  #version = 0;
  #names = 0;

  all(type: ResourceType): KubeResource[] {
    const prefix = `${type.group}/${type.plural}/`;
    return [...this.#objects].filter(([key]) => key.startsWith(prefix)).map(([, object]) => object);
  }

  get(type: ResourceType, ref: Ref): KubeResource | undefined {
    return this.#objects.get(keyOf(type, ref));
  }

  create(type: ResourceType, wanted: KubeResource): KubeResource {
    const name = wanted.metadata.name || `${wanted.metadata.generateName}${++this.#names}`;
    if (this.get(type, { ...wanted.metadata, name }))
      throw new KubeApiError(409, 'AlreadyExists', `${name} exists`, { name });
    const uid = `uid-${++this.#version}`;
    const creationTimestamp = '2026-01-01T00:00:00Z';
    const metadata = { ...wanted.metadata, name, uid, generation: 1, creationTimestamp };
    const status = type === resourceTypes.customresourcedefinitions ? established : {};
    return this.#store(type, { status, ...wanted, kind: type.kind, metadata }, 'ADDED');
  }

  /** Replaces an object; RFC 7386 patches come through here too. */
  write(type: ResourceType, next: KubeResource): KubeResource {
    const before = this.get(type, next.metadata);
    if (!before) throw new KubeApiError(404, 'NotFound', 'not found');
    const { resourceVersion } = next.metadata;
    if (resourceVersion !== undefined && resourceVersion !== before.metadata.resourceVersion) {
      throw new KubeApiError(409, 'Conflict', 'the object has been modified');
    }
    const changed = JSON.stringify(next.spec) !== JSON.stringify(before.spec);
    const generation = (before.metadata.generation ?? 1) + (changed ? 1 : 0);
    const after = { ...next, metadata: { ...next.metadata, generation } };
    const over = after.metadata.deletionTimestamp && (after.metadata.finalizers ?? []).length === 0;
    return this.#store(type, after, over ? 'DELETED' : 'MODIFIED');
  }

  patch(type: ResourceType, ref: Ref, body: unknown): KubeResource {
    const before = this.get(type, ref);
    if (!before) throw new KubeApiError(404, 'NotFound', 'not found');
    return this.write(type, merge(before, body) as KubeResource);
  }

  delete(type: ResourceType, ref: Ref, policy?: string): void {
    const before = this.get(type, ref);
    if (!before) throw new KubeApiError(404, 'NotFound', 'not found');
    const added = policy === 'Foreground' ? ['foregroundDeletion'] : policy === 'Orphan' ? ['orphan'] : [];
    const finalizers = [...new Set([...(before.metadata.finalizers ?? []), ...added])];
    if (finalizers.length === 0) this.#store(type, before, 'DELETED');
    else if (!before.metadata.deletionTimestamp) {
      const metadata = { ...before.metadata, finalizers, deletionTimestamp: '2026-01-01T00:00:00Z' };
      this.#store(type, { ...before, metadata }, 'MODIFIED');
    }
  }

  #store(type: ResourceType, object: KubeResource, event: WatchEvent['type']): KubeResource {
    const stored = structuredClone({
      ...object,
      metadata: { ...object.metadata, resourceVersion: `${++this.#version}` },
    });
    if (event === 'DELETED') this.#objects.delete(keyOf(type, stored.metadata));
    else this.#objects.set(keyOf(type, stored.metadata), stored);
    for (const watcher of this.#watchers) watcher(type, { type: event, object: structuredClone(stored) });
    return stored;
  }

  async *#watch(type: ResourceType, signal: AbortSignal): AsyncGenerator<WatchEvent> {
    const queue: WatchEvent[] = this.all(type).map((object) => ({
      type: 'ADDED',
      object: structuredClone(object),
    }));
    const annotations = { 'k8s.io/initial-events-end': 'true' };
    queue.push({
      type: 'BOOKMARK',
      object: { metadata: { name: '', resourceVersion: `${this.#version}`, annotations } },
    });
    let wake = () => {};
    const watcher = (changed: ResourceType, event: WatchEvent) => {
      if (changed.plural !== type.plural || changed.group !== type.group) return;
      queue.push(event);
      wake();
    };
    this.#watchers.add(watcher);
    signal.addEventListener('abort', () => wake());
    while (!signal.aborted) {
      const event = queue.shift();
      if (event) yield event;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
    this.#watchers.delete(watcher);
  }

  #discovery(path: string): unknown {
    const [, , group = '', version = 'v1'] = path === '/api/v1' ? [] : path.split('/');
    if (path === '/apis') return { groups: groupNames.map(groupOf) };
    const verbs = ['list', 'watch', 'delete'];
    return {
      resources: types
        .filter((type) => type.group === group && type.version === version)
        .map(({ plural, kind, namespaced }) => ({ name: plural, kind, namespaced, verbs })),
    };
  }

  client(): KubeClient {
    const client = {
      find: async (type: ResourceType, ref: Ref) => structuredClone(this.get(type, ref)),
      list: async (type: ResourceType, query: { namespace?: string; labelSelector?: string } = {}) => ({
        metadata: {},
        items: this.all(type)
          .filter(({ metadata }) => !query.namespace || metadata.namespace === query.namespace)
          .filter(({ metadata }) => hasLabels(metadata.labels, query.labelSelector)),
      }),
      create: async (type: ResourceType, object: KubeResource, subresource?: string) => {
        if (subresource !== 'binding') return this.create(type, object);
        return this.patch(type, object.metadata, { spec: { nodeName: object['target'].name } });
      },
      update: async (type: ResourceType, object: KubeResource, subresource?: string) => {
        const updated = this.write(type, object);
        const { finalizers = [] } = updated.spec ?? {};
        if (subresource === 'finalize' && finalizers.length === 0) this.#store(type, updated, 'DELETED');
        return updated;
      },
      patch: async (type: ResourceType, ref: Ref, { body }: { body: unknown }) => this.patch(type, ref, body),
      delete: async (type: ResourceType, ref: Ref, options: { propagationPolicy?: string } = {}) =>
        this.delete(type, ref, options.propagationPolicy),
      watch: (type: ResourceType, _query: unknown, signal: AbortSignal) => this.#watch(type, signal),
      raw: async (_method: string, path: string) => this.#discovery(path),
    };
    return client as unknown as KubeClient;
  }
}

/** Selectors of the form `a=b,c=d`. */
function hasLabels(labels: Record<string, string> | undefined, selector = ''): boolean {
  const pairs = selector.split(',').filter((pair) => pair !== '');
  return pairs.every(
    (pair) => labels?.[pair.slice(0, pair.indexOf('='))] === pair.slice(pair.indexOf('=') + 1),
  );
}

function keyOf(type: ResourceType, { namespace, name }: Ref): string {
  return `${type.group}/${type.plural}/${namespace ?? ''}/${name}`;
}

function merge(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const result: Record<string, unknown> = isRecord(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merge(result[key], value);
  }
  return result;
}
