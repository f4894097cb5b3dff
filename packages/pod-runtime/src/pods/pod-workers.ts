// From the informer to workers: one worker per pod uid; a pod that comes back under the same name waits
// until the former one has left.
import type { Informer } from '@pergola/kube-client';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { PodAddresses } from '../node/pod-addresses.ts';
import type { Pod } from '../pod.ts';
import { podKey } from '../pod.ts';
import type { NodeContext } from './pod-context.ts';
import { PodWorker } from './pod-worker.ts';

export class PodWorkers {
  readonly #node: NodeContext;
  readonly #addresses: PodAddresses;
  readonly #workers = new Map<string, PodWorker>();
  #closed = false;

  constructor(node: NodeContext, addresses: PodAddresses) {
    this.#node = node;
    this.#addresses = addresses;
  }

  /** Follows the informer's pods. */
  follow(informer: Informer<Pod>): void {
    informer.onAdd((pod) => this.#set(pod));
    informer.onUpdate((previous, pod) => {
      // Deleted and made again between two looks.
      if (previous.metadata.uid !== pod.metadata.uid)
        this.#workers.get(previous.metadata.uid ?? '')?.remove();
      this.#set(pod);
    });
    informer.onDelete((pod) => this.#workers.get(pod.metadata.uid ?? '')?.remove());
  }

  /** The worker of `<namespace>/<name>`. */
  find(namespace: string, name: string): PodWorker | undefined {
    let found: PodWorker | undefined;
    for (const worker of this.#workers.values()) if (worker.key === `${namespace}/${name}`) found = worker;
    return found;
  }

  /** Removes what pods left behind that no longer exist. */
  sweep(pods: readonly Pod[]): void {
    const uids = new Set(pods.map((pod) => pod.metadata.uid));
    const logs = join(this.#node.logRoot, 'pods');
    for (const uid of list(this.#node.podRoot))
      if (!uids.has(uid)) rmSync(join(this.#node.podRoot, uid), { recursive: true, force: true });
    for (const name of list(logs)) {
      if (!uids.has(name.slice(name.lastIndexOf('_') + 1)))
        rmSync(join(logs, name), { recursive: true, force: true });
    }
  }

  /** Ends all processes; the pods stay on the server. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#workers.values()].map((worker) => worker.abandon()));
  }

  #set(pod: Pod): void {
    const uid = pod.metadata.uid ?? '';
    const known = this.#workers.get(uid);
    if (known) {
      known.update(pod);
      return;
    }
    if (this.#closed) return;
    const former = this.find(pod.metadata.namespace ?? 'default', pod.metadata.name);
    if (former) {
      former.remove();
      void former.done.then(() => this.#set(pod));
      return;
    }
    const address =
      pod.spec['hostNetwork'] === true ? this.#node.hostIp : this.#addresses.take(uid, pod.status?.podIP);
    const worker = new PodWorker(pod, this.#node, address);
    this.#workers.set(uid, worker);
    this.#node.logger.debug({ pod: podKey(pod), uid }, 'a pod came');
    const forget = () => {
      this.#workers.delete(uid);
      this.#addresses.release(uid);
    };
    void worker.done.then(forget);
  }
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return []; // It does not exist yet.
  }
}
