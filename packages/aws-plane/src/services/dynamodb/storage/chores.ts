// Work in the background: forgetting the data of deleted tables, filling new indexes, letting items expire, trimming
// streams. All of it is found again after a restart, and done in small transactions between those of the calls.
import type { PlaneContext } from '../../../plane-context.ts';

/** Runs one chore after the other until the plane ends. */
export class Chores {
  readonly #plane: PlaneContext;
  readonly #stop = new AbortController();
  #tail: Promise<void> = Promise.resolve();

  constructor(plane: PlaneContext) {
    this.#plane = plane;
  }

  get stopping(): AbortSignal {
    return this.#stop.signal;
  }

  /** Queues `work`; what it throws is logged. Resolves when it is done. */
  run(what: string, work: () => Promise<void>): Promise<void> {
    const done = this.#next(this.#tail, what, work);
    this.#tail = done;
    return done;
  }

  async #next(before: Promise<void>, what: string, work: () => Promise<void>): Promise<void> {
    await before;
    if (this.#stop.signal.aborted) return;
    try {
      await work();
    } catch (error) {
      this.#plane.logger.error({ error }, `could not ${what}`);
    }
  }

  /** Runs `work` every `periodMs`. */
  repeat(what: string, periodMs: number, work: () => Promise<void>): void {
    const { clock } = this.#plane;
    const again = () => {
      if (this.#stop.signal.aborted) return;
      clock.after(periodMs, () => void this.run(what, work).then(again));
    };
    again();
  }

  /** Ends with the chore under way. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#tail;
  }
}
