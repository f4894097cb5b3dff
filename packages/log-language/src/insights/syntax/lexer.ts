// From text to tokens, one at a time: whether a slash begins a regular expression or divides is known only to
// the parser, so the parser asks.
import { type Place, QueryFailure, type Token } from './token.ts';

const spaces = /(?:\s+|#[^\n]*)*/y;
const word = /[A-Za-z_@$][\w@$]*(?:\.[\w@$]+)*/y;
const number = /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+(?![A-Za-z_]))?/y;
const unit = /[A-Za-z]+/y;
const symbol = /=~|!=|<=|>=|[-+*/^%()[\],|.=<>:!]/y;

export class Lexer {
  readonly text: string;
  #next: Token | undefined;
  #position = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** The next token, without taking it. */
  peek(): Token {
    this.#next ??= this.#read();
    return this.#next;
  }

  take(): Token {
    const token = this.peek();
    this.#next = undefined;
    this.#position = token.end;
    return token;
  }

  /** The regular expression that begins with the slash which is next; undefined when no slash is next. */
  takeRegex(): (Place & { readonly source: string; readonly flags: string }) | undefined {
    const slash = this.peek();
    if (slash.kind !== 'symbol' || slash.text !== '/') return undefined;
    const close = this.#regexEnd(slash);
    const source = this.text.slice(slash.start + 1, close);
    const flags = this.#match(unit, close + 1) ?? '';
    const end = close + 1 + flags.length;
    this.#next = undefined;
    this.#position = end;
    return { start: slash.start, end, source, flags };
  }

  #regexEnd(slash: Place): number {
    let inClass = false;
    for (let index = slash.start + 1; index < this.text.length; index += 1) {
      const char = this.text[index];
      if (char === '\\') index += 1;
      else if (char === '[') inClass = true;
      else if (char === ']') inClass = false;
      else if (char === '/' && !inClass) return index;
    }
    throw new QueryFailure('unterminated regular expression', { start: slash.start, end: this.text.length });
  }

  #read(): Token {
    const start = this.#position + (this.#match(spaces, this.#position)?.length ?? 0);
    if (start >= this.text.length) return { kind: 'end', text: '', start, end: start };
    const char = this.text[start];
    if (char === '"' || char === "'" || char === '`') return this.#quoted(start, char);
    const name = this.#match(word, start);
    if (name !== undefined) return { kind: 'word', text: name, start, end: start + name.length };
    const digits = this.#match(number, start);
    if (digits !== undefined) return this.#number(start, digits);
    const sign = this.#match(symbol, start);
    if (sign !== undefined) return { kind: 'symbol', text: sign, start, end: start + sign.length };
    const odd = String.fromCodePoint(this.text.codePointAt(start) ?? 0);
    throw new QueryFailure(`unexpected symbol found ${odd}`, { start, end: start + odd.length });
  }

  #number(start: number, digits: string): Token {
    const letters = this.#match(unit, start + digits.length);
    if (letters === undefined) return { kind: 'number', text: digits, start, end: start + digits.length };
    return { kind: 'period', text: digits + letters, start, end: start + digits.length + letters.length };
  }

  #quoted(start: number, quote: string): Token {
    let text = '';
    for (let index = start + 1; index < this.text.length; index += 1) {
      const char = this.text.charAt(index);
      if (char === quote) {
        return { kind: quote === '`' ? 'quoted' : 'string', text, start, end: index + 1 };
      }
      if (char !== '\\' || quote === '`') {
        text += char;
        continue;
      }
      index += 1;
      text += unescape(this.text.charAt(index));
    }
    const what = quote === '`' ? 'field name' : 'string';
    throw new QueryFailure(`unterminated ${what}`, { start, end: this.text.length });
  }

  #match(pattern: RegExp, position: number): string | undefined {
    pattern.lastIndex = position;
    const found = pattern.exec(this.text)?.[0];
    return found === '' ? undefined : found;
  }
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

/** A backslash before any other character stays, so that `"\d"` and `"C:\logs"` are what they look like. */
function unescape(char: string): string {
  return Object.hasOwn(escapes, char) ? (escapes[char] ?? '') : `\\${char}`;
}
