// What the controller remembers of a resource between reconciliations. Losing it costs a call more, never correctness.
import { createHmac } from 'node:crypto';
import { LruMap, type Random } from '@pergola/kernel';

const writesMax = 4096;

export interface Remembered {
  /** In a row; the pauses between tries grow with it. */
  failures: number;
  /** The generation that AWS had when the resource was last in sync. */
  appliedGeneration: number | undefined;
  /** It is being deleted to be made anew: that it is gone from AWS is meant. */
  isReplaced: boolean;
  /** When its deletion was last asked for, in monotonic milliseconds. */
  removedAtMs: number | undefined;
  /** Since when AWS has been at work on it, in monotonic milliseconds. */
  waitingSinceMs: number | undefined;
  /** Text of the last Event about what goes wrong, so that it is not said again and again. */
  lastWarning: string | undefined;
  /** The status that was last sent and what the API server kept of it, where that was less. */
  sentStatus: { readonly wish: string; readonly stored: unknown } | undefined;
  readonly secretDigests: Map<string, string>;
}

export class Memory {
  readonly #secretKey: Buffer;
  readonly #resources = new Map<string, Remembered>();
  /** Versions that this controller itself wrote, whose echoes need no reconciliation. */
  readonly #ownVersions = new LruMap<string, true>(writesMax);
  /** By key, the version that was written and has not been seen in the watch. */
  readonly #awaited = new Map<string, string>();

  constructor(random: Random) {
    this.#secretKey = random.bytes(32);
  }

  of(key: string): Remembered {
    const known = this.#resources.get(key);
    if (known) return known;
    const fresh: Remembered = {
      failures: 0,
      appliedGeneration: undefined,
      isReplaced: false,
      removedAtMs: undefined,
      waitingSinceMs: undefined,
      lastWarning: undefined,
      sentStatus: undefined,
      secretDigests: new Map(),
    };
    this.#resources.set(key, fresh);
    return fresh;
  }

  forget(key: string): void {
    this.#resources.delete(key);
    this.#awaited.delete(key);
  }

  /** A digest that means nothing outside of this process. */
  digest(text: string): string {
    return createHmac('sha256', this.#secretKey).update(text).digest('base64');
  }

  /** `isSeen`: nothing of anybody else came with it, so that its echo says nothing new. */
  wrote(key: string, resourceVersion: string | undefined, isSeen: boolean): void {
    if (resourceVersion === undefined) return;
    if (isSeen) this.#ownVersions.set(`${key}@${resourceVersion}`, true);
    this.#awaited.set(key, resourceVersion);
  }

  saw(key: string, resourceVersion: string | undefined): void {
    if (this.#awaited.get(key) === resourceVersion) this.#awaited.delete(key);
  }

  caughtUp(key: string): void {
    this.#awaited.delete(key);
  }

  isOwnWrite(key: string, resourceVersion: string | undefined): boolean {
    return this.#ownVersions.get(`${key}@${resourceVersion ?? ''}`) === true;
  }

  /** The watch lags behind what was written: the object must be asked for. */
  isBehind(key: string): boolean {
    return this.#awaited.has(key);
  }
}
