// Who reads files that upkeep wants to remove. A file goes when all who might have known of it have ended.

/** Ends a lease. Idempotent. */
export type EndLease = () => void;

export class Leases {
  readonly #active = new Set<number>();
  readonly #condemned: { readonly after: number; readonly remove: () => void }[] = [];
  #last = 0;

  /** From now until its end, no file that counted now is removed. */
  begin(): EndLease {
    const lease = ++this.#last;
    this.#active.add(lease);
    return () => {
      if (this.#active.delete(lease)) this.#sweep();
    };
  }

  /** Calls `remove` when every lease that has begun by now has ended: at once, when there is none. */
  condemn(remove: () => void): void {
    this.#condemned.push({ after: this.#last, remove });
    this.#sweep();
  }

  #sweep(): void {
    // A set keeps the order of insertion, so its first member is the oldest lease.
    const [oldest = Number.POSITIVE_INFINITY] = this.#active;
    while (this.#condemned[0] && this.#condemned[0].after < oldest) this.#condemned.shift()?.remove();
  }
}
