// The plan of a query. Commands run on events as they are scanned, one row at a time, until one needs all rows; there the
// rows are collected, which is where the work of several runs is put together; what follows works on the table.
import type { QueryContext } from '../contract.ts';
import type { Prefilter } from '../run/candidates.ts';
import type { Terminal } from '../run/collector.ts';
import { DistinctRows } from '../run/distinct-rows.ts';
import { type Column, FirstRows } from '../run/first-rows.ts';
import { diffColumns, patternColumns, Patterns } from '../run/patterns.ts';
import { Row } from '../run/row.ts';
import type { Command, CommandOf, DiffModifier } from '../syntax/command.ts';
import type { FieldNode } from '../syntax/expression.ts';
import { nameOf } from '../syntax/expression.ts';
import { QueryFailure } from '../syntax/token.ts';
import type { Value } from '../values/value.ts';
import { type Compilation, compileExpression } from './compile-expression.ts';
import { compileStats } from './compile-stats.ts';
import { compileFillmissing } from './fill-missing.ts';

import { checkOrder } from './order-rules.ts';
import { Outputs } from './outputs.ts';
import { prefilterOf } from './prefilter.ts';
import { EventScope, TableScope } from './scope.ts';
import { compileStage } from './compile-stage.ts';
import type { Stage } from './stage.ts';
import { compileTableCommand } from './compile-table-command.ts';
import type { TableCommand } from './table-command.ts';
import type { Evaluate } from '../functions/function.ts';

const rowsMax = 100_000;
const limitDefault = 10_000;

export interface QueryPlan {
  readonly scope: EventScope;
  readonly prefilter: Prefilter | undefined;
  readonly stages: readonly Stage[];
  readonly terminal: Terminal;
  readonly table: readonly TableCommand[];
  /** The columns of the result, by how to read them from a row of the table. */
  readonly columns: readonly { readonly name: string; readonly evaluate: Evaluate }[];
  readonly diff: DiffModifier | undefined;
}

export interface PlanInput {
  readonly text: string;
  readonly context: QueryContext;
  readonly commands: readonly Command[];
}

/** Throws a QueryFailure. */
export function planQuery(input: PlanInput): QueryPlan {
  checkOrder(input.commands);
  const commands = input.commands.filter((command) => command.kind !== 'source');
  return new Planner(input, commands).plan();
}

interface SortSlot {
  readonly slot: number;
  readonly descending: boolean;
}

class Planner {
  readonly #input: PlanInput;
  readonly #commands: readonly Command[];
  readonly #scope = new EventScope();
  readonly #outputs = new Outputs();
  readonly #stages: Stage[] = [];
  readonly #table: TableCommand[] = [];
  #sortKeys: SortSlot[] = [];
  #prefilter: Prefilter | undefined;
  #next = 0;
  #aggregated = false;

  constructor(input: PlanInput, commands: readonly Command[]) {
    this.#input = input;
    this.#commands = commands;
  }

  plan(): QueryPlan {
    this.#streamCommands();
    const { terminal, scope } = this.#collect();
    let table = scope;
    while (this.#next < this.#commands.length) table = this.#tableCommand(table);
    const limited = this.#commands.some((command) => command.kind === 'limit');
    const most = limited ? rowsMax : this.#limit();
    this.#table.push((rows) => rows.slice(0, most));
    const columns = this.#columns(table);
    const diff = this.#commands.find((command): command is CommandOf<'diff'> => command.kind === 'diff');
    const { modifier } = diff ?? {};
    return {
      scope: this.#scope,
      prefilter: this.#prefilter,
      stages: this.#stages,
      terminal,
      table: this.#table,
      columns,
      diff: modifier,
    };
  }

  #limit(): number {
    return Math.min(this.#input.context.limit ?? limitDefault, rowsMax);
  }

  #compilation(scope: EventScope | TableScope): Compilation {
    const { context, text } = this.#input;
    return { scope, context, text };
  }

