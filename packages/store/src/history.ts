// The remembered changes and the watches on them.
import type { Change } from './entry.ts';
import { CompactedError, type StopWatch } from './store.ts';

interface Watch {
  readonly prefix: string;
  /** A read may have seen a commit that is not yet published; its changes are not delivered again. */
  readonly after: number;
  readonly onChanges: (changes: readonly Change[]) => void;
}

/** A ring of the last changes, and delivery of new ones to watches, in commit order. */
export class History {
  #changes: Change[] = [];
  #oldest: number;
  readonly #limit: number;
  readonly #watches = new Set<Watch>();

  /** Remembers changes after `revision`, at most `limit` of them. */
  constructor(revision: number, limit: number) {
    this.#oldest = revision;
    this.#limit = limit;
  }

  /** Every change after this revision is remembered. */
  get oldest(): number {
    return this.#oldest;
  }

  /** Adds one commit's changes and delivers them. */
  append(changes: readonly Change[]): void {
    this.#changes.push(...changes);
    if (this.#changes.length > this.#limit * 2) this.#forget();
    for (const watch of this.#watches) deliver(watch, changes);
  }

  watch(prefix: string, after: number, onChanges: (changes: readonly Change[]) => void): StopWatch {
    if (after < this.#oldest) throw new CompactedError(after, this.#oldest);
    const watch: Watch = { prefix, after, onChanges };
    deliver(watch, this.#changes.slice(this.#indexAfter(after)));
    this.#watches.add(watch);
    return () => this.#watches.delete(watch);
  }

  #indexAfter(revision: number): number {
    let low = 0;
    let high = this.#changes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#changes[middle]?.revision ?? 0) <= revision) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Drops the older half at a commit's border, so that appending stays cheap. */
  #forget(): void {
    const border = this.#changes[this.#changes.length - this.#limit]?.revision ?? 0;
    const from = this.#indexAfter(border);
    this.#oldest = border;
    this.#changes = this.#changes.slice(from);
  }
}

function deliver(watch: Watch, changes: readonly Change[]): void {
  const wanted = changes.filter(
    (change) => change.revision > watch.after && change.key.startsWith(watch.prefix),
  );
  if (wanted.length > 0) watch.onChanges(wanted);
}
