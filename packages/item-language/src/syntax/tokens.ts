// The tokens of expressions. Whatever cannot begin a token is one by itself, for the parser to refuse.

export type TokenKind = 'name' | 'alias' | 'value' | 'integer' | 'keyword' | 'symbol' | 'unknown' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** As written; keywords in capitals. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const PATTERN =
  /(?<space>[ \t\r\n]+)|(?<name>[A-Za-z][A-Za-z0-9_]*)|(?<alias>#[A-Za-z0-9_]+)|(?<value>:[A-Za-z0-9_]+)|(?<integer>[0-9]+)|(?<symbol><>|<=|>=|[=<>()[\],.+-])|(?<unknown>[^])/uy;

const KEYWORDS: ReadonlySet<string> = new Set([
  'AND',
  'OR',
  'NOT',
  'BETWEEN',
  'IN',
  'SET',
  'REMOVE',
  'ADD',
  'DELETE',
]);

/** All tokens of a text, with one for its end. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  PATTERN.lastIndex = 0;
  for (let match = PATTERN.exec(text); match !== null; match = PATTERN.exec(text)) {
    const groups = match.groups ?? {};
    if (groups.space === undefined) tokens.push(tokenOf(groups, match[0], match.index));
  }
  tokens.push({ kind: 'end', text: '<EOF>', start: text.length, end: text.length });
  return tokens;
}

function tokenOf(groups: Readonly<Record<string, string | undefined>>, text: string, start: number): Token {
  const end = start + text.length;
  if (groups.name !== undefined) {
    const upper = text.toUpperCase();
    return KEYWORDS.has(upper)
      ? { kind: 'keyword', text: upper, start, end }
      : { kind: 'name', text, start, end };
  }
  for (const kind of ['alias', 'value', 'integer', 'symbol'] as const)
    if (groups[kind] !== undefined) return { kind, text, start, end };
  return { kind: 'unknown', text, start, end };
}
