// How fast one service in one region is called: a token bucket whose rate halves when AWS throttles and grows back.
import type { Clock } from '@pergola/kernel';

const rateMin = 0.5;
/** Calls a second that each success gives back. */
const growth = 0.5;

export class CallPace {
  readonly #clock: Clock;
  readonly #rateMax: number;
  #rate: number;
  /** The instant at which the bucket would be full again, less its size. */
  #readyMs: number;
  #halvedMs = Number.NEGATIVE_INFINITY;

  /** `rateMax` calls a second at most, and as many at once when there were none for a while. */
  constructor(clock: Clock, rateMax: number) {
    this.#clock = clock;
    this.#rateMax = rateMax;
    this.#rate = rateMax;
    this.#readyMs = Number.NEGATIVE_INFINITY;
  }

  /** Calls a second that are allowed now. */
  get rate(): number {
    return this.#rate;
  }

  /** Resolves when one more call may be made. */
  async take(): Promise<void> {
    const nowMs = this.#clock.monotonicMs();
    const intervalMs = 1000 / this.#rate;
    this.#readyMs = Math.max(this.#readyMs, nowMs - this.#rateMax * intervalMs) + intervalMs;
    if (this.#readyMs > nowMs) await this.#clock.sleep(this.#readyMs - nowMs);
  }

  succeeded(): void {
    this.#rate = Math.min(this.#rateMax, this.#rate + growth);
  }

  /** Halves the rate, once a second: calls that were under way together are refused together. */
  throttled(): void {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#halvedMs < 1000) return;
    this.#halvedMs = nowMs;
    this.#rate = Math.max(rateMin, this.#rate / 2);
    // What was saved up is spent: whoever comes next waits.
    this.#readyMs = Math.max(this.#readyMs, nowMs);
  }
}
