// Commands on rows that have been collected: all rows go in, in their order, and all rows come out.
import { dedupe } from '../run/distinct-rows.ts';
import { compareKeys } from '../run/held-row.ts';
import { Row } from '../run/row.ts';
import type { Command, CommandOf } from '../syntax/command.ts';
import { sortValueOf } from '../values/order.ts';
import type { Value } from '../values/value.ts';
import { compileExpression } from './compile-expression.ts';
import { compileAccum, compileAddtotals, compileAutoregress, compileFilldown } from './row-sequence.ts';
import { compileStage } from './compile-stage.ts';
import type { Stage, StageContext } from './stage.ts';
import type { TableCommand } from './table-command.ts';

/** Undefined for commands that only the planner knows: stats, pattern, diff, fillmissing. */
export function compileTableCommand(command: Command, context: StageContext): TableCommand | undefined {
  switch (command.kind) {
    case 'sort':
      return compileSort(command, context);
    case 'limit':
      return (rows) => rows.slice(0, command.count);
    case 'dedup':
      return compileDedup(command, context);
    case 'accum':
      return compileAccum(command, context);
    case 'autoregress':
      return compileAutoregress(command, context);
    case 'filldown':
      return compileFilldown(command, context);
    case 'addtotals':
      return compileAddtotals(command, context);
    default: {
      const stage = compileStage(command, context);
      return stage && throughStage(stage);
    }
  }
}

function throughStage(stage: Stage): TableCommand {
  return (rows) => {
    const out: Value[][] = [];
    const row = new Row();
    // A copy for each row that comes out: one that goes in may become several.
    const push = stage((result) => out.push([...result.values]));
    for (const values of rows) {
      row.values = values;
      push(row);
    }
    return out;
  };
}

function compileSort({ keys }: CommandOf<'sort'>, { compilation }: StageContext): TableCommand {
  const evaluates = keys.map((key) => compileExpression(key.expression, compilation));
  const descending = keys.map((key) => key.descending);
  return (rows) => {
    const row = new Row();
    const keyed = rows.map((values) => {
      row.values = values;
      return { values, keys: evaluates.map((evaluate) => sortValueOf(evaluate(row))) };
    });
    // Rows with equal keys stay in their order.
    keyed.sort((left, right) => compareKeys(left.keys, right.keys, descending));
    return keyed.map(({ values }) => values);
  };
}

function compileDedup({ items }: CommandOf<'dedup'>, { compilation }: StageContext): TableCommand {
  const evaluates = items.map((item) => compileExpression(item.expression, compilation));
  return (rows) => {
    const row = new Row();
    return dedupe(rows, (values) => {
      row.values = values;
      return evaluates.map((evaluate) => evaluate(row));
    });
  };
}
