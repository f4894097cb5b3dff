// Splits a message into columns: words, and whatever stands in brackets or in double quotes, without these.

export interface Column {
  readonly start: number;
  /** Behind the column, brackets and quotes included. */
  readonly end: number;
  readonly value: string;
}

const SPACE = 0x20;
const QUOTE = 0x22;
const OPEN = 0x5b;
const BACKSLASH = 0x5c;

/** The columns of `message`, at most `limit` of them. */
export function columnsOf(message: string, limit: number): readonly Column[] {
  const columns: Column[] = [];
  // Not searched for again and again where there is none.
  const lastBracket = message.lastIndexOf(']');
  let at = skipSpace(message, 0);
  while (at < message.length && columns.length < limit) {
    const end = endOfGroup(message, at, lastBracket);
    const column = end > at ? { start: at, end, value: message.slice(at + 1, end - 1) } : wordAt(message, at);
    columns.push(column);
    at = skipSpace(message, column.end);
  }
  return columns;
}

/** Where a group in brackets or quotes ends; 0 when none begins at `start`. */
function endOfGroup(message: string, start: number, lastBracket: number): number {
  const first = message.charCodeAt(start);
  if (first === OPEN) return start < lastBracket ? message.indexOf(']', start) + 1 : 0;
  if (first !== QUOTE) return 0;
  let at = start + 1;
  while (at < message.length && message.charCodeAt(at) !== QUOTE)
    at += message.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at < message.length ? at + 1 : 0;
}

function wordAt(message: string, start: number): Column {
  let end = start;
  while (end < message.length && message.charCodeAt(end) > SPACE) end += 1;
  return { start, end, value: message.slice(start, end) };
}

/** Control characters count as spaces. */
function skipSpace(message: string, start: number): number {
  let at = start;
  while (at < message.length && message.charCodeAt(at) <= SPACE) at += 1;
  return at;
}
