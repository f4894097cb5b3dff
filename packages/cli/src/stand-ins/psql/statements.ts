// A script of psql cut into statements: at semicolons that stand in no quotes, comments or parentheses.

export interface Statement {
  readonly text: string;
  /** The line of the script on which it ends, as psql counts for its errors. */
  readonly line: number;
}

/** Pieces within which a semicolon is just a character. */
const pieces: readonly RegExp[] = [
  /--[^\n]*/y,
  /\/\*[\s\S]*?(?:\*\/|$)/y,
  /[eE]'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)/y,
  /'(?:[^']|'')*(?:'|$)/y,
  /"(?:[^"]|"")*(?:"|$)/y,
  /(?<![A-Za-z0-9_$])\$([A-Za-z_][A-Za-z0-9_]*)?\$[\s\S]*?(?:\$\1\$|$)/y,
];

/** A backslash command, alone on its line. */
export const metaCommand = /^\\(\S+)\s*(.*)$/;

export function splitStatements(script: string): Statement[] {
  const statements: Statement[] = [];
  let begin = 0;
  let depth = 0;
  const take = (end: number) => {
    const text = withoutComments(script.slice(begin, end));
    if (text !== '') statements.push({ text, line: lineAt(script, end) });
    begin = end;
  };
  for (let at = 0; at < script.length; ) {
    const piece = pieceAt(script, at);
    const character = script[at];
    if (piece > 0) at += piece;
    else if (character === '\\' && isLineStart(script, at)) {
      take(at);
      const lineEnd = script.indexOf('\n', at);
      at = lineEnd < 0 ? script.length : lineEnd;
      take(at);
    } else {
      if (character === '(') depth++;
      if (character === ')') depth = Math.max(0, depth - 1);
      at++;
      if (character === ';' && depth === 0) take(at);
    }
  }
  take(script.length);
  return statements;
}

function pieceAt(script: string, at: number): number {
  for (const pattern of pieces) {
    pattern.lastIndex = at;
    const match = pattern.exec(script);
    if (match && match[0] !== '') return match[0].length;
  }
  return 0;
}

function isLineStart(script: string, at: number): boolean {
  return script.slice(script.lastIndexOf('\n', at - 1) + 1, at).trim() === '';
}

/** Leading comments go: what is only comment is no statement. */
function withoutComments(text: string): string {
  const rest = text.replace(/^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/, '').trimEnd();
  return rest === ';' ? '' : rest;
}

function lineAt(script: string, at: number): number {
  return script.slice(0, at).split('\n').length;
}

/** `:name`, `:'name'` and `:"name"` outside of quotes, for the variables that are set. */
export function interpolate(text: string, variables: ReadonlyMap<string, string>): string {
  let result = '';
  for (let at = 0; at < text.length; ) {
    const length = pieceAt(text, at);
    const variable = length > 0 || text[at - 1] === ':' ? undefined : variableAt(text, at, variables);
    result += variable?.value ?? text.slice(at, at + (length || 1));
    at += variable?.length ?? (length || 1);
  }
  return result;
}

function variableAt(
  text: string,
  at: number,
  variables: ReadonlyMap<string, string>,
): { readonly length: number; readonly value: string } | undefined {
  const [whole = '', quote = '', name = ''] = /^:(['"]?)(\w+)\1/.exec(text.slice(at, at + 80)) ?? [];
  const value = variables.get(name);
  if (whole === '' || value === undefined) return undefined;
  const quoted = quote === '' ? value : quote + value.replaceAll(quote, quote + quote) + quote;
  return { length: whole.length, value: quoted };
}
