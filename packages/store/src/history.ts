// The remembered changes and the watches on them.
import type { Change } from './entry.ts';
import { CompactedError, type StopWatch } from './store.ts';

interface Watch {
  readonly prefix: string;
  /** A read may have seen a commit that is not yet published; its changes are not delivered again. */
  readonly after: number;
  readonly onChanges: (changes: readonly Change[]) => void;
}

/** What the remembered changes may hold together: few large values weigh as much as many small ones. */
const CHARS_MAX = 64 * 1024 * 1024;

/** A ring of the last changes, and delivery of new ones to watches, in commit order. */
export class History {
  #changes: Change[] = [];
  #chars = 0;
  #oldest: number;
  readonly #limit: number;
  readonly #charsMax: number;
  readonly #watches = new Set<Watch>();

  /** Remembers changes after `revision`: at least `limit` of them, unless their values are longer than `charsMax`. */
  constructor(revision: number, limit: number, charsMax = CHARS_MAX) {
    this.#oldest = revision;
    this.#limit = limit;
    this.#charsMax = charsMax;
  }

  /** Every change after this revision is remembered. */
  get oldest(): number {
    return this.#oldest;
  }

  /** Adds one commit's changes and delivers them. */
  append(changes: readonly Change[]): void {
    for (const change of changes) {
      this.#changes.push(change);
      this.#chars += charsOf(change);
    }
    if (this.#changes.length > this.#limit * 2 || this.#chars > this.#charsMax) this.#forget();
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

  /** Drops at least the older half, in number or in length, at a commit's border, so that appending stays cheap. */
  #forget(): void {
    let first = this.#changes.length;
    let chars = 0;
    while (first > 0 && this.#changes.length - first < this.#limit) {
      chars += charsOf(this.#changes[first - 1]);
      if (chars > this.#charsMax / 2) break;
      first--;
    }
    const border = this.#changes[first - 1]?.revision ?? this.#oldest;
    const from = this.#indexAfter(border);
    this.#oldest = border;
    this.#changes = this.#changes.slice(from);
    this.#chars = this.#changes.reduce((sum, change) => sum + charsOf(change), 0);
  }
}

function charsOf(change: Change | undefined): number {
  return (change?.entry?.value.length ?? 0) + (change?.previous?.value.length ?? 0);
}

function deliver(watch: Watch, changes: readonly Change[]): void {
  const wanted = changes.filter(
    (change) => change.revision > watch.after && change.key.startsWith(watch.prefix),
  );
  if (wanted.length > 0) watch.onChanges(wanted);
}
