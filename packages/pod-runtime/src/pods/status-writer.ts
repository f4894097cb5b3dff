// Writes one pod's status: one request at a time, always the newest, only what changed.
import { jsonEqual, type Logger } from '@pergola/kernel';
import { KubeApiError, type KubeClient, type ResourceType } from '@pergola/kube-client';
import type { Clock } from '@pergola/kernel';
import type { Pod, PodStatus } from '../pod.ts';

export const podType: ResourceType = {
  group: '',
  version: 'v1',
  plural: 'pods',
  kind: 'Pod',
  namespaced: true,
};

export class StatusWriter {
  readonly #client: KubeClient;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #pod: Pod;
  #written: PodStatus | undefined;
  #next: PodStatus | undefined;
  #writing: Promise<void> | undefined;
  #gone = false;

  constructor(pod: Pod, from: { client: KubeClient; clock: Clock; logger: Logger }) {
    this.#pod = pod;
    this.#client = from.client;
    this.#clock = from.clock;
    this.#logger = from.logger;
  }

  /** Notes the newest status; a write starts unless one is under way. */
  set(status: PodStatus): void {
    if (this.#gone || jsonEqual(status, this.#next ?? this.#written)) return;
    this.#next = status;
    this.#writing ??= this.#drain().finally(() => {
      this.#writing = undefined;
    });
  }

  /** Resolves when the newest status is written, or cannot be. */
  async flush(): Promise<void> {
    await this.#writing;
  }

  /** The object is gone: nothing more is written. */
  stop(): void {
    this.#gone = true;
  }

  async #drain(): Promise<void> {
    let delayMs = 200;
    // Gather what happens in the same turn into one write.
    await Promise.resolve();
    while (this.#next && !this.#gone) {
      const status = this.#next;
      this.#next = undefined;
      const outcome = await this.#write(status);
      if (outcome === 'gone') return;
      if (outcome === 'written') {
        this.#written = status;
        delayMs = 200;
        continue;
      }
      this.#next ??= status;
      await this.#clock.sleep(delayMs);
      delayMs = Math.min(delayMs * 2, 10_000);
    }
  }

  async #write(status: PodStatus): Promise<'written' | 'gone' | 'failed'> {
    const { name, namespace, uid } = this.#pod.metadata;
    // The uid keeps us from writing to a pod of the same name that came later.
    const body = { metadata: { uid }, status };
    try {
      await this.#client.patch(podType, { name, namespace }, { kind: 'merge', body, subresource: 'status' });
      return 'written';
    } catch (error) {
      const gone =
        error instanceof KubeApiError && (error.code === 404 || error.code === 409 || error.code === 422);
      this.#logger.debug({ pod: name, error: String(error) }, 'a pod status was not written');
      if (gone) this.#gone = true;
      return gone ? 'gone' : 'failed';
    }
  }
}
