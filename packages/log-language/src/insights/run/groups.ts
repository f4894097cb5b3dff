// `stats`: a group for each combination of values, and in each group the aggregates.
import type { Accumulator } from '../aggregates/accumulator.ts';
import type { Aggregate } from '../aggregates/aggregate.ts';
import type { Evaluate } from '../functions/function.ts';
import { Budget } from '../query-limit-error.ts';
import { compareSorted, compareText, sortValueOf } from '../values/order.ts';
import { toText, type Value } from '../values/value.ts';
import type { Collector, Terminal } from './collector.ts';
import type { Row } from './row.ts';

export const groupsMax = 500_000;
/** Values that percentiles and counts of distinct values hold exactly, over all groups. */
const heldValuesMax = 4_000_000;

export interface AggregateCall {
  readonly aggregate: Aggregate;
  readonly evaluate: Evaluate;
  readonly percent: number;
}

export interface GroupsOptions {
  readonly keys: readonly Evaluate[];
  readonly calls: readonly AggregateCall[];
}

interface Group {
  readonly keys: readonly Value[];
  readonly accumulators: readonly Accumulator[];
}

interface GroupPartial {
  readonly keys: readonly Value[];
  readonly states: readonly unknown[];
}

export class Groups implements Terminal {
  readonly #options: GroupsOptions;

  constructor(options: GroupsOptions) {
    this.#options = options;
  }

  collector(): GroupCollector {
    return new GroupCollector(this.#options);
  }

  /** Each row: the keys, then the results of the calls. */
  finish(partials: readonly unknown[]): Value[][] {
    const all = this.collector();
    for (const partial of partials as readonly (readonly GroupPartial[])[]) {
      for (const { keys, states } of partial) all.merge(keys, states);
    }
    return all.rows();
  }
}

/** What a value is told apart by: instants by their milliseconds, all else as text, absence and structures alike. */
type Key = string | number | undefined;

type Branch = Map<Key, Branch | Group>;

class GroupCollector implements Collector {
  readonly #options: GroupsOptions;
  readonly #values = new Budget(heldValuesMax, 'values in memory for its percentiles and distinct counts');
  readonly #budget = new Budget(groupsMax, 'groups');
  readonly #root: Branch = new Map();
  readonly #groups: Group[] = [];
  #whole: Group | undefined;

  constructor(options: GroupsOptions) {
    this.#options = options;
  }

  accept(row: Row): void {
    const { keys, calls } = this.#options;
    const group = keys.length === 0 ? this.#only() : this.#find(keys.map((key) => key(row)));
    for (const [index, { evaluate }] of calls.entries()) {
      group.accumulators[index]?.add(evaluate(row), row);
    }
  }

  #only(): Group {
    this.#whole ??= this.#create([]);
    return this.#whole;
  }

  #find(keys: readonly Value[]): Group {
    let branch = this.#root;
    const last = keys.length - 1;
    for (let index = 0; index < last; index += 1) {
      const key = keyOf(keys[index]);
      let next = branch.get(key) as Branch | undefined;
      if (!next) {
        next = new Map();
        branch.set(key, next);
      }
      branch = next;
    }
    const key = keyOf(keys[last]);
    let group = branch.get(key) as Group | undefined;
    if (!group) {
      group = this.#create(keys);
      branch.set(key, group);
    }
    return group;
  }

  #create(keys: readonly Value[]): Group {
    this.#budget.take(1);
    const accumulators = this.#options.calls.map(({ aggregate, percent }) =>
      aggregate.create(this.#values, percent),
    );
    const group = { keys: keys.map(storedKey), accumulators };
    this.#groups.push(group);
    return group;
  }

  merge(keys: readonly Value[], states: readonly unknown[]): void {
    const group = keys.length === 0 ? this.#only() : this.#find(keys);
    for (const [index, state] of states.entries()) group.accumulators[index]?.merge(state);
  }

  enough(): boolean {
    return false;
  }

  partial(): readonly GroupPartial[] {
    return this.#groups.map(({ keys, accumulators }) => ({
      keys,
      states: accumulators.map((accumulator) => accumulator.state()),
    }));
  }

  /** Times newest first, other keys in the order of sort. */
  rows(): Value[][] {
    return this.#groups
      .map(({ keys, accumulators }) => [...keys, ...accumulators.map((accumulator) => accumulator.result())])
      .sort((left, right) => compareGroups(left, right, this.#options.keys.length));
  }
}

function keyOf(value: Value): Key {
  if (typeof value === 'string' || value === undefined) return value;
  if (typeof value === 'object') return value.kind === 'instant' ? value.ms : undefined;
  // A whole number is the same as its text in a message; others keep more digits than are shown.
  return Number.isInteger(value) ? String(value) : `\u0000${value}`;
}

/** One value for all that have the same key. */
function storedKey(value: Value): Value {
  if (typeof value === 'number' && Number.isInteger(value)) return String(value);
  return typeof value === 'object' && value.kind === 'structure' ? undefined : value;
}

function compareGroups(left: readonly Value[], right: readonly Value[], keys: number): number {
  for (let index = 0; index < keys; index += 1) {
    const a = left[index];
    const b = right[index];
    const difference =
      compareSorted(sortValueOf(a), sortValueOf(b)) || compareText(toText(a) ?? '', toText(b) ?? '');
    if (difference === 0) continue;
    const times = typeof a === 'object' && typeof b === 'object';
    return times ? -difference : difference;
  }
  return 0;
}
