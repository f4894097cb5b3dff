// Commands that look at one row at a time: a row goes in, and none, one or several go on.
import { type Command, type CommandOf } from '../syntax/command.ts';
import type { FieldNode, Named } from '../syntax/expression.ts';
import { nameOf } from '../syntax/expression.ts';
import { fromJson, toText, type Value } from '../values/value.ts';
import type { Evaluate } from '../functions/function.ts';
import { parseJson } from '../functions/general.ts';
import { type Compilation, compileCondition, compileExpression } from './compile-expression.ts';
import { compileExtraction } from './extraction.ts';
import { Outputs } from './outputs.ts';
import type { Stage, StageContext } from './stage.ts';

/** The stage of a command; undefined for commands that need to see all rows. */
export function compileStage(command: Command, context: StageContext): Stage | undefined {
  const { compilation, outputs } = context;
  switch (command.kind) {
    case 'fields':
    case 'unmask': {
      const stage = compileItems(command.items, compilation);
      outputs.add(command.items.map((item) => Outputs.of(item)));
      return stage;
    }
    case 'display': {
      const stage = compileItems(command.items, compilation);
      outputs.display(command.items.map((item) => Outputs.of(item)));
      return stage;
    }
    case 'filter': {
      const condition = compileCondition(command.condition, compilation);
      return (next) => (row) => {
        if (condition(row)) next(row);
      };
    }
    case 'parse':
      return compileExtraction(command, context);
    case 'unnest':
      return compileUnnest(command, context);
    case 'expand':
      return compileExpand(command, context);
    default:
      return undefined;
  }
}

/** Computes what has an alias or is more than a field; a plain field is looked up when it is shown. */
function compileItems(items: readonly Named[], compilation: Compilation): Stage {
  const computed: { readonly slot: number; readonly evaluate: Evaluate }[] = [];
  for (const { expression, name } of items) {
    const evaluate = compileExpression(expression, compilation);
    if (expression.kind === 'field' && nameOf(expression) === name) continue;
    computed.push({ evaluate, slot: compilation.scope.define(name) });
  }
  if (computed.length === 0) return (next) => next;
  return (next) => (row) => {
    for (const { slot, evaluate } of computed) row.values[slot] = evaluate(row);
    next(row);
  };
}

/** A row for each item of a list; what is no list counts as a list of one. */
function compileUnnest(command: CommandOf<'unnest'>, { compilation, outputs }: StageContext): Stage {
  const evaluate = compilation.scope.resolve(command.field);
  const slot = compilation.scope.define(command.alias);
  outputs.addExtracted([Outputs.alias(command.alias, command)]);
  return (next) => (row) => {
    for (const item of itemsOf(evaluate(row))) {
      row.values[slot] = item;
      next(row);
    }
  };
}

function itemsOf(value: Value): readonly Value[] {
  if (typeof value !== 'object' || value.kind !== 'structure' || !Array.isArray(value.json)) return [value];
  return value.json.map((item) => fromJson(item));
}

/** A row for each item of a JSON array, which takes the array's name. Other rows stay as they are. */
function compileExpand(command: CommandOf<'expand'>, { compilation, outputs }: StageContext): Stage {
  const evaluate = arrayReader(command.field, compilation);
  const plain = compilation.scope.resolve(command.field);
  const slot = compilation.scope.define(nameOf(command.field));
  outputs.addExtracted([command.field]);
  return (next) => (row) => {
    const list = evaluate(row);
    for (const item of list === undefined ? [plain(row)] : itemsOf(list)) {
      row.values[slot] = item;
      next(row);
    }
  };
}

/** Reads the field as a list: as it is, as text that spells one, or out of the message, where arrays are no fields. */
function arrayReader(field: FieldNode, compilation: Compilation): Evaluate {
  const value = compilation.scope.resolve(field);
  const raw = compilation.scope.raw(field);
  return (row) => asList(value(row)) ?? asList(raw?.(row));
}

function asList(value: Value): Value {
  if (typeof value === 'object')
    return value.kind === 'structure' && Array.isArray(value.json) ? value : undefined;
  const json = value === undefined ? undefined : parseJson(toText(value) ?? '');
  return Array.isArray(json) ? fromJson(json) : undefined;
}
