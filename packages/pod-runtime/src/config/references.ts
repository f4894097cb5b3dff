// Reads the ConfigMaps and Secrets that pods name. One reader per node: answers are shared for a moment so
// that many mounts of one object cost one request.
import type { Clock } from '@pergola/kernel';
import { LruMap } from '@pergola/kernel';
import { type KubeClient, KubeApiError, type KubeResource, type ResourceType } from '@pergola/kube-client';

const configMaps: ResourceType = {
  group: '',
  version: 'v1',
  plural: 'configmaps',
  kind: 'ConfigMap',
  namespaced: true,
};
const secrets: ResourceType = {
  group: '',
  version: 'v1',
  plural: 'secrets',
  kind: 'Secret',
  namespaced: true,
};

const shareMs = 500;

/** The data of one object, decoded; undefined when there is no such object. */
export type ReferencedData = ReadonlyMap<string, Buffer> | undefined;

export type ReferenceKind = 'configmap' | 'secret';

/** A container cannot be configured now. The message is the kubelet's. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export class ReferenceReader {
  readonly #client: KubeClient;
  readonly #clock: Clock;
  readonly #recent = new LruMap<string, { readonly atMs: number; readonly data: Promise<ReferencedData> }>(
    256,
  );

  constructor(client: KubeClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  /** The object's data. Throws ConfigError when the server refuses to tell. */
  read(kind: ReferenceKind, namespace: string, name: string): Promise<ReferencedData> {
    const key = `${kind}/${namespace}/${name}`;
    const known = this.#recent.get(key);
    if (known && this.#clock.nowMs() - known.atMs < shareMs) return known.data;
    const data = this.#fetch(kind, namespace, name);
    this.#recent.set(key, { atMs: this.#clock.nowMs(), data });
    data.catch(() => this.#recent.delete(key));
    return data;
  }

  async #fetch(kind: ReferenceKind, namespace: string, name: string): Promise<ReferencedData> {
    try {
      const object = await this.#client.find(kind === 'configmap' ? configMaps : secrets, {
        namespace,
        name,
      });
      return object && (kind === 'configmap' ? configMapData(object) : secretData(object));
    } catch (error) {
      if (error instanceof KubeApiError) throw new ConfigError(error.message, { cause: error });
      throw error;
    }
  }
}

function configMapData(object: KubeResource): ReferencedData {
  const text = Object.entries((object['data'] ?? {}) as Record<string, string>);
  const binary = Object.entries((object['binaryData'] ?? {}) as Record<string, string>);
  return new Map([
    ...text.map(([key, value]) => [key, Buffer.from(value)] as const),
    ...binary.map(([key, value]) => [key, Buffer.from(value, 'base64')] as const),
  ]);
}

function secretData(object: KubeResource): ReferencedData {
  const entries = Object.entries((object['data'] ?? {}) as Record<string, string>);
  return new Map(entries.map(([key, value]) => [key, Buffer.from(value, 'base64')]));
}
