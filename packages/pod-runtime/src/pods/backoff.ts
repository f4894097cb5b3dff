// The kubelet's back-off: the first restart is at once, then 10 s doubling to 5 minutes, measured from the
// end of the container; forgotten after 10 minutes of running.

const initialMs = 10_000;
const maxMs = 300_000;
const forgetMs = 600_000;

export class Backoff {
  #nextMs = 0;

  /** The delay now due, and doubles the next one. `ranMs` is how long the last attempt ran. */
  next(ranMs = 0): number {
    if (ranMs >= forgetMs) this.#nextMs = 0;
    const delayMs = this.#nextMs;
    this.#nextMs = Math.min(delayMs === 0 ? initialMs : delayMs * 2, maxMs);
    return delayMs;
  }

  /** As `next`, but never zero: for image pulls, whose first failure waits already. */
  nextPositive(): number {
    return this.next() || this.next();
  }

  /** Starts from the beginning. */
  reset(): void {
    this.#nextMs = 0;
  }
}
