// Sum, average and standard deviation.
import { finite } from '../functions/function.ts';
import { toNumber, type Value } from '../values/value.ts';
import type { Accumulator } from './accumulator.ts';
import { ExactSum, ratio, type SumState } from './exact-sum.ts';

interface MomentState {
  readonly count: number;
  readonly sum: SumState;
  readonly squares: SumState;
}

export type Moment = 'sum' | 'avg' | 'stddev';

export class Moments implements Accumulator {
  readonly #moment: Moment;
  readonly #sum = new ExactSum();
  readonly #squares = new ExactSum();
  #count = 0;

  constructor(moment: Moment) {
    this.#moment = moment;
  }

  add(value: Value): void {
    const number = toNumber(value);
    if (number === undefined) return;
    this.#count += 1;
    this.#sum.add(number);
    if (this.#moment !== 'stddev') return;
    const square = number * number;
    this.#squares.add(square);
    this.#squares.add(squareError(number, square));
  }

  state(): MomentState {
    return { count: this.#count, sum: this.#sum.state(), squares: this.#squares.state() };
  }

  merge(state: unknown): void {
    const { count, sum, squares } = state as MomentState;
    this.#count += count;
    this.#sum.merge(sum);
    this.#squares.merge(squares);
  }

  result(): Value {
    if (this.#count === 0) return undefined;
    if (this.#moment === 'stddev') return this.#deviation();
    const sum = this.#sum.value();
    return sum === undefined || this.#moment === 'sum' ? sum : sum / this.#count;
  }

  /** Of the population: the root of (n·Σx² - (Σx)²) / n², of which only the root is rounded. */
  #deviation(): Value {
    const sum = this.#sum.scaled();
    const squares = this.#squares.scaled();
    if (sum === undefined || squares === undefined) return undefined;
    const count = BigInt(this.#count);
    const spread = count * (squares << 1074n) - sum * sum;
    return finite(Math.sqrt(ratio(spread, (count * count) << 2148n)));
  }
}

/** What `square`, the rounded product, lacks of the true one (Dekker 1971). */
function squareError(number: number, square: number): number {
  if (Number.isSafeInteger(square)) return 0;
  const large = number * 134_217_729;
  const high = large - (large - number);
  const low = number - high;
  return high * high - square + 2 * high * low + low * low;
}
