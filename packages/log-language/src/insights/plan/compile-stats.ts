// The command `stats`: what it groups by, which aggregates it needs, and the columns it makes of them.
import { type Aggregate, aggregates } from '../aggregates/aggregate.ts';
import type { Evaluate } from '../functions/function.ts';
import { type AggregateCall, Groups } from '../run/groups.ts';
import { Row } from '../run/row.ts';
import type { CommandOf } from '../syntax/command.ts';
import type { CallNode, FieldNode, Named } from '../syntax/expression.ts';
import { nameOf } from '../syntax/expression.ts';
import { QueryFailure } from '../syntax/token.ts';
import { toNumber, type Value } from '../values/value.ts';
import { type Compilation, compileExpression, textOf } from './compile-expression.ts';
import { Outputs } from './outputs.ts';
import { slotReader, TableScope } from './scope.ts';

export interface StatsPlan {
  readonly terminal: Groups;
  readonly scope: TableScope;
  /** Makes the columns out of the rows that the terminal returns; changes them. */
  readonly complete: (rows: Value[][]) => Value[][];
  readonly columns: readonly FieldNode[];
}

/** `events` tells whether the rows that go in are events, which have a time of their own. */
export function compileStats(command: CommandOf<'stats'>, input: Compilation, events: boolean): StatsPlan {
  const keys = command.by.map((item) => keyOf(item, input));
  const calls: AggregateCall[] = [];
  let slots = keys.length;
  const keyScope = new TableScope(() => slots);
  for (const [index, { name }] of command.by.entries()) keyScope.adopt(name, index);
  const sink = (call: CallNode): Evaluate | undefined => {
    const compiled = compileCall(call, input, events);
    if (!compiled) return undefined;
    calls.push(compiled);
    return slotReader(keys.length + calls.length - 1);
  };
  const compilation: Compilation = { ...input, scope: keyScope, aggregates: sink };
  const results = command.items.map((item) => compileExpression(item.expression, compilation));
  if (calls.length === 0)
    throw new QueryFailure('stats needs an aggregate function', command.items[0] ?? command);
  slots += calls.length + results.length;
  const scope = new TableScope(() => {
    slots += 1;
    return slots - 1;
  });
  const first = keys.length + calls.length;
  for (const [index, { name }] of command.by.entries()) scope.adopt(name, index);
  for (const [index, { name }] of command.items.entries()) scope.adopt(name, first + index);
  return {
    terminal: new Groups({ keys, calls }),
    scope,
    complete: (rows) => completeRows(rows, results, first),
    columns: [...command.by, ...command.items].map((item) => column(item)),
  };
}

function keyOf(item: Named, input: Compilation): Evaluate {
  return compileExpression(item.expression, input);
}

function column(item: Named): FieldNode {
  const { expression, name } = item;
  return expression.kind === 'field' && nameOf(expression) === name ? expression : Outputs.alias(name, item);
}

function completeRows(rows: Value[][], results: readonly Evaluate[], first: number): Value[][] {
  const row = new Row();
  for (const values of rows) {
    row.values = values;
    for (const [index, evaluate] of results.entries()) values[first + index] = evaluate(row);
  }
  return rows;
}

function compileCall(call: CallNode, input: Compilation, events: boolean): AggregateCall | undefined {
  const aggregate = aggregates.get(call.name);
  if (!aggregate) return undefined;
  const name = textOf(call, input).split('(')[0]?.trim() ?? '';
  if (aggregate.timed && !events) {
    throw new QueryFailure(
      `${name} needs the time of events, which the stats command before it does not keep`,
      call,
    );
  }
  if (call.star || call.arguments.length === 0) {
    if (aggregate.star) return { aggregate, evaluate: () => 1, percent: 0 };
    throw new QueryFailure(`the function ${name} takes a field`, call);
  }
  return withField(call, aggregate, { name, input });
}

function withField(
  call: CallNode,
  aggregate: Aggregate,
  { name, input }: { readonly name: string; readonly input: Compilation },
): AggregateCall {
  const [field, percent, ...more] = call.arguments;
  if (!field || more.length > 0 || (percent !== undefined) !== (aggregate.percent ?? false)) {
    throw new QueryFailure(
      `the function ${name} takes ${aggregate.percent ? '2 arguments' : '1 argument'}`,
      call,
    );
  }
  return { aggregate, evaluate: compileExpression(field, input), percent: percent ? percentOf(percent) : 0 };
}

function percentOf(node: CallNode['arguments'][number]): number {
  const percent = node.kind === 'number' ? toNumber(node.value) : undefined;
  if (percent === undefined || percent < 0 || percent > 100) {
    throw new QueryFailure('a percentage from 0 to 100 is expected', node);
  }
  return percent;
}
