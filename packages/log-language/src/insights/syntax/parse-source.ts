// `SOURCE logGroups(namePrefix: ['/a', '/b'])` and `SOURCE 'name'`: which groups a query reads.
import type { CommandBody } from './command.ts';
import type { Cursor } from './cursor.ts';
import { QueryFailure } from './token.ts';

const prefixesMax = 5;
const namesMax = 50;

export function parseSource(cursor: Cursor): CommandBody {
  const prefixes: string[] = [];
  const names: string[] = [];
  if (cursor.peek().kind === 'string') names.push(...cursor.list(() => cursor.string().text));
  else parseGroups(cursor, prefixes, names);
  if (cursor.isWord('start') || cursor.isWord('end')) {
    throw new QueryFailure(
      'START and END are not supported: set the time range of the request',
      cursor.peek(),
    );
  }
  return { kind: 'source', prefixes, names };
}

function parseGroups(cursor: Cursor, prefixes: string[], names: string[]): void {
  if (!cursor.takeWord('loggroups')) throw cursor.unexpected();
  cursor.expectSymbol('(');
  cursor.list(() => parseOption(cursor, prefixes, names));
  const end = cursor.expectSymbol(')');
  if (prefixes.length > prefixesMax) throw new QueryFailure(`more than ${prefixesMax} name prefixes`, end);
  if (names.length > namesMax) throw new QueryFailure(`more than ${namesMax} log groups`, end);
}

function parseOption(cursor: Cursor, prefixes: string[], names: string[]): void {
  const option = cursor.take();
  cursor.expectSymbol(':');
  const name = option.text.toLowerCase();
  if (name === 'nameprefix') {
    const given = strings(cursor);
    prefixes.push(...(given.length === 0 ? [''] : given));
  } else if (name === 'names' || name === 'loggroupnames') names.push(...strings(cursor));
  else if (name === 'class' || name === 'loggroupclass') expectStandard(cursor);
  else throw new QueryFailure(`SOURCE with ${option.text} is not supported`, option);
}

function expectStandard(cursor: Cursor): void {
  const { start } = cursor.peek();
  const classes = cursor.isSymbol('[') ? strings(cursor) : [cursor.string().text];
  const end = cursor.peek().start;
  if (classes.length === 1 && classes[0]?.toUpperCase() === 'STANDARD') return;
  throw new QueryFailure('SOURCE reads groups of the class STANDARD only', { start, end });
}

function strings(cursor: Cursor): string[] {
  cursor.expectSymbol('[');
  const items = cursor.isSymbol(']') ? [] : cursor.list(() => cursor.string().text);
  cursor.expectSymbol(']');
  return items;
}
