// A sorted set: members by score, then by bytes. Order is kept in runs of a few hundred, so that inserting moves
// little and a rank is found by adding up the runs before.
import { SlotMap } from './slot-map.ts';

export interface Scored {
  readonly member: string;
  readonly score: number;
}

const RUN = 512;
/** About what an entry takes beside its member. */
const ENTRY_BYTES = 80;

function isBefore(a: Scored, b: Scored): boolean {
  return a.score < b.score || (a.score === b.score && a.member < b.member);
}

export class SortedSet {
  readonly kind = 'zset';
  bytes = 0;
  readonly #entries = new SlotMap<Scored>();
  #runs: Scored[][] = [];

  /** All at once, which is much quicker than one after another. Members are told once each. */
  static from(scores: Iterable<readonly [string, number]>): SortedSet {
    const set = new SortedSet();
    const all: Scored[] = [];
    for (const [member, score] of scores) {
      const entry = { member, score };
      set.#entries.set(member, entry);
      set.bytes += member.length + ENTRY_BYTES;
      all.push(entry);
    }
    all.sort((a, b) => (isBefore(a, b) ? -1 : 1));
    for (let at = 0; at < all.length; at += RUN) set.#runs.push(all.slice(at, at + RUN));
    return set;
  }

  get size(): number {
    return this.#entries.size;
  }

  scoreOf(member: string): number | undefined {
    return this.#entries.get(member)?.score;
  }

  has(member: string): boolean {
    return this.#entries.has(member);
  }

  /** True when the member is new. */
  set(member: string, score: number): boolean {
    const known = this.#entries.get(member);
    if (known) {
      if (known.score !== score) this.#unlink(known);
      else return false;
    }
    const entry = { member, score };
    const isNew = this.#entries.set(member, entry);
    if (isNew) this.bytes += member.length + ENTRY_BYTES;
    this.#link(entry);
    return isNew;
  }

  delete(member: string): boolean {
    const known = this.#entries.get(member);
    if (!known) return false;
    this.#entries.delete(member);
    this.#unlink(known);
    this.bytes -= member.length + ENTRY_BYTES;
    return true;
  }

  /** Members before the first one that is not `before`. */
  countBefore(before: (entry: Scored) => boolean): number {
    let rank = 0;
    for (const run of this.#runs) {
      const last = run.at(-1);
      if (last && before(last)) rank += run.length;
      else return rank + firstNot(run, before);
    }
    return rank;
  }

  rankOf(member: string): number | undefined {
    const entry = this.#entries.get(member);
    return entry && this.countBefore((other) => isBefore(other, entry));
  }

  /** Entries by rank, from `from` to before `to`. */
  range(from: number, to: number): Scored[] {
    const found: Scored[] = [];
    let start = 0;
    for (const run of this.#runs) {
      if (start >= to) break;
      if (start + run.length > from) {
        found.push(...run.slice(Math.max(0, from - start), Math.min(run.length, to - start)));
      }
      start += run.length;
    }
    return found;
  }

  all(): Scored[] {
    return this.#runs.flat();
  }

  scan(cursor: number, count: number, visit: (entry: Scored) => void): number {
    return this.#entries.scan(cursor, count, ({ value }) => visit(value));
  }

  random(fraction: () => number): Scored | undefined {
    return this.#entries.random(fraction)?.value;
  }

  #runFor(entry: Scored): number {
    let [low, high] = [0, this.#runs.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      const last = this.#runs[middle]?.at(-1);
      if (last && isBefore(last, entry)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #link(entry: Scored): void {
    const at = this.#runFor(entry);
    const run = this.#runs[at];
    if (!run) {
      this.#runs.push([entry]);
      return;
    }
    run.splice(
      firstNot(run, (other) => isBefore(other, entry)),
      0,
      entry,
    );
    if (run.length > RUN * 2) this.#runs.splice(at + 1, 0, run.splice(RUN));
  }

  #unlink(entry: Scored): void {
    const at = this.#runFor(entry);
    const run = this.#runs[at];
    if (!run) return;
    const index = firstNot(run, (other) => isBefore(other, entry));
    if (run[index]?.member === entry.member) run.splice(index, 1);
    if (run.length === 0) this.#runs.splice(at, 1);
  }
}

/** Index of the first entry for which `before` does not hold; it holds for a beginning of the run. */
function firstNot(run: readonly Scored[], before: (entry: Scored) => boolean): number {
  let [low, high] = [0, run.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const entry = run[middle];
    if (entry && before(entry)) low = middle + 1;
    else high = middle;
  }
  return low;
}
