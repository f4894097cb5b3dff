// `stats`: a group for each combination of values, and in each group the aggregates.
import type { Accumulator } from '../aggregates/accumulator.ts';
import type { Aggregate } from '../aggregates/aggregate.ts';
import type { Evaluate } from '../functions/function.ts';
import { Budget } from '../query-limit-error.ts';
import { compareSorted, compareText, sortValueOf } from '../values/order.ts';
import { toText, type Value } from '../values/value.ts';
import type { Collector, Terminal } from './collector.ts';
import type { Row } from './row.ts';

const groupsMax = 500_000;
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
  /** The first key of the last row and what lies below it: the next row is often of the same time. */
  #lastKey: Key;
  #lastBranch: Branch | undefined;

  constructor(options: GroupsOptions) {
    this.#options = options;
  }

  accept(row: Row): void {
    const { keys, calls } = this.#options;
    const group = keys.length === 0 ? this.#only() : this.#find(row);
    for (let index = 0; index < calls.length; index += 1) {
      group.accumulators[index]?.add(calls[index]?.evaluate(row), row);
    }
  }

  /** The group of a row. Every event comes by here: no list of its keys is made unless its group is new. */
  #find(row: Row): Group {
    const { keys } = this.#options;
    const last = keys.length - 1;
    let branch = this.#root;
    if (last > 0) branch = this.#firstBranch(keyOf(keys[0]?.(row)));
    for (let index = 1; index < last; index += 1) branch = branchAt(branch, keyOf(keys[index]?.(row)));
    const key = keyOf(keys[last]?.(row));
    const known = branch.get(key) as Group | undefined;
    if (known) return known;
    const group = this.#create(keys.map((evaluate) => evaluate(row)));
    branch.set(key, group);
    return group;
  }

  #firstBranch(key: Key): Branch {
    if (this.#lastBranch === undefined || key !== this.#lastKey) {
      this.#lastBranch = branchAt(this.#root, key);
      this.#lastKey = key;
    }
    return this.#lastBranch;
  }

  #only(): Group {
    this.#whole ??= this.#create([]);
    return this.#whole;
  }

  #findStored(keys: readonly Value[]): Group {
    let branch = this.#root;
    for (const value of keys.slice(0, -1)) branch = branchAt(branch, keyOf(value));
    const key = keyOf(keys.at(-1));
    const group = (branch.get(key) as Group | undefined) ?? this.#create(keys);
    branch.set(key, group);
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
    const group = keys.length === 0 ? this.#only() : this.#findStored(keys);
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

function branchAt(branch: Branch, key: Key): Branch {
  const known = branch.get(key) as Branch | undefined;
  if (known) return known;
  const next: Branch = new Map();
  branch.set(key, next);
  return next;
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
