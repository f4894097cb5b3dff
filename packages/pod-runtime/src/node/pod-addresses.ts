// One loopback address per pod: 127.x.y.z works on Linux without any set-up and without root.

import { createHash } from 'node:crypto';

const first = (127 << 24) | (64 << 16) | 2;
const count = 1 << 16;

export class PodAddresses {
  readonly #taken = new Map<string, string>();
  readonly #single: boolean;
  #next: number;

  /**
   * With `single`, as on machines whose loopback has one address, every pod gets 127.0.0.1. Nodes on one machine share its
   * loopback: `node`, a text that tells them apart, makes each begin elsewhere.
   */
  constructor(single: boolean, node = '') {
    this.#single = single;
    this.#next = createHash('sha256').update(node).digest().readUInt16BE();
  }

  /** An address for the pod; `wanted` is kept when nobody has it. */
  take(uid: string, wanted: string | undefined): string {
    if (this.#single) return '127.0.0.1';
    if (wanted?.startsWith('127.') && wanted !== '127.0.0.1' && !this.#taken.has(wanted))
      return this.#give(uid, wanted);
    for (let tries = 0; tries < count; tries++) {
      const number = (first + (this.#next++ % count)) >>> 0;
      const address = [number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255].join('.');
      const last = number & 255;
      if (last !== 0 && last !== 255 && !this.#taken.has(address)) return this.#give(uid, address);
    }
    throw new Error('no pod address is left');
  }

  release(uid: string): void {
    for (const [address, owner] of this.#taken) if (owner === uid) this.#taken.delete(address);
  }

  #give(uid: string, address: string): string {
    this.#taken.set(address, uid);
    return address;
  }
}
