// The first so many rows in an order, out of any number of rows in any order: twice as many are held at most, and
// a row that comes after all that are wanted is turned away before its values are made.
import { QueryLimitError, Budget } from '../query-limit-error.ts';
import type { Evaluate } from '../functions/function.ts';
import { sortValueOf, type SortValue } from '../values/order.ts';
import type { Value } from '../values/value.ts';
import type { Collector, Terminal } from './collector.ts';
import { compareHeld, compareKeys, type Directions, type HeldRow, weightOf } from './held-row.ts';
import { comparePlaces } from './place-order.ts';
import type { Row } from './row.ts';

/** Characters that the rows of a run may hold: about half a gigabyte in the worst case. */
export const heldCharactersMax = 256 * 1024 * 1024;

export interface FirstRowsOptions {
  readonly most: number;
  readonly keys: readonly { readonly slot: number; readonly descending: boolean }[];
  /** Any rows will do: `limit any`. */
  readonly any: boolean;
  /** What comes after needs all rows: fail rather than leave some out. */
  readonly complete: boolean;
}

/** A column of the rows that are kept. */
export interface Column {
  readonly slot: number;
  readonly evaluate: Evaluate;
}

interface FirstRowsPartial {
  readonly seen: number;
  readonly rows: readonly HeldRow[];
}

export class FirstRows implements Terminal {
  readonly columns: Column[] = [];
  readonly #options: FirstRowsOptions;

  constructor(options: FirstRowsOptions) {
    this.#options = options;
  }

  collector(): Collector {
    return new FirstRowsCollector(this.#options, this.columns);
  }

  finish(partials: readonly unknown[]): Value[][] {
    const { most, keys, complete } = this.#options;
    const parts = partials as readonly FirstRowsPartial[];
    const seen = parts.reduce((sum, part) => sum + part.seen, 0);
    if (complete && seen > most) {
      throw new QueryLimitError(`the query needs all rows, and there are more than ${most}`);
    }
    const descending = keys.map((key) => key.descending);
    const rows = parts
      .flatMap((part) => part.rows)
      .sort((left, right) => compareHeld(left, right, descending));
    return rows.slice(0, most).map((row) => row.values);
  }
}

class FirstRowsCollector implements Collector {
  readonly #options: FirstRowsOptions;
  readonly #columns: readonly Column[];
  readonly #descending: Directions;
  readonly #capacity: number;
  readonly #budget = new Budget(heldCharactersMax, 'characters of memory for its rows');
  #rows: HeldRow[] = [];
  #last: HeldRow | undefined;
  #seen = 0;

  constructor(options: FirstRowsOptions, columns: readonly Column[]) {
    this.#options = options;
    this.#columns = columns;
    this.#descending = options.keys.map((key) => key.descending);
    this.#capacity = Math.max(2 * options.most, options.most + 1000);
  }

  accept(row: Row): void {
    this.#seen += 1;
    if (this.#options.any && this.#rows.length >= this.#options.most) return;
    const keys = this.#keys(row);
    if (this.#last && this.#isBehind(row, keys, this.#last)) return;
    const held = { keys, place: row.place(), values: valuesOf(row, this.#columns) };
    this.#budget.take(weightOf(held));
    this.#rows.push(held);
    if (this.#rows.length >= this.#capacity) this.#shrink();
  }

  #keys(row: Row): SortValue[] {
    return this.#options.keys.map(({ slot }) => sortValueOf(row.values[slot]));
  }

  #isBehind(row: Row, keys: readonly SortValue[], last: HeldRow): boolean {
    const difference = compareKeys(keys, last.keys, this.#descending);
    if (difference !== 0) return difference > 0;
    if (row.timestampMs !== last.place.timestampMs) return row.timestampMs < last.place.timestampMs;
    return comparePlaces(row.place(), last.place) > 0;
  }

  #shrink(): void {
    this.#rows.sort((left, right) => compareHeld(left, right, this.#descending));
    for (const row of this.#rows.splice(this.#options.most)) this.#budget.take(-weightOf(row));
    this.#last = this.#rows.at(-1);
  }

  enough(): boolean {
    return this.#options.any && this.#rows.length >= this.#options.most;
  }

  partial(): FirstRowsPartial {
    if (this.#rows.length > this.#options.most) this.#shrink();
    // What was held back in `values` is never written to again, so that the rows themselves may be shared.
    return { seen: this.#seen, rows: [...this.#rows] };
  }
}

export function valuesOf(row: Row, columns: readonly Column[]): Value[] {
  const values: Value[] = Array.from({ length: columns.length });
  for (const { slot, evaluate } of columns) values[slot] = evaluate(row);
  return values;
}
