// What forwarders take from the cluster itself: its name and its id, asked for rarely because they never change.
import type { Clock } from '@pergola/kernel';
import { type KubeClient, resourceTypes } from '@pergola/kube-client';
import { customResources } from '../custom-resources.ts';

const keptMs = 300_000;

export class ClusterFacts {
  readonly #client: KubeClient;
  readonly #clock: Clock;
  #name: { readonly value: string; readonly atMs: number } | undefined;
  #id: { readonly value: string; readonly atMs: number } | undefined;

  constructor(client: KubeClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  /**
   * `status.infrastructureName` of OpenShift's Infrastructure, or why there is none: the cluster is no OpenShift. Throws
   * when it could not be asked.
   */
  async infrastructureName(): Promise<{ readonly name: string } | { readonly error: string }> {
    if (this.#isFresh(this.#name)) return { name: this.#name.value };
    const object = await this.#client.find(resourceTypes.infrastructures, { name: 'cluster' });
    if (!object) return { error: 'infrastructures.config.openshift.io "cluster" not found' };
    const name: unknown = object['status']?.infrastructureName;
    if (typeof name !== 'string' || name === '') return { error: 'infrastructureName is empty' };
    this.#name = { value: name, atMs: this.#clock.monotonicMs() };
    return { name };
  }

  /** OpenShift's `clusterID`; elsewhere the uid of the namespace kube-system. */
  async clusterId(): Promise<string> {
    if (this.#isFresh(this.#id)) return this.#id.value;
    const version = await this.#client.find(customResources.clusterVersions, { name: 'version' });
    const id: unknown = version?.['spec']?.clusterID;
    const value = typeof id === 'string' && id !== '' ? id : await this.#namespaceId();
    this.#id = { value, atMs: this.#clock.monotonicMs() };
    return value;
  }

  async #namespaceId(): Promise<string> {
    const namespace = await this.#client.find(resourceTypes.namespaces, { name: 'kube-system' });
    return namespace?.metadata.uid ?? '';
  }

  #isFresh<T extends { readonly atMs: number }>(fact: T | undefined): fact is T {
    return fact !== undefined && this.#clock.monotonicMs() - fact.atMs < keptMs;
  }
}
