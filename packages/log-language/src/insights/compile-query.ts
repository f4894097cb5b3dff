// From the text of a query to what runs it. `plan/plan-query.ts` tells how the commands are carried out.
import { fail, ok, type Result } from '@pergola/kernel';
import type {
  CompiledQuery,
  QueryContext,
  QueryPartial,
  QueryRows,
  QuerySources,
  QuerySyntaxError,
} from './contract.ts';
import { planQuery, type QueryPlan } from './plan/plan-query.ts';
import { type QueryRanges, type RunPartial, ScanRun, type TimeRange } from './run/query-run.ts';
import { Row } from './run/row.ts';
import type { Command, DiffModifier } from './syntax/command.ts';
import { parseQuery } from './syntax/parse-query.ts';
import { locate, QueryFailure } from './syntax/token.ts';
import { render, type Value } from './values/value.ts';

const textMax = 10_000;
const dayMs = 86_400_000;

/**
 * Compiles a query of CloudWatch Logs Insights. Never throws; what is wrong or not supported is told with its place.
 * The run's `add` and the query's `finish` throw a QueryLimitError when the result is too large.
 */
export function compileQuery(text: string, context: QueryContext): Result<CompiledQuery, QuerySyntaxError> {
  try {
    if (text.length > textMax) {
      throw new QueryFailure(`the query is longer than ${textMax} characters`, {
        start: textMax,
        end: text.length,
      });
    }
    const commands = parseQuery(text);
    return ok(compiled(commands, planQuery({ text, context, commands }), context));
  } catch (error) {
    if (error instanceof QueryFailure) return fail(locate(text, error));
    throw error;
  }
}

function compiled(commands: readonly Command[], plan: QueryPlan, context: QueryContext): CompiledQuery {
  const ranges = rangesOf(context, plan.diff);
  return {
    sources: sourcesOf(commands),
    ranges: scanned(ranges),
    standardClassOnly: commands.map(({ kind }) => kind).filter((kind) => standardOnly.has(kind)),
    unmasks: commands.some(({ kind }) => kind === 'unmask') || calls(commands, 'unmask'),
    start: () => new ScanRun(plan, ranges),
    finish: (partials) => finish(plan, partials),
  };
}

/** Commands that groups of the class INFREQUENT_ACCESS do not offer. */
const standardOnly: ReadonlySet<Command['kind']> = new Set(['pattern', 'diff', 'unmask']);

/** Whether a function is called anywhere in a tree. */
function calls(tree: unknown, name: string): boolean {
  if (typeof tree !== 'object' || tree === null) return false;
  if ('kind' in tree && tree.kind === 'call' && 'name' in tree && tree.name === name) return true;
  return Object.values(tree).some((branch) => calls(branch, name));
}

function sourcesOf(commands: readonly Command[]): QuerySources | undefined {
  const sources = commands.filter((command) => command.kind === 'source');
  if (sources.length === 0) return undefined;
  return {
    prefixes: sources.flatMap(({ prefixes }) => prefixes),
    names: sources.flatMap(({ names }) => names),
  };
}

function rangesOf({ startMs, endMs }: QueryContext, diff: DiffModifier | undefined): QueryRanges {
  const current = { startMs, endMs };
  return { current, previous: diff && earlier(current, diff) };
}

/** The range of the same length that `diff` compares with. */
function earlier({ startMs, endMs }: TimeRange, diff: DiffModifier): TimeRange {
  const start = {
    previous: () => startMs - (endMs - startMs) - 1,
    previousday: () => startMs - dayMs,
    previousweek: () => startMs - 7 * dayMs,
    previousmonth: () => monthBefore(startMs),
  }[diff]();
  return { startMs: start, endMs: start + (endMs - startMs) };
}

/** The same time a month before, or on the month's last day. */
function monthBefore(ms: number): number {
  const date = new Date(ms);
  const days = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 0)).getUTCDate();
  date.setUTCDate(Math.min(date.getUTCDate(), days));
  return date.setUTCMonth(date.getUTCMonth() - 1);
}

/** Ranges that overlap become one, so that no event is scanned twice. */
function scanned({ current, previous }: QueryRanges): TimeRange[] {
  if (!previous) return [current];
  if (previous.endMs < current.startMs) return [previous, current];
  return [{ startMs: previous.startMs, endMs: current.endMs }];
}

function finish(plan: QueryPlan, partials: readonly QueryPartial[]): QueryRows {
  const parts = partials as readonly RunPartial[];
  const collected = plan.terminal.finish(parts.map((part) => part.collected));
  // Copies: the partials may be finished again when there are more of them.
  let rows = collected.map((values) => [...values]);
  for (const command of plan.table) rows = command(rows);
  const recordsMatched = parts.reduce((sum, part) => sum + part.matched, 0);
  return { rows: rows.map((values) => fieldsOf(plan, values)), recordsMatched };
}

function fieldsOf({ columns }: QueryPlan, values: Value[]): QueryRows['rows'][number] {
  const row = new Row();
  row.values = values;
  return columns.flatMap(({ name, evaluate }) => {
    const value = evaluate(row);
    return value === undefined ? [] : [{ field: name, value: render(value) }];
  });
}
