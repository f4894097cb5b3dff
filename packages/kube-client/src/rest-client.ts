// KubeClient over Transport: each method is one kind of request.
import type { Duplex } from 'node:stream';
import { type Random, systemClock, systemRandom } from '@pergola/kernel';
import {
  type ClientOptions,
  KubeApiError,
  type KubeClient,
  type KubeList,
  type KubeResource,
  type ListQuery,
  type ObjectRef,
  type PatchKind,
  type ResourceType,
  type WatchEvent,
  type WatchQuery,
} from './client.ts';
import { listParameters, resourcePath, watchParameters, withQuery } from './paths.ts';
import { apiVersionOf } from './resource-types.ts';
import { hasCode, transportError } from './status-error.ts';
import { createTransport, type Transport } from './transport.ts';
import { decodeEvents } from './watch-stream.ts';
import { openWebSocket } from './web-socket.ts';
import { createWriteLimit, type WriteLimit } from './write-limit.ts';

const pageSize = 500;

const patchContentTypes: Readonly<Record<PatchKind, string>> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  // JSON is YAML, and the only media type of server-side apply that every supported server knows.
  apply: 'application/apply-patch+yaml',
};

/** A client of the API server at `options.server`. Connections are made when first needed. */
export function createKubeClient(options: ClientOptions): KubeClient {
  return new RestClient(options);
}

class RestClient implements KubeClient {
  readonly #server: string;
  readonly #transport: Transport;
  readonly #random: Random;
  readonly #permitWrite: WriteLimit;
  readonly #fieldManager: string;

  constructor(options: ClientOptions) {
    this.#server = options.server.replace(/\/$/, '');
    this.#transport = createTransport(options);
    this.#random = options.random ?? systemRandom;
    this.#permitWrite = createWriteLimit(options.writesPerSecond ?? 0, options.clock ?? systemClock);
    this.#fieldManager = options.userAgent.split('/', 1)[0] ?? '';
  }

  get<T extends KubeResource>(type: ResourceType, ref: ObjectRef): Promise<T> {
    return this.#request<T>('GET', resourcePath(type, ref.namespace, ref.name));
  }

  async find<T extends KubeResource>(type: ResourceType, ref: ObjectRef): Promise<T | undefined> {
    try {
      return await this.get<T>(type, ref);
    } catch (error) {
      if (hasCode(error, 404)) return undefined;
      throw error;
    }
  }

  async list<T extends KubeResource>(type: ResourceType, query: ListQuery = {}): Promise<KubeList<T>> {
    const first = await this.#listPage<T>(type, query, undefined);
    const items = first.items ?? [];
    let page = first;
    while (page.metadata.continue) {
      page = await this.#listPage<T>(type, query, page.metadata.continue);
      items.push(...page.items);
    }
    for (const item of items) {
      // List items come without their own type.
      item.apiVersion ??= apiVersionOf(type);
      item.kind ??= type.kind;
    }
    const { continue: _continue, ...metadata } = page.metadata;
    return { ...first, metadata, items };
  }

  create<T extends KubeResource>(type: ResourceType, object: T, subresource?: string): Promise<T> {
    const { name, namespace } = object.metadata;
    const path = subresource
      ? resourcePath(type, namespace, name, subresource)
      : resourcePath(type, namespace);
    return this.#request<T>('POST', path, object);
  }

  update<T extends KubeResource>(type: ResourceType, object: T, subresource?: string): Promise<T> {
    const { name, namespace } = object.metadata;
    return this.#request<T>('PUT', resourcePath(type, namespace, name, subresource), object);
  }

  patch<T extends KubeResource>(
    type: ResourceType,
    ref: ObjectRef,
    patch: Parameters<KubeClient['patch']>[2],
  ): Promise<T> {
    const manager = patch.fieldManager ?? (patch.kind === 'apply' ? this.#fieldManager : undefined);
    const path = withQuery(resourcePath(type, ref.namespace, ref.name, patch.subresource), {
      fieldManager: manager,
      force: patch.force || undefined,
    });
    return this.#request<T>('PATCH', path, patch.body, patchContentTypes[patch.kind]);
  }

  async delete(
    type: ResourceType,
    ref: ObjectRef,
    options: Parameters<KubeClient['delete']>[2] = {},
  ): Promise<void> {
    const { uid, ...rest } = options;
    const preconditions = uid === undefined ? {} : { preconditions: { uid } };
    const body = { kind: 'DeleteOptions', apiVersion: 'v1', ...rest, ...preconditions };
    await this.raw('DELETE', resourcePath(type, ref.namespace, ref.name), body);
  }

  async *watch<T extends KubeResource>(
    type: ResourceType,
    query: WatchQuery,
    signal: AbortSignal,
  ): AsyncGenerator<WatchEvent<T>> {
    // Spread out, so that watches opened together do not all reconnect together.
    const timeoutSeconds = query.timeoutSeconds ?? Math.round(300 * (1 + this.#random.fraction()));
    const path = withQuery(resourcePath(type, query.namespace), watchParameters(query, timeoutSeconds));
    const response = await this.#transport.open({ method: 'GET', path, signal, streaming: true });
    try {
      yield* decodeEvents<T>(response);
    } catch (error) {
      throw signal.aborted ? signal.reason : transportError(error);
    } finally {
      response.destroy();
    }
  }

  raw(method: string, path: string, body?: unknown): Promise<unknown> {
    return this.#request<unknown>(method, path, body);
  }

  stream(path: string, signal?: AbortSignal): Promise<NodeJS.ReadableStream> {
    return this.#transport.open({ method: 'GET', path, signal, streaming: true, accept: '*/*' });
  }

  upgrade(path: string, protocols: readonly string[]): Promise<{ protocol: string; socket: Duplex }> {
    return openWebSocket(this.#transport, this.#server.replace(/^http/, 'ws') + path, protocols);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#transport.close();
  }

  #listPage<T>(type: ResourceType, query: ListQuery, next: string | undefined): Promise<KubeList<T>> {
    const parameters = listParameters(query, { limit: pageSize, continue: next });
    return this.#request('GET', withQuery(resourcePath(type, query.namespace), parameters));
  }

  /** The wire is untyped: the caller names the type it asked the server for. */
  async #request<T>(method: string, path: string, body?: unknown, contentType?: string): Promise<T> {
    if (method !== 'GET') await this.#permitWrite();
    const encoded = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const answer = await this.#transport.send({ method, path, body: encoded, contentType });
    return parseAnswer(answer.body, answer.contentType) as T;
  }
}

function parseAnswer(body: Buffer, contentType: string): unknown {
  const text = body.toString('utf8');
  if (!contentType.includes('json')) return text;
  try {
    return JSON.parse(text);
  } catch {
    throw new KubeApiError(0, 'TransportFailure', 'the server sent an answer that is not JSON');
  }
}
