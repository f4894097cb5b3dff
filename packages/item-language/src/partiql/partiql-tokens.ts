// The tokens of PartiQL statements: words, quoted names, texts, numbers, symbols. Comments are skipped.
import { ItemLanguageError } from '../item-language-error.ts';

export type PartiqlTokenKind = 'word' | 'name' | 'text' | 'number' | 'symbol' | 'end';

export interface PartiqlToken {
  readonly kind: PartiqlTokenKind;
  /** Without quotes; words as they are written. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const PATTERN =
  /(?<space>\s+|--[^\r\n]*|\/\*[^]*?\*\/)|(?<word>[\p{L}_][\p{L}\p{Nd}_]*)|"(?<name>(?:[^"]|"")*)"|'(?<text>(?:[^']|'')*)'|(?<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|(?<symbol><<|>>|<>|<=|>=|!=|[=<>()[\]{},:;.?*+-])/uy;

/** "Statement wasn't well formed, can't be processed: …". */
export function malformed(problem: string): ItemLanguageError {
  return new ItemLanguageError(`Statement wasn't well formed, can't be processed: ${problem}`);
}

/** All tokens of a statement. Throws for what is no token. */
export function partiqlTokens(text: string): readonly PartiqlToken[] {
  const tokens: PartiqlToken[] = [];
  PATTERN.lastIndex = 0;
  let at = 0;
  while (at < text.length) {
    const match = PATTERN.exec(text);
    if (match === null) throw malformed('Unexpected character');
    const token = tokenOf(match.groups ?? {}, at, PATTERN.lastIndex);
    at = PATTERN.lastIndex;
    if (token !== undefined) tokens.push(token);
  }
  tokens.push({ kind: 'end', text: '', start: text.length, end: text.length });
  return tokens;
}

function tokenOf(
  groups: Readonly<Record<string, string | undefined>>,
  start: number,
  end: number,
): PartiqlToken | undefined {
  if (groups.name !== undefined) return { kind: 'name', text: groups.name.replaceAll('""', '"'), start, end };
  if (groups.text !== undefined) return { kind: 'text', text: groups.text.replaceAll("''", "'"), start, end };
  for (const kind of ['word', 'number', 'symbol'] as const) {
    const text = groups[kind];
    if (text !== undefined) return { kind, text, start, end };
  }
  return undefined;
}
