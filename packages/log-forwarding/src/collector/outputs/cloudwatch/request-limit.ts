// How many requests are under way at once: fewer each time AWS asks for less, one more after that many successes.

const decreaseEveryMs = 1_000;

export class RequestLimit {
  readonly #max: number;
  #limit: number;
  #decreasedMs = Number.NEGATIVE_INFINITY;

  constructor(max: number) {
    this.#max = max;
    this.#limit = max;
  }

  get current(): number {
    return Math.floor(this.#limit);
  }

  succeeded(): void {
    this.#limit = Math.min(this.#max, this.#limit + 1 / this.#limit);
  }

  /** Answers to requests of the same moment count once. */
  throttled(nowMs: number): void {
    if (nowMs - this.#decreasedMs < decreaseEveryMs) return;
    this.#decreasedMs = nowMs;
    this.#limit = Math.max(1, this.#limit / 2);
  }
}
