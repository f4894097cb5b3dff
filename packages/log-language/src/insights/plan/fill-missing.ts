// The command `fillmissing`: rows for the periods in which there were no events.
import { QueryLimitError } from '../query-limit-error.ts';
import type { Command, CommandOf } from '../syntax/command.ts';
import { type Expression, nameOf } from '../syntax/expression.ts';
import { QueryFailure } from '../syntax/token.ts';
import { periodOf } from '../functions/datetime.ts';
import { floorTo, nextAfter } from '../values/period.ts';
import { instant, toNumber, type Value } from '../values/value.ts';
import { type Compilation, compileExpression } from './compile-expression.ts';
import { Row } from '../run/row.ts';
import type { TableCommand } from './table-command.ts';

const periodsMax = 100_000;

export function compileFillmissing(
  command: CommandOf<'fillmissing'>,
  before: Command | undefined,
  compilation: Compilation,
): TableCommand {
  const period = binOf(before, command);
  const { startMs, endMs } = compilation.context;
  const fills = command.fills.map(({ value, field }) => {
    const read = compileExpression(field, compilation);
    return { value, read, slot: compilation.scope.define(nameOf(field)) };
  });
  return (rows) => {
    const known = new Map<number | undefined, Value[]>();
    const row = new Row();
    for (const values of rows) {
      row.values = values;
      for (const { read, slot } of fills) values[slot] = read(row);
      known.set(toNumber(values[0]), values);
    }
    const all: Value[][] = [];
    for (let at = floorTo(period, startMs); at <= endMs; at = nextAfter(period, at)) {
      all.push(known.get(at) ?? filled(at, fills));
      if (all.length > periodsMax)
        throw new QueryLimitError(`the query has more than ${periodsMax} periods to fill`);
    }
    return all.toReversed();
  };
}

interface Fill {
  readonly value: string | number;
  readonly slot: number;
}

function filled(ms: number, fills: readonly Fill[]): Value[] {
  const values: Value[] = [instant(ms)];
  for (const { value, slot } of fills) values[slot] = value;
  return values;
}

function binOf(before: Command | undefined, command: Command): ReturnType<typeof periodOf> {
  const by = before?.kind === 'stats' ? before.by : [];
  const bin: Expression | undefined = by.length === 1 ? by[0]?.expression : undefined;
  if (bin?.kind !== 'call' || bin.name !== 'bin' || !bin.arguments[0]) {
    throw new QueryFailure('fillmissing must follow stats by one bin()', command);
  }
  return periodOf({ node: bin.arguments[0] });
}
