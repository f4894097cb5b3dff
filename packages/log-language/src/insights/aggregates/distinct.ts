// How many different values there are: exactly up to a bound, estimated beyond (HyperLogLog, about 0.8 % off).
// Which of the two is decided by the values alone, never by the order in which they come.
import type { Budget } from '../query-limit-error.ts';
import { toText, type Value } from '../values/value.ts';
import type { Accumulator } from './accumulator.ts';

const exactMax = 10_000;
const indexBits = 14;
const registers = 1 << indexBits;

interface DistinctState {
  readonly values: readonly string[] | undefined;
  readonly ranks: Uint8Array | undefined;
}

export class Distinct implements Accumulator {
  readonly #budget: Budget;
  #values: Set<string> | undefined = new Set();
  #ranks: Uint8Array | undefined;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  add(value: Value): void {
    const text = toText(value);
    if (text !== undefined) this.#addText(text);
  }

  #addText(text: string): void {
    if (this.#ranks) {
      note(this.#ranks, text);
      return;
    }
    if (!this.#values || this.#values.has(text)) return;
    this.#budget.take(1);
    this.#values.add(text);
    if (this.#values.size > exactMax) this.#estimate();
  }

  #estimate(): Uint8Array {
    const ranks = this.#ranks ?? new Uint8Array(registers);
    for (const text of this.#values ?? []) note(ranks, text);
    this.#budget.take(-(this.#values?.size ?? 0));
    this.#values = undefined;
    this.#ranks = ranks;
    return ranks;
  }

  state(): DistinctState {
    return { values: this.#values && [...this.#values], ranks: this.#ranks?.slice() };
  }

  merge(state: unknown): void {
    const { values, ranks } = state as DistinctState;
    for (const text of values ?? []) this.#addText(text);
    if (!ranks) return;
    const own = this.#estimate();
    for (const [index, rank] of ranks.entries()) own[index] = Math.max(own[index] ?? 0, rank);
  }

  result(): Value {
    return this.#ranks ? estimate(this.#ranks) : (this.#values?.size ?? 0);
  }
}

function note(ranks: Uint8Array, text: string): void {
  const [high, low] = hash(text);
  const index = high >>> (32 - indexBits);
  // 18 bits of one half and 32 of the other: leading zeros up to 50.
  const rest = (high << indexBits) >>> 0;
  const zeros = rest === 0 ? 32 - indexBits + Math.clz32(low) : Math.clz32(rest);
  ranks[index] = Math.max(ranks[index] ?? 0, zeros + 1);
}

function estimate(ranks: Uint8Array): number {
  let sum = 0;
  let empty = 0;
  for (const rank of ranks) {
    sum += 2 ** -rank;
    if (rank === 0) empty += 1;
  }
  const raw = ((0.7213 / (1 + 1.079 / registers)) * registers * registers) / sum;
  const small = raw <= 2.5 * registers && empty > 0;
  return Math.round(small ? registers * Math.log(registers / empty) : raw);
}

/** Two well mixed words of 32 bits. */
function hash(text: string): [number, number] {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    a = Math.imul(a ^ unit, 2_654_435_761);
    b = Math.imul(b ^ unit, 1_597_334_677);
  }
  a = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909);
  b = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(a ^ (a >>> 13), 3_266_489_909);
  return [a >>> 0, b >>> 0];
}
