// A query is commands between pipes. This is the list of commands: a parser for each, and those that are refused.
import type { Command, CommandBody, DiffModifier, SortKey } from './command.ts';
import { Cursor } from './cursor.ts';
import { parseExpression, parseNamed } from './parse-expression.ts';
import { parseJson, parseParse } from './parse-extraction.ts';
import {
  parseAccum,
  parseAddtotals,
  parseAutoregress,
  parseFilldown,
  parseFillmissing,
} from './parse-row-commands.ts';
import { parseSource } from './parse-source.ts';
import { QueryFailure } from './token.ts';

type CommandParser = (cursor: Cursor) => CommandBody;

const parsers: Readonly<Record<string, CommandParser>> = {
  accum: parseAccum,
  addtotals: parseAddtotals,
  autoregress: parseAutoregress,
  countfrequent: (cursor) => ({ kind: 'countfrequent', items: namedList(cursor) }),
  dedup: (cursor) => ({ kind: 'dedup', items: namedList(cursor) }),
  diff: parseDiff,
  display: (cursor) => ({ kind: 'display', items: namedList(cursor) }),
  expand: (cursor) => ({ kind: 'expand', field: cursor.field() }),
  fields: (cursor) => ({ kind: 'fields', items: namedList(cursor) }),
  filldown: parseFilldown,
  fillmissing: parseFillmissing,
  filter: (cursor) => ({ kind: 'filter', condition: parseExpression(cursor) }),
  json: parseJson,
  limit: parseLimit,
  parse: parseParse,
  pattern: (cursor) => ({ kind: 'pattern', input: parseExpression(cursor) }),
  sort: parseSort,
  source: parseSource,
  stats: parseStats,
  unmask: (cursor) => ({ kind: 'unmask', items: namedList(cursor) }),
  unnest: parseUnnest,
  where: (cursor) => ({ kind: 'filter', condition: parseExpression(cursor) }),
};

/** Commands that AWS has and this language refuses, with why where it is not obvious. */
const refused: Readonly<Record<string, string>> = {
  anomaly: '',
  appendcols: '',
  cidrlookup: ': there are no lookup tables',
  filterindex: ': there are no field indexes; use filter',
  join: '',
  logcompare: '',
  lookup: ': there are no lookup tables',
  outlier: '',
  relevantfields: '',
  sessionize: '',
};

const commandsMax = 100;

/** The commands of `text`, at least one. Throws a QueryFailure. */
export function parseQuery(text: string): Command[] {
  const cursor = new Cursor(text);
  const commands: Command[] = [];
  do {
    // A pipe may stand before the first command, as people write when they break lines.
    if (commands.length === 0) cursor.takeSymbol('|');
    commands.push(parseCommand(cursor));
    if (commands.length > commandsMax) throw new QueryFailure('too many commands', cursor.peek());
  } while (cursor.takeSymbol('|'));
  if (cursor.peek().kind !== 'end') throw cursor.unexpected();
  return commands;
}

function parseCommand(cursor: Cursor): Command {
  const token = cursor.take();
  const { start } = token;
  const name = token.text.toLowerCase().replaceAll('_', '');
  if (token.kind === 'word' && Object.hasOwn(refused, name)) {
    throw new QueryFailure(`the command ${token.text} is not supported${refused[name] ?? ''}`, token);
  }
  const parser = token.kind === 'word' && Object.hasOwn(parsers, name) ? parsers[name] : undefined;
  if (!parser) throw cursor.unexpected(token);
  const body = parser(cursor);
  return { ...body, start, end: Math.max(token.end, cursor.peek().start) };
}

function namedList(cursor: Cursor): ReturnType<typeof parseNamed>[] {
  return cursor.list(() => parseNamed(cursor));
}

function parseStats(cursor: Cursor): CommandBody {
  const items = namedList(cursor);
  const by = cursor.takeWord('by') ? namedList(cursor) : [];
  if (cursor.isWord('offset')) throw new QueryFailure('offset is not supported', cursor.peek());
  return { kind: 'stats', items, by };
}

/** `sort by` is in AWS's own examples. */
function parseSort(cursor: Cursor): CommandBody {
  cursor.takeWord('by');
  return { kind: 'sort', keys: cursor.list(() => parseSortKey(cursor)) };
}

function parseSortKey(cursor: Cursor): SortKey {
  const expression = parseExpression(cursor);
  const descending = cursor.takeWord('desc');
  if (!descending) cursor.takeWord('asc');
  return { expression, descending };
}

function parseLimit(cursor: Cursor): CommandBody {
  const any = cursor.takeWord('any');
  const token = cursor.peek();
  const count = cursor.count();
  if (count < 1 || count > 100_000) throw new QueryFailure('limit must be from 1 to 100000', token);
  return { kind: 'limit', count, any };
}

function parseUnnest(cursor: Cursor): CommandBody {
  const field = cursor.field();
  if (!cursor.takeWord('into')) throw cursor.unexpected();
  return { kind: 'unnest', field, alias: cursor.alias().name };
}

const modifiers: ReadonlySet<string> = new Set(['previousday', 'previousweek', 'previousmonth']);

function parseDiff(cursor: Cursor): CommandBody {
  if (cursor.atCommandEnd()) return { kind: 'diff', modifier: 'previous' };
  const token = cursor.take();
  const name = token.text.toLowerCase();
  if (!modifiers.has(name)) throw cursor.unexpected(token);
  return { kind: 'diff', modifier: name as DiffModifier };
}
