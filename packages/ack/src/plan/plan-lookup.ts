// What a plan reads of the cluster: the API server, and before it the objects that are planned together. What one of them
// will only have once it is made stands as a text that says so.
import { jsonEqual } from '@pergola/kernel';
import { type KubeClient, type KubeResource, type ObjectRef, resourceTypes } from '@pergola/kube-client';
import type { ReferenceField } from '../kind/kind.ts';
import { roleSelectors } from '../runtime/cluster/custom-types.ts';
import type { Lookup } from '../runtime/cluster/lookup.ts';
import { hasCondition } from '../runtime/conditions.ts';
import { valueAt } from '../runtime/json-path.ts';
import { conditionTypes } from '../runtime/names.ts';

export interface PlanLookupOptions {
  /** Absent: only what is planned together is known. */
  readonly client: KubeClient | undefined;
  readonly objects: readonly KubeResource[];
  /** Of objects that name none. */
  readonly namespace: string;
  readonly systemNamespace: string;
}

export class PlanLookup implements Lookup {
  readonly #options: PlanLookupOptions;
  #selectors: Promise<readonly KubeResource[]> | undefined;

  constructor(options: PlanLookupOptions) {
    this.#options = options;
  }

  async namespace(name: string): Promise<KubeResource | undefined> {
    return (
      this.#planned('Namespace', { name }) ?? this.#options.client?.find(resourceTypes.namespaces, { name })
    );
  }

  async configMap(name: string): Promise<KubeResource | undefined> {
    const ref = { name, namespace: this.#options.systemNamespace };
    return this.#planned('ConfigMap', ref) ?? this.#options.client?.find(resourceTypes.configmaps, ref);
  }

  roleSelectors(): Promise<readonly KubeResource[]> {
    this.#selectors ??= this.#listSelectors();
    return this.#selectors;
  }

  async secret(ref: ObjectRef): Promise<KubeResource | undefined> {
    const planned = this.#planned('Secret', ref);
    const live = await this.#options.client?.find(resourceTypes.secrets, ref);
    if (planned === undefined) return live;
    const texts: Readonly<Record<string, string>> = planned['stringData'] ?? {};
    const encoded = Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
    const data = { ...planned['data'], ...Object.fromEntries(encoded) };
    // Applied again as it is, a Secret stays the version that it is.
    if (live !== undefined && jsonEqual({ ...live['data'], ...data }, live['data'])) return live;
    return { ...planned, data };
  }

  async target(field: ReferenceField, ref: ObjectRef): Promise<KubeResource | undefined> {
    const { group, kind, plural } = field.target;
    const planned = this.#planned(kind, ref, group);
    const type = { group, version: 'v1alpha1', plural, kind, namespaced: true };
    const live = await this.#options.client?.find(type, ref);
    if (planned === undefined) return live;
    if (live !== undefined && hasCondition(live['status'], conditionTypes.synced)) return live;
    const known = field.targetPath.startsWith('spec.') ? valueAt(planned, field.targetPath) : undefined;
    return inSync(field.targetPath, known ?? `(known when ${kind} ${ref.name} is made)`);
  }

  /** One of the objects that are planned together. */
  #planned(kind: string, ref: ObjectRef, group = ''): KubeResource | undefined {
    return this.#options.objects.find(
      (object) =>
        object.kind === kind &&
        groupOf(object) === group &&
        object.metadata.name === ref.name &&
        (ref.namespace === undefined ||
          (object.metadata.namespace ?? this.#options.namespace) === ref.namespace),
    );
  }

  async #listSelectors(): Promise<readonly KubeResource[]> {
    try {
      return (await this.#options.client?.list(roleSelectors))?.items ?? [];
    } catch {
      // A cluster without the definition has none; one that may not be read is planned for as if it had none.
      return [];
    }
  }
}

export function groupOf({ apiVersion = '' }: KubeResource): string {
  return apiVersion.includes('/') ? (apiVersion.split('/', 1)[0] ?? '') : '';
}

/** An object that is in sync and has `value` at `path`. */
function inSync(path: string, value: unknown): KubeResource {
  const [root = '', ...names] = path.split('.');
  const nested = names.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
  const condition = { type: conditionTypes.synced, status: 'True' };
  const parts = root === 'status' ? {} : { [root]: nested };
  const status = root === 'status' && typeof nested === 'object' ? { ...nested } : {};
  return { metadata: { name: '' }, ...parts, status: { ...status, conditions: [condition] } };
}
