// The commands whose result in a row depends on the rows before it, and sums over rows and columns.
import type { CommandOf } from '../syntax/command.ts';

import { nameOf } from '../syntax/expression.ts';
import { Row } from '../run/row.ts';
import { ExactSum } from '../aggregates/exact-sum.ts';
import { toNumber, type Value } from '../values/value.ts';
import type { Evaluate } from '../functions/function.ts';
import { Outputs } from './outputs.ts';
import type { StageContext } from './stage.ts';
import type { TableCommand } from './table-command.ts';

/** The sum of a field so far. Rows without a number there get none. */
export function compileAccum(
  command: CommandOf<'accum'>,
  { compilation, outputs }: StageContext,
): TableCommand {
  const read = reader(compilation.scope.resolve(command.field));
  const slot = compilation.scope.define(command.alias);
  outputs.addExtracted([Outputs.alias(command.alias, command)]);
  return (rows) => {
    const sum = new ExactSum();
    for (const values of rows) {
      const number = toNumber(read(values));
      if (number !== undefined) sum.add(number);
      values[slot] = number === undefined ? undefined : sum.value();
    }
    return rows;
  };
}

/** The value that a field had so many rows before. */
export function compileAutoregress(
  command: CommandOf<'autoregress'>,
  { compilation, outputs }: StageContext,
): TableCommand {
  const read = reader(compilation.scope.resolve(command.field));
  const lags = command.lags.map(({ lag, alias }) => ({ lag, slot: compilation.scope.define(alias) }));
  outputs.addExtracted(command.lags.map(({ alias }) => Outputs.alias(alias, command)));
  return (rows) => {
    const before = rows.map((values) => read(values));
    for (const [index, values] of rows.entries()) {
      for (const { lag, slot } of lags) values[slot] = before[index - lag];
    }
    return rows;
  };
}

/** Absent values become the last ones before them. */
export function compileFilldown(
  command: CommandOf<'filldown'>,
  { compilation, outputs }: StageContext,
): TableCommand {
  const patterns = command.patterns.map((pattern) => starPattern(pattern));
  const columns = outputs
    .columns()
    .filter((column) => patterns.some((pattern) => pattern.test(nameOf(column))))
    .map((column) => ({ read: reader(compilation.scope.resolve(column)), name: nameOf(column) }));
  const filled = columns.map(({ read, name }) => ({ read, slot: compilation.scope.define(name) }));
  return (rows) => {
    for (const { read, slot } of filled) {
      let last: Value;
      for (const values of rows) {
        last = read(values) ?? last;
        values[slot] = last;
      }
    }
    return rows;
  };
}

function starPattern(pattern: string): RegExp {
  return new RegExp(`^${pattern.replace(/[\\^$.+?()[\]{}|]/g, '\\$&').replaceAll('*', '.*')}$`);
}

/** Adds a column with the sum of each row's numbers, and perhaps a last row with the sum of each column's. */
export function compileAddtotals(
  command: CommandOf<'addtotals'>,
  { compilation, outputs }: StageContext,
): TableCommand {
  const named = command.fields.length > 0 ? command.fields : outputs.columns();
  const columns = named.map((field) => {
    const read = reader(compilation.scope.resolve(field));
    return { read, slot: compilation.scope.define(nameOf(field)) };
  });
  const total = command.rows ? compilation.scope.define(command.total) : undefined;
  if (total !== undefined) outputs.addExtracted([Outputs.alias(command.total, command)]);
  return (rows) => {
    const sums = columns.map(() => new Total());
    for (const values of rows) {
      const rowTotal = new Total();
      for (const [index, { read, slot }] of columns.entries()) {
        const value = read(values);
        values[slot] = value;
        rowTotal.add(value);
        sums[index]?.add(value);
      }
      if (total !== undefined) values[total] = rowTotal.value();
    }
    if (!command.columns || rows.length === 0) return rows;
    const summary: Value[] = [];
    for (const [index, { slot }] of columns.entries()) summary[slot] = sums[index]?.value();
    return [...rows, summary];
  };
}

/** The sum of what is a number; absent when nothing is. Times are no numbers here. */
class Total {
  readonly #sum = new ExactSum();
  #any = false;

  add(value: Value): void {
    const number = typeof value === 'object' ? undefined : toNumber(value);
    if (number === undefined) return;
    this.#any = true;
    this.#sum.add(number);
  }

  value(): Value {
    return this.#any ? this.#sum.value() : undefined;
  }
}

function reader(evaluate: Evaluate): (values: Value[]) => Value {
  const row = new Row();
  return (values) => {
    row.values = values;
    return evaluate(row);
  };
}
