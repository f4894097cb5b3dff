// Splits a message into columns: words, and whatever stands in brackets or in double quotes, without these.

export interface Column {
  readonly start: number;
  /** Behind the column, brackets and quotes included. */
  readonly end: number;
  readonly value: string;
}

const SPACE = /\s*/y;
const QUOTED = /"((?:[^"\\]|\\[^])*)"/y;
const WORD = /\S+/y;

/** The columns of `message`, at most `limit` of them. */
export function columnsOf(message: string, limit: number): readonly Column[] {
  const columns: Column[] = [];
  // Not searched for again and again where there is none.
  const lastBracket = message.lastIndexOf(']');
  let at = skipSpace(message, 0);
  while (at < message.length && columns.length < limit) {
    const column = bracketed(message, at, lastBracket) ?? quoted(message, at) ?? word(message, at);
    columns.push(column);
    at = skipSpace(message, column.end);
  }
  return columns;
}

function skipSpace(message: string, at: number): number {
  SPACE.lastIndex = at;
  return at + (SPACE.exec(message)?.[0].length ?? 0);
}

function bracketed(message: string, start: number, lastBracket: number): Column | undefined {
  if (message[start] !== '[' || start > lastBracket) return undefined;
  const close = message.indexOf(']', start);
  return { start, end: close + 1, value: message.slice(start + 1, close) };
}

function quoted(message: string, start: number): Column | undefined {
  if (message[start] !== '"') return undefined;
  QUOTED.lastIndex = start;
  const found = QUOTED.exec(message);
  return found ? { start, end: QUOTED.lastIndex, value: found[1] ?? '' } : undefined;
}

function word(message: string, start: number): Column {
  WORD.lastIndex = start;
  const value = WORD.exec(message)?.[0] ?? '';
  return { start, end: start + value.length, value };
}
