// The commands `parse` and `json`: how fields are taken out of a text.
import type { CommandBody, Extraction } from './command.ts';
import type { Cursor } from './cursor.ts';
import type { Expression } from './expression.ts';
import { parsePrimary, parseRegex } from './parse-expression.ts';
import { QueryFailure } from './token.ts';

export function parseParse(cursor: Cursor): CommandBody {
  const start = cursor.peek().start;
  const field = startsExtraction(cursor) ? message(start) : parsePrimary(cursor);
  return { kind: 'parse', field, extraction: parseExtraction(cursor) };
}

function message(start: number): Expression {
  return { kind: 'field', steps: ['@message'], start, end: start };
}

/** Whether the field has been left out. A string that is followed by a comma or pattern would be a field. */
function startsExtraction(cursor: Cursor): boolean {
  const token = cursor.peek();
  return token.kind === 'string' || cursor.isSymbol('/');
}

function parseExtraction(cursor: Cursor): Extraction {
  const regex = parseRegex(cursor);
  if (regex?.kind === 'regex') {
    const before = cursor.takeWord('multi');
    const aliases = cursor.takeWord('as') ? aliasList(cursor) : [];
    return { mode: 'regex', regex, aliases, multi: before || cursor.takeWord('multi') };
  }
  if (cursor.takeWord('logfmt')) {
    expectAs(cursor);
    return { mode: 'logfmt', alias: cursor.alias().name };
  }
  if (cursor.takeWord('csv')) {
    expectAs(cursor);
    return { mode: 'csv', aliases: aliasList(cursor) };
  }
  const pattern = cursor.string();
  expectAs(cursor);
  const aliases = aliasList(cursor);
  const stars = pattern.text.split('*').length - 1;
  if (stars !== aliases.length || stars === 0) {
    const message = `the number of wildcards (${stars}) must equal the number of aliases (${aliases.length})`;
    throw new QueryFailure(message, pattern);
  }
  return { mode: 'glob', pattern: pattern.text, aliases };
}

/** `json field=payload "user.name" as username`. */
export function parseJson(cursor: Cursor): CommandBody {
  if (!cursor.takeWord('field')) throw cursor.unexpected();
  cursor.expectSymbol('=');
  const field = cursor.field();
  const path = cursor.string();
  expectAs(cursor);
  return { kind: 'parse', field, extraction: { mode: 'json', path: path.text, alias: cursor.alias().name } };
}

function expectAs(cursor: Cursor): void {
  if (!cursor.takeWord('as')) throw cursor.unexpected();
}

function aliasList(cursor: Cursor): string[] {
  return cursor.list(() => cursor.alias().name);
}
