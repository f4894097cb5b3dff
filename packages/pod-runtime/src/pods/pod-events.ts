// Events about pods, as the kubelet emits them. The same event again raises the count of the first.
import { type Clock, LruMap, type Logger } from '@pergola/kernel';
import { hasCode, type KubeClient, type KubeResource, type ResourceType } from '@pergola/kube-client';
import { kubeTime, type Pod } from '../pod.ts';

const eventType: ResourceType = {
  group: '',
  version: 'v1',
  plural: 'events',
  kind: 'Event',
  namespaced: true,
};

export interface EventText {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** `spec.containers{main}` when it is about one container. */
  readonly fieldPath?: string | undefined;
}

interface Known {
  readonly name: string;
  count: number;
}

export class PodEvents {
  readonly #client: KubeClient;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #host: string;
  readonly #known = new LruMap<string, Known>(2048);
  #queue: Promise<void> = Promise.resolve();
  #waiting = 0;
  #lastNanoseconds = 0n;

  constructor(from: { client: KubeClient; clock: Clock; logger: Logger; host: string }) {
    this.#client = from.client;
    this.#clock = from.clock;
    this.#logger = from.logger;
    this.#host = from.host;
  }

  /** Sends in order, in the background. An event that the server refuses is logged and forgotten. */
  emit(pod: Pod, text: EventText): void {
    if (this.#waiting > 1000) return; // NOTE: a server that does not answer must not fill our memory.
    this.#waiting++;
    const { namespace, name } = pod.metadata;
    this.#logger.info(
      { pod: `${namespace}/${name}`, reason: text.reason, event: text.message },
      'Event occurred',
    );
    const nowMs = this.#clock.nowMs();
    this.#queue = this.#queue
      .then(() => this.#send(pod, text, nowMs))
      .catch((error: unknown) =>
        this.#logger.debug(
          { pod: pod.metadata.name, reason: text.reason, error: String(error) },
          'an event was refused',
        ),
      )
      .finally(() => {
        this.#waiting--;
      });
  }

  /** Resolves when everything emitted so far was sent. */
  async flush(): Promise<void> {
    await this.#queue;
  }

  async #send(pod: Pod, text: EventText, nowMs: number): Promise<void> {
    const now = kubeTime(nowMs);
    const namespace = pod.metadata.namespace ?? 'default';
    const key = JSON.stringify([pod.metadata.uid, text]);
    const known = this.#known.get(key);
    if (known) {
      known.count++;
      const body = { count: known.count, lastTimestamp: now };
      try {
        await this.#client.patch(eventType, { namespace, name: known.name }, { kind: 'merge', body });
        return;
      } catch (error) {
        if (!hasCode(error, 404)) throw error; // Somebody deleted it: it begins again.
      }
    }
    const name = `${pod.metadata.name}.${this.#nextTime(nowMs)}`;
    this.#known.set(key, { name, count: 1 });
    await this.#client.create(eventType, this.#event(pod, text, { name, namespace, now }));
  }

  /** Nanoseconds in hex, as client-go names events: clients list them by name and so in their order. */
  #nextTime(nowMs: number): string {
    const now = BigInt(Math.trunc(nowMs)) * 1_000_000n;
    this.#lastNanoseconds = now > this.#lastNanoseconds ? now : this.#lastNanoseconds + 1n;
    return this.#lastNanoseconds.toString(16);
  }

  #event(pod: Pod, text: EventText, at: { name: string; namespace: string; now: string }): KubeResource {
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: at.name, namespace: at.namespace },
      involvedObject: {
        apiVersion: 'v1',
        kind: 'Pod',
        name: pod.metadata.name,
        namespace: at.namespace,
        uid: pod.metadata.uid,
        resourceVersion: pod.metadata.resourceVersion,
        ...(text.fieldPath ? { fieldPath: text.fieldPath } : {}),
      },
      type: text.type,
      reason: text.reason,
      message: text.message.slice(0, 1024),
      count: 1,
      firstTimestamp: at.now,
      lastTimestamp: at.now,
      source: { component: 'kubelet', host: this.#host },
      reportingComponent: 'kubelet',
      reportingInstance: this.#host,
    };
  }
}
