// The API server starts before the kubelet, and both must know the other. This is the seam: the API server
// dials through it, and waits until the kubelet has arrived.
import type { Duplex } from 'node:stream';

/** How pods are kept apart on this machine, and why so. */
export interface Isolation {
  readonly kind: string;
  readonly reason: string;
}

interface Dialable {
  dial(): Promise<Duplex>;
}

export class LateKubelet {
  readonly #arrived: Promise<Dialable>;
  #resolve: (kubelet: Dialable) => void = () => {};

  constructor() {
    this.#arrived = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  arrive(kubelet: Dialable): void {
    this.#resolve(kubelet);
  }

  async dial(): Promise<Duplex> {
    return (await this.#arrived).dial();
  }
}
