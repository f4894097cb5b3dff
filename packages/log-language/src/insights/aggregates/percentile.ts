// Percentiles by nearest rank: exactly up to a bound of values, beyond from buckets that are off by 0.1 % at most.
// Which of the two is decided by how many values there are, never by the order in which they come.
import type { Budget } from '../query-limit-error.ts';
import { toNumber, type Value } from '../values/value.ts';
import type { Accumulator } from './accumulator.ts';

const exactMax = 10_000;
/** Each bucket is so much wider than the one before. */
const growth = 1.002;
const logGrowth = Math.log(growth);
const tiny = 1e-12;

interface PercentileState {
  readonly values: readonly number[] | undefined;
  /** Counts by bucket. */
  readonly buckets: ReadonlyMap<number, number> | undefined;
  readonly count: number;
}

export class Percentile implements Accumulator {
  readonly #percent: number;
  readonly #budget: Budget;
  #values: number[] | undefined = [];
  #buckets: Map<number, number> | undefined;
  #count = 0;

  constructor(percent: number, budget: Budget) {
    this.#percent = percent;
    this.#budget = budget;
  }

  add(value: Value): void {
    const number = toNumber(value);
    if (number !== undefined) this.#addNumber(number);
  }

  #addNumber(number: number): void {
    this.#count += 1;
    if (this.#buckets) {
      count(this.#buckets, bucketOf(number), 1);
      return;
    }
    this.#budget.take(1);
    this.#values?.push(number);
    if (this.#count > exactMax) this.#fold();
  }

  #fold(): Map<number, number> {
    const buckets = this.#buckets ?? new Map<number, number>();
    for (const number of this.#values ?? []) count(buckets, bucketOf(number), 1);
    this.#budget.take(-(this.#values?.length ?? 0));
    this.#values = undefined;
    this.#buckets = buckets;
    return buckets;
  }

  state(): PercentileState {
    const buckets = this.#buckets && new Map(this.#buckets);
    return { values: this.#values && [...this.#values], buckets, count: this.#count };
  }

  merge(state: unknown): void {
    const { values, buckets, count: more } = state as PercentileState;
    for (const number of values ?? []) this.#addNumber(number);
    if (!buckets) return;
    const own = this.#fold();
    for (const [bucket, times] of buckets) count(own, bucket, times);
    this.#count += more;
  }

  result(): Value {
    if (this.#count === 0) return undefined;
    const rank = Math.max(1, Math.ceil((this.#percent / 100) * this.#count - 1e-9));
    if (this.#values) return this.#values.sort((a, b) => a - b)[rank - 1];
    let seen = 0;
    const ordered = [...(this.#buckets ?? [])].sort(([a], [b]) => a - b);
    for (const [bucket, times] of ordered) {
      seen += times;
      if (seen >= rank) return middleOf(bucket);
    }
    return undefined;
  }
}

function count(buckets: Map<number, number>, bucket: number, times: number): void {
  buckets.set(bucket, (buckets.get(bucket) ?? 0) + times);
}

/** Zero lies in bucket 0; larger numbers in larger buckets, negative ones mirrored. */
function bucketOf(number: number): number {
  const size = Math.abs(number);
  if (size < tiny) return 0;
  return Math.sign(number) * (Math.ceil(Math.log(size / tiny) / logGrowth) + 1);
}

function middleOf(bucket: number): number {
  if (bucket === 0) return 0;
  return Math.sign(bucket) * tiny * growth ** (Math.abs(bucket) - 1.5);
}
