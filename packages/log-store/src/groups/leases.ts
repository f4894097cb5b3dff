// Who reads files that upkeep wants to remove. A file goes when all who might have known of it have ended.

/** Ends a lease. Idempotent. */
export type EndLease = () => void;

export class Leases {
  readonly #active = new Set<number>();
  readonly #condemned: { readonly after: number; readonly remove: () => Promise<void> }[] = [];
  readonly #removing = new Set<Promise<void>>();
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
  condemn(remove: () => Promise<void>): void {
    this.#condemned.push({ after: this.#last, remove });
    this.#sweep();
  }

  /** Resolves when the removals that are under way have ended. */
  async settled(): Promise<void> {
    await Promise.all(this.#removing);
  }

  #sweep(): void {
    // A set keeps the order of insertion, so its first member is the oldest lease.
    const [oldest = Number.POSITIVE_INFINITY] = this.#active;
    while (this.#condemned[0] && this.#condemned[0].after < oldest) {
      const { remove } = this.#condemned.shift() ?? { remove: () => Promise.resolve() };
      // A file that stays behind is found at the next start.
      const removing = remove()
        .catch(() => undefined)
        .finally(() => this.#removing.delete(removing));
      this.#removing.add(removing);
    }
  }
}
