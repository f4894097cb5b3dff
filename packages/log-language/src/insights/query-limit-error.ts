// What a query answers when its result would need more memory than a query may have.

/** A query that is right but too large. Thrown by the run's `add` and by the query's `finish`. */
export class QueryLimitError extends Error {
  override readonly name = 'QueryLimitError';
  readonly code = 'QUERY_LIMIT';
}

/** Counts what a run keeps, and ends the query past its bound. */
export class Budget {
  readonly #most: number;
  readonly #what: string;
  #held = 0;

  constructor(most: number, what: string) {
    this.#most = most;
    this.#what = what;
  }

  /** Takes note of `count` more; a negative count gives back. */
  take(count: number): void {
    this.#held += count;
    if (this.#held > this.#most) {
      throw new QueryLimitError(`the query needs more than ${this.#most} ${this.#what}`);
    }
  }
}