  /** Commands that need no other row, and sort, which only says by what. */
  #streamCommands(): void {
    for (; this.#next < this.#commands.length; this.#next += 1) {
      const command = this.#commands[this.#next];
      if (!command) return;
      if (command.kind === 'sort') {
        this.#sort(command);
        continue;
      }
      if (command.kind === 'filter' && this.#isSearch(command)) continue;
      const compilation = this.#compilation(this.#scope);
      const stage = compileStage(command, { compilation, outputs: this.#outputs });
      if (!stage) return;
      this.#stages.push(stage);
    }
  }

  /** Searches for what the first filter that can be searched for is about; true when that is all there is to it. */
  #isSearch(command: CommandOf<'filter'>): boolean {
    if (this.#prefilter) return false;
    this.#prefilter = prefilterOf(command.condition, this.#scope);
    return this.#prefilter?.exact ?? false;
  }

  #sort({ keys }: CommandOf<'sort'>): void {
    const compilation = this.#compilation(this.#scope);
    const slots = keys.map(({ expression, descending }) => ({
      evaluate: compileExpression(expression, compilation),
      slot: this.#scope.slot(),
      descending,
    }));
    // A later sort is the stronger one; the earlier one decides among equals.
    this.#sortKeys = [...slots.map(({ slot, descending }) => ({ slot, descending })), ...this.#sortKeys];
    this.#stages.push((next) => (row) => {
      for (const { slot, evaluate } of slots) row.values[slot] = evaluate(row);
      next(row);
    });
  }

  #collect(): { readonly terminal: Terminal; readonly scope: TableScope } {
    const command = this.#commands[this.#next];
    if (command?.kind === 'stats') return this.#stats(command);
    if (command?.kind === 'countfrequent') return this.#stats(frequencies(command));
    if (command?.kind === 'pattern') return this.#pattern(command);
    if (command?.kind === 'dedup') return this.#dedup(command);
    const keys = this.#sortKeys;
    if (command?.kind === 'limit') {
      this.#next += 1;
      return this.#rows(new FirstRows({ most: command.count, keys, any: command.any, complete: false }));
    }
    if (!command)
      return this.#rows(new FirstRows({ most: this.#limit(), keys, any: false, complete: false }));
    return this.#rows(new FirstRows({ keys, any: false, ...this.#rowsAhead() }));
  }

  /** How many rows the commands from here on need: as many as are shown, unless one of them leaves some out. */
  #rowsAhead(): { readonly most: number; readonly complete: boolean } {
    for (const command of this.#commands.slice(this.#next)) {
      if (command.kind === 'limit') return { most: command.count, complete: false };
      const needsAll = command.kind === 'addtotals' ? command.columns : !prefixCommands.has(command.kind);
      if (needsAll) return { most: rowsMax, complete: true };
    }
    return { most: this.#limit(), complete: false };
  }

  #rows(terminal: Terminal & { readonly columns: Column[] }): {
    readonly terminal: Terminal;
    readonly scope: TableScope;
  } {
    let slots = 0;
    const allocate = () => {
      slots += 1;
      return slots - 1;
    };
    const scope = new TableScope(allocate, (field) => {
      const slot = allocate();
      terminal.columns.push({ slot, evaluate: this.#scope.resolve(field) });
      return slot;
    });
    return { terminal, scope };
  }

  #dedup(command: CommandOf<'dedup'>): { readonly terminal: Terminal; readonly scope: TableScope } {
    const compilation = this.#compilation(this.#scope);
    const fields = command.items.map((item) => compileExpression(item.expression, compilation));
    const limit = this.#commands.find((other): other is CommandOf<'limit'> => other.kind === 'limit');
    this.#next += 1;
    const most = limit?.count ?? this.#limit();
    return this.#rows(new DistinctRows({ most, keys: this.#sortKeys, fields }));
  }

  #stats(command: CommandOf<'stats'>): { readonly terminal: Terminal; readonly scope: TableScope } {
    const { terminal, scope, complete, columns } = compileStats(
      command,
      this.#compilation(this.#scope),
      true,
    );
    this.#afterStats(command, columns, complete);
    return { terminal, scope };
  }

  #afterStats(command: CommandOf<'stats'>, columns: readonly FieldNode[], complete: TableCommand): void {
    this.#table.push(complete);
    this.#outputs.replace(columns);
    this.#aggregated = true;
    if (this.#commands[this.#next]?.kind === 'countfrequent')
      this.#table.push(byCount(command.by.length + 1));
    this.#next += 1;
  }

  #pattern(command: CommandOf<'pattern'>): { readonly terminal: Terminal; readonly scope: TableScope } {
    const input = compileExpression(command.input, this.#compilation(this.#scope));
    const diff = this.#commands[this.#next + 1]?.kind === 'diff';
    this.#next += diff ? 2 : 1;
    const names = diff ? diffColumns : patternColumns;
    let slots: number = names.length;
    const scope = new TableScope(() => {
      slots += 1;
      return slots - 1;
    });
    for (const [index, name] of names.entries()) scope.adopt(name, index);
    this.#outputs.replace(names.map((name) => Outputs.alias(name, command)));
    this.#aggregated = true;
    return { terminal: new Patterns(input, diff), scope };
  }

  #tableCommand(scope: TableScope): TableScope {
    const command = this.#commands[this.#next];
    if (!command) return scope;
    const compilation = this.#compilation(scope);
    if (command.kind === 'stats' || command.kind === 'countfrequent') {
      const stats = command.kind === 'stats' ? command : frequencies(command);
      const plan = compileStats(stats, compilation, false);
      this.#table.push((rows) => throughTerminal(rows, plan.terminal));
      this.#afterStats(stats, plan.columns, plan.complete);
      return plan.scope;
    }
    if (command.kind === 'fillmissing') {
      this.#table.push(compileFillmissing(command, this.#commands[this.#next - 1], compilation));
      this.#next += 1;
      return scope;
    }
    const compiled = compileTableCommand(command, { compilation, outputs: this.#outputs });
    if (!compiled) throw new QueryFailure(`unexpected symbol found ${command.kind}`, command);
    this.#table.push(compiled);
    this.#next += 1;
    return scope;
  }

  #columns(scope: TableScope): QueryPlan['columns'] {
    const columns = this.#outputs.columns();
    const pointer = Outputs.alias('@ptr', { start: 0, end: 0 });
    const all =
      this.#aggregated || columns.some((column) => nameOf(column) === '@ptr')
        ? columns
        : [...columns, pointer];
    return all.map((column) => ({ name: nameOf(column), evaluate: scope.resolve(column) }));
  }
}

/** Commands that make as many rows as go in, each out of rows up to it. */
const prefixCommands: ReadonlySet<Command['kind']> = new Set([
  'accum',
  'addtotals',
  'autoregress',
  'display',
  'fields',
  'filldown',
  'unmask',
]);

/** `countFrequent a, b` counts rows by their values. */
function frequencies(command: CommandOf<'countfrequent'>): CommandOf<'stats'> {
  const { start, end, items: by } = command;
  const call = { kind: 'call' as const, name: 'count', arguments: [], star: true, start, end };
  return { kind: 'stats', by, items: [{ expression: call, name: '_approxcount', start, end }], start, end };
}

/** The largest count first. */
function byCount(slot: number): TableCommand {
  return (rows) => rows.sort((left, right) => Number(right[slot]) - Number(left[slot]));
}

function throughTerminal(rows: readonly Value[][], terminal: Terminal): Value[][] {
  const collector = terminal.collector();
  const row = new Row();
  for (const values of rows) {
    row.values = values;
    collector.accept(row);
  }
  return terminal.finish([collector.partial()]);
}
