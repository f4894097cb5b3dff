// All aggregates by name, in lower case and without underscores. One more costs a line in the list.
import type { Budget } from '../query-limit-error.ts';
import type { Row, RowPlace } from '../run/row.ts';
import { comparePlaces } from '../run/place-order.ts';
import { compareSorted, compareText, sortValueOf } from '../values/order.ts';
import { render, type Value } from '../values/value.ts';
import type { Accumulator } from './accumulator.ts';
import { Distinct } from './distinct.ts';
import { Moments } from './moments.ts';
import { Percentile } from './percentile.ts';

export interface Aggregate {
  /** Whether it may be written with a star or nothing instead of a field. */
  readonly star?: boolean;
  /** Whether a percentage follows the field. */
  readonly percent?: boolean;
  /** Whether it asks for the event's time, which rows of an earlier stats have not. */
  readonly timed?: boolean;
  readonly create: (budget: Budget, percent: number) => Accumulator;
}

class Count implements Accumulator {
  #count = 0;

  add(value: Value): void {
    if (value !== undefined) this.#count += 1;
  }

  state(): number {
    return this.#count;
  }

  merge(state: unknown): void {
    this.#count += state as number;
  }

  result(): Value {
    return this.#count;
  }
}

/** The value that sorts first or last. Instants become milliseconds, as in AWS. */
class Extreme implements Accumulator {
  readonly #sign: 1 | -1;
  #best: Value;

  constructor(sign: 1 | -1) {
    this.#sign = sign;
  }

  add(value: Value): void {
    if (value === undefined) return;
    // Most values are numbers, and most of these are not the best so far.
    if (typeof value === 'number' && typeof this.#best === 'number') {
      if ((value - this.#best) * this.#sign > 0) this.#best = value;
      return;
    }
    if (this.#best === undefined || compareFully(value, this.#best) * this.#sign > 0) this.#best = value;
  }

  state(): Value {
    return this.#best;
  }

  merge(state: unknown): void {
    this.add(state as Value);
  }

  result(): Value {
    return plain(this.#best);
  }
}

/** Numbers that are written differently differ too, so that it does not matter which came first. */
function compareFully(left: Exclude<Value, undefined>, right: Exclude<Value, undefined>): number {
  return compareSorted(sortValueOf(left), sortValueOf(right)) || compareText(render(left), render(right));
}

function plain(value: Value): Value {
  return typeof value === 'object' && value.kind === 'instant' ? value.ms : value;
}

interface Timed {
  readonly place: RowPlace;
  readonly value: Value;
}

/** The value at the earliest or latest event that has one. */
class AtTime implements Accumulator {
  readonly #sign: 1 | -1;
  #held: Timed | undefined;

  constructor(sign: 1 | -1) {
    this.#sign = sign;
  }

  add(value: Value, row: Row): void {
    if (value === undefined) return;
    const held = this.#held;
    // Most events are neither earlier nor later than all before: no place is made for them.
    if (held && (row.timestampMs - held.place.timestampMs) * this.#sign > 0) return;
    this.merge({ place: row.place(), value });
  }

  state(): Timed | undefined {
    return this.#held;
  }

  merge(state: unknown): void {
    const other = state as Timed | undefined;
    if (!other) return;
    if (!this.#held || comparePlaces(other.place, this.#held.place) * this.#sign > 0) this.#held = other;
  }

  result(): Value {
    return plain(this.#held?.value);
  }
}

const count: Aggregate = { star: true, create: () => new Count() };
const sum: Aggregate = { create: () => new Moments('sum') };
const first: Aggregate = { create: () => new Extreme(-1) };
const last: Aggregate = { create: () => new Extreme(1) };
const percentile: Aggregate = { percent: true, create: (budget, percent) => new Percentile(percent, budget) };

export const aggregates: ReadonlyMap<string, Aggregate> = new Map<string, Aggregate>([
  ['count', count],
  ['countovertime', count],
  ['countdistinct', { create: (budget) => new Distinct(budget) }],
  ['sum', sum],
  ['sumovertime', sum],
  ['avg', { create: () => new Moments('avg') }],
  ['stddev', { create: () => new Moments('stddev') }],
  ['min', first],
  ['max', last],
  ['sortsfirst', first],
  ['sortslast', last],
  ['pct', percentile],
  ['percentile', percentile],
  ['median', { create: (budget) => new Percentile(50, budget) }],
  ['earliest', { timed: true, create: () => new AtTime(1) }],
  ['latest', { timed: true, create: () => new AtTime(-1) }],
]);
