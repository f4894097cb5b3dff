// The client's door: REST, patch, watch and raw streams against any Kubernetes API server.
import type { Duplex } from 'node:stream';
import type { Clock, Random } from '@pergola/kernel';

/** Any object as the API returns it. Callers narrow it to the kinds they know. */
export interface KubeResource {
  apiVersion?: string;
  kind?: string;
  metadata: {
    name: string;
    namespace?: string;
    generateName?: string;
    uid?: string;
    resourceVersion?: string;
    generation?: number;
    creationTimestamp?: string;
    deletionTimestamp?: string;
    deletionGracePeriodSeconds?: number;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    finalizers?: string[];
    ownerReferences?: OwnerReference[];
    [field: string]: unknown;
  };
  // oxlint-disable-next-line typescript/no-explicit-any -- an open object: the kinds are the caller's knowledge.
  [field: string]: any;
}

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

export interface KubeList<T = KubeResource> {
  apiVersion: string;
  kind: string;
  metadata: { resourceVersion?: string; continue?: string };
  items: T[];
}

/** A resource by its REST names: `{group: 'apps', version: 'v1', plural: 'deployments'}`; group '' is core. */
export interface ResourceType {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

export interface ObjectRef {
  readonly name: string;
  readonly namespace?: string | undefined;
}

export type PatchKind = 'json' | 'merge' | 'strategic' | 'apply';

export interface ListQuery {
  readonly namespace?: string | undefined;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly resourceVersion?: string;
}

export interface WatchQuery extends ListQuery {
  readonly resourceVersion: string;
  /** WatchList: the current objects come first, then a BOOKMARK with the annotation `k8s.io/initial-events-end`. */
  readonly sendInitialEvents?: boolean;
  /** How long the server keeps the connection open. Default: 5 to 10 minutes, drawn for each watch. */
  readonly timeoutSeconds?: number;
}

export interface WatchEvent<T = KubeResource> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: T;
}

/** A Status answer of the API server (or a transport failure, with `code` 0). */
export class KubeApiError extends Error {
  override readonly name = 'KubeApiError';
  readonly code: number;
  readonly reason: string;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: number, reason: string, message: string, details?: Readonly<Record<string, unknown>>) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }
}

export interface KubeClient extends AsyncDisposable {
  get<T extends KubeResource = KubeResource>(type: ResourceType, ref: ObjectRef): Promise<T>;
  /** `undefined` instead of a 404. */
  find<T extends KubeResource = KubeResource>(type: ResourceType, ref: ObjectRef): Promise<T | undefined>;
  /** The whole list, following `continue`. */
  list<T extends KubeResource = KubeResource>(type: ResourceType, query?: ListQuery): Promise<KubeList<T>>;
  create<T extends KubeResource = KubeResource>(
    type: ResourceType,
    object: T,
    subresource?: string,
  ): Promise<T>;
  /** PUT; conflicts (409) are the caller's to retry. */
  update<T extends KubeResource = KubeResource>(
    type: ResourceType,
    object: T,
    subresource?: string,
  ): Promise<T>;
  patch<T extends KubeResource = KubeResource>(
    type: ResourceType,
    ref: ObjectRef,
    patch: {
      readonly kind: PatchKind;
      readonly body: unknown;
      readonly subresource?: string;
      readonly fieldManager?: string;
      readonly force?: boolean;
    },
  ): Promise<T>;
  delete(
    type: ResourceType,
    ref: ObjectRef,
    options?: {
      readonly gracePeriodSeconds?: number;
      readonly propagationPolicy?: 'Foreground' | 'Background' | 'Orphan';
      readonly uid?: string;
    },
  ): Promise<void>;
  /** One watch connection, until the server closes it or the signal aborts. Throws KubeApiError(410) when expired. */
  watch<T extends KubeResource = KubeResource>(
    type: ResourceType,
    query: WatchQuery,
    signal: AbortSignal,
  ): AsyncIterable<WatchEvent<T>>;
  /** A request to any path, JSON in and out. */
  raw(method: string, path: string, body?: unknown): Promise<unknown>;
  /** GET of any path as a byte stream (logs). */
  stream(path: string, signal?: AbortSignal): Promise<NodeJS.ReadableStream>;
  /**
   * Opens a WebSocket (exec, attach, port-forward) with the given subprotocols. On the socket one chunk read
   * is one message, and one chunk written becomes one binary message.
   */
  upgrade(
    path: string,
    protocols: readonly string[],
  ): Promise<{ readonly protocol: string; readonly socket: Duplex }>;
}

export interface ClientOptions {
  /** https://host:port (http too, for a local proxy); a path after the port is kept as a prefix. */
  readonly server: string;
  /** PEM of the CA that signed the server's certificate. */
  readonly ca?: string;
  readonly token?: string | (() => Promise<string>);
  /** Sent as User-Agent; its part before `/` is the field manager. */
  readonly userAgent: string;
  /** Writes a second, across the client; reads are not limited. Default 0: no limit. */
  readonly writesPerSecond?: number;
  /** PEMs of a client certificate and its key. */
  readonly certificate?: { readonly cert: string; readonly key: string };
  /** The name that the server's certificate must carry, when it is not the host of `server`. */
  readonly serverName?: string;
  /** Accepts any server certificate. Only because a kubeconfig may say so. */
  readonly insecure?: boolean;
  /** Default: the system clock and random source. */
  readonly clock?: Clock;
  readonly random?: Random;
}
