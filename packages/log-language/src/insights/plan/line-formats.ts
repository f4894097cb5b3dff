// Lines in logfmt and CSV.

/** Pairs of `key=value`; values may be quoted. A key without a value has the value `true`. */
export function parseLogfmt(text: string): Record<string, string> {
  const pairs: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [, key = '', assigned, quoted, plain = ''] of text.matchAll(pair)) {
    pairs[key] = assigned === undefined ? 'true' : quoted === undefined ? plain : unquote(quoted);
  }
  return { ...pairs };
}

const pair = /([^\s="]+)(=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*)))?/g;

function unquote(text: string): string {
  return text.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char === 't' ? '\t' : char));
}

/** The values of one line. Quoted values may hold commas; two quotes in them stand for one. */
export function parseCsv(text: string): string[] {
  const values: string[] = [];
  let position = 0;
  while (position <= text.length) {
    field.lastIndex = position;
    const match = field.exec(text);
    if (!match) break;
    const [, quoted, plain = ''] = match;
    values.push(quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"'));
    position = field.lastIndex + 1;
  }
  return values;
}

const field = /[ \t]*(?:"((?:[^"]|"")*)"[ \t]*(?=,|$)|([^,]*))/y;
