// An API server in memory, as far as the kubelet uses one: objects, merge patches, status, watch, tokens.
import { type Duplex, PassThrough } from 'node:stream';
import {
  KubeApiError,
  type KubeClient,
  type KubeResource,
  type ListQuery,
  type ObjectRef,
  type ResourceType,
  type WatchEvent,
} from '@pergola/kube-client';

const keyOf = (type: ResourceType, ref: ObjectRef) => `${type.plural}/${ref.namespace ?? ''}/${ref.name}`;
const notFound = (type: ResourceType, name: string) =>
  new KubeApiError(404, 'NotFound', `${type.plural} "${name}" not found`);

export class FakeCluster implements KubeClient {
  readonly objects = new Map<string, KubeResource>();
  /** TokenRequests seen, newest last. */
  readonly tokenRequests: KubeResource[] = [];
  readonly statusPatches: unknown[] = [];
  tokenLifeSeconds = 3600;
  nowMs = () => Date.now();
  #version = 1;
  #uids = 0;
  readonly #watchers = new Set<(type: ResourceType, event: WatchEvent) => void>();

  async get<T extends KubeResource>(type: ResourceType, ref: ObjectRef): Promise<T> {
    const found = await this.find<T>(type, ref);
    if (!found) throw notFound(type, ref.name);
    return found;
  }

  async find<T extends KubeResource>(type: ResourceType, ref: ObjectRef): Promise<T | undefined> {
    return structuredClone(this.objects.get(keyOf(type, ref))) as T | undefined;
  }

  async list<T extends KubeResource>(type: ResourceType) {
    const items = [...this.objects]
      .filter(([key]) => key.startsWith(`${type.plural}/`))
      .map(([, object]) => structuredClone(object) as T);
    return { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: String(this.#version) }, items };
  }

  async create<T extends KubeResource>(type: ResourceType, object: T, subresource?: string): Promise<T> {
    if (subresource === 'token') return this.#token(object) as T;
    const key = keyOf(type, object.metadata);
    if (this.objects.has(key))
      throw new KubeApiError(409, 'AlreadyExists', `${type.plural} "${object.metadata.name}" already exists`);
    const stored = structuredClone(object);
    stored.metadata.uid ??= `uid-${++this.#uids}`;
    return this.#store(type, stored, 'ADDED') as T;
  }

  async update<T extends KubeResource>(type: ResourceType, object: T): Promise<T> {
    return this.#store(type, structuredClone(object), 'MODIFIED') as T;
  }

  async patch<T extends KubeResource>(
    type: ResourceType,
    ref: ObjectRef,
    patch: { kind: string; body: unknown; subresource?: string },
  ): Promise<T> {
    const object = await this.get(type, ref);
    const uid = (patch.body as KubeResource).metadata?.uid;
    if (uid && uid !== object.metadata.uid) throw new KubeApiError(409, 'Conflict', 'uid mismatch');
    if (patch.subresource === 'status') this.statusPatches.push(structuredClone(patch.body));
    return this.#store(type, merge(object, patch.body) as KubeResource, 'MODIFIED') as T;
  }

  async delete(
    type: ResourceType,
    ref: ObjectRef,
    options: { gracePeriodSeconds?: number; uid?: string } = {},
  ): Promise<void> {
    const object = await this.get(type, ref);
    if (options.uid && options.uid !== object.metadata.uid)
      throw new KubeApiError(409, 'Conflict', 'uid mismatch');
    if (type.plural === 'pods' && options.gracePeriodSeconds !== 0) {
      object.metadata.deletionTimestamp = new Date(this.nowMs()).toISOString();
      object.metadata.deletionGracePeriodSeconds =
        options.gracePeriodSeconds ?? object['spec'].terminationGracePeriodSeconds ?? 30;
      this.#store(type, object, 'MODIFIED');
      return;
    }
    this.objects.delete(keyOf(type, ref));
    object.metadata.resourceVersion = String(++this.#version);
    this.#tell(type, { type: 'DELETED', object });
  }

  async *watch<T extends KubeResource>(
    type: ResourceType,
    query: ListQuery & { sendInitialEvents?: boolean },
    signal: AbortSignal,
  ): AsyncIterable<WatchEvent<T>> {
    const queue: WatchEvent[] = [];
    let wake = () => {};
    const hear = (of: ResourceType, event: WatchEvent) => {
      if (of.plural !== type.plural) return;
      queue.push(structuredClone(event));
      wake();
    };
    if (query.sendInitialEvents) {
      const { items, metadata } = await this.list(type);
      for (const object of items) queue.push({ type: 'ADDED', object });
      const annotations = { 'k8s.io/initial-events-end': 'true' };
      queue.push({
        type: 'BOOKMARK',
        object: { metadata: { name: '', resourceVersion: metadata.resourceVersion, annotations } },
      });
    }
    this.#watchers.add(hear);
    signal.addEventListener('abort', () => wake());
    try {
      while (!signal.aborted) {
        const next = queue.shift();
        if (next) yield next as WatchEvent<T>;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      this.#watchers.delete(hear);
    }
  }

  raw(): Promise<unknown> {
    return Promise.reject(new KubeApiError(404, 'NotFound', 'no raw paths here'));
  }

  stream(): Promise<NodeJS.ReadableStream> {
    return Promise.resolve(new PassThrough().end());
  }

  upgrade(): Promise<{ protocol: string; socket: Duplex }> {
    return Promise.reject(new KubeApiError(404, 'NotFound', 'no upgrades here'));
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #token(request: KubeResource): KubeResource {
    this.tokenRequests.push(structuredClone(request));
    const expirationTimestamp = new Date(this.nowMs() + this.tokenLifeSeconds * 1000).toISOString();
    return {
      ...request,
      status: {
        token: `token-${this.tokenRequests.length}-${request['spec'].audiences.join()}`,
        expirationTimestamp,
      },
    };
  }

  #store(type: ResourceType, object: KubeResource, event: 'ADDED' | 'MODIFIED'): KubeResource {
    object.metadata.resourceVersion = String(++this.#version);
    this.objects.set(keyOf(type, object.metadata), object);
    this.#tell(type, { type: event, object });
    return structuredClone(object);
  }

  #tell(type: ResourceType, event: WatchEvent): void {
    for (const watcher of this.#watchers) watcher(type, event);
  }
}

function merge(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return structuredClone(patch);
  const out: Record<string, unknown> =
    typeof target === 'object' && target !== null && !Array.isArray(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete out[key];
    else out[key] = merge(out[key], value);
  }
  return out;
}
