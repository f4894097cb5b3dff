// `dedup`: of the rows with the same values in some fields the first one; rows that lack one of the fields stay.
import { Budget } from '../query-limit-error.ts';
import type { Evaluate } from '../functions/function.ts';
import { sortValueOf } from '../values/order.ts';
import { toText, type Value } from '../values/value.ts';
import type { Collector, Terminal } from './collector.ts';
import { type Column, heldCharactersMax, valuesOf } from './first-rows.ts';
import { compareHeld, type Directions, type HeldRow, weightOf } from './held-row.ts';
import type { Row } from './row.ts';

export interface DistinctRowsOptions {
  readonly most: number;
  readonly keys: readonly { readonly slot: number; readonly descending: boolean }[];
  readonly fields: readonly Evaluate[];
}

interface DistinctRow extends HeldRow {
  /** The values that make rows the same; undefined when one is absent. */
  readonly identity: string | undefined;
}

export class DistinctRows implements Terminal {
  readonly columns: Column[] = [];
  readonly #options: DistinctRowsOptions;

  constructor(options: DistinctRowsOptions) {
    this.#options = options;
  }

  collector(): Collector {
    return new DistinctCollector(this.#options, this.columns);
  }

  finish(partials: readonly unknown[]): Value[][] {
    const descending = this.#options.keys.map((key) => key.descending);
    const rows = firstOfEach(partials.flat() as DistinctRow[], descending);
    return rows.slice(0, this.#options.most).map((row) => row.values);
  }
}

/** The first row of each identity, in order. */
function firstOfEach(rows: readonly DistinctRow[], descending: Directions): DistinctRow[] {
  const seen = new Set<string>();
  const sorted = [...rows].sort((left, right) => compareHeld(left, right, descending));
  return sorted.filter(({ identity }) => {
    if (identity === undefined) return true;
    if (seen.has(identity)) return false;
    seen.add(identity);
    return true;
  });
}

class DistinctCollector implements Collector {
  readonly #options: DistinctRowsOptions;
  readonly #columns: readonly Column[];
  readonly #descending: Directions;
  readonly #capacity: number;
  readonly #budget = new Budget(heldCharactersMax, 'characters of memory for its rows');
  #rows: DistinctRow[] = [];

  constructor(options: DistinctRowsOptions, columns: readonly Column[]) {
    this.#options = options;
    this.#columns = columns;
    this.#descending = options.keys.map((key) => key.descending);
    this.#capacity = Math.max(2 * options.most, options.most + 1000);
  }

  accept(row: Row): void {
    const identity = identityOf(this.#options.fields.map((field) => field(row)));
    const keys = this.#options.keys.map(({ slot }) => sortValueOf(row.values[slot]));
    const held = { keys, place: row.place(), values: valuesOf(row, this.#columns), identity };
    this.#budget.take(weightOf(held));
    this.#rows.push(held);
    if (this.#rows.length >= this.#capacity) this.#shrink();
  }

  /** A row behind the wanted number of different ones cannot come back: what comes later only pushes it further. */
  #shrink(): void {
    const before = this.#rows;
    this.#rows = firstOfEach(before, this.#descending).slice(0, this.#options.most);
    const kept = new Set(this.#rows);
    for (const row of before) if (!kept.has(row)) this.#budget.take(-weightOf(row));
  }

  enough(): boolean {
    return false;
  }

  partial(): readonly DistinctRow[] {
    this.#shrink();
    return [...this.#rows];
  }
}

function identityOf(values: readonly Value[]): string | undefined {
  const texts = values.map((value) => toText(value));
  return texts.includes(undefined) ? undefined : JSON.stringify(texts);
}

/** The first of each among rows that are in order already. */
export function dedupe(rows: readonly Value[][], identify: (values: Value[]) => readonly Value[]): Value[][] {
  const seen = new Set<string>();
  return rows.filter((row) => {
    const identity = identityOf(identify(row));
    if (identity === undefined) return true;
    if (seen.has(identity)) return false;
    seen.add(identity);
    return true;
  });
}
