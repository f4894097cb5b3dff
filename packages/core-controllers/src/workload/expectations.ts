// What a controller has just done but not yet seen: while something is outstanding it must not act again, or it
// would create twice what its informer shows only once.
import type { Clock } from '@pergola/kernel';

const lifetimeMs = 300_000;

interface Outstanding {
  creations: number;
  readonly deletions: Set<string>;
  readonly sinceMs: number;
}

export class Expectations {
  readonly #clock: Clock;
  readonly #outstanding = new Map<string, Outstanding>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether `key` may act. What was never seen is given up after five minutes. */
  satisfied(key: string): boolean {
    const entry = this.#outstanding.get(key);
    if (!entry) return true;
    const done = entry.creations <= 0 && entry.deletions.size === 0;
    if (!done && this.#clock.monotonicMs() - entry.sinceMs < lifetimeMs) return false;
    this.#outstanding.delete(key);
    return true;
  }

  /** `key` is about to create `creations` objects and to delete those with the uids `deletions`. */
  expect(key: string, creations: number, deletions: readonly string[] = []): void {
    this.#outstanding.set(key, {
      creations,
      deletions: new Set(deletions),
      sinceMs: this.#clock.monotonicMs(),
    });
  }

  /** One creation was seen, or did not happen. */
  created(key: string): void {
    const entry = this.#outstanding.get(key);
    if (entry) entry.creations--;
  }

  /** The deletion of `uid` was seen, or did not happen. */
  deleted(key: string, uid: string): void {
    this.#outstanding.get(key)?.deletions.delete(uid);
  }

  /** The object behind `key` has gone. */
  forget(key: string): void {
    this.#outstanding.delete(key);
  }
}
