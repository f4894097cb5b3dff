// Reads the tokens of one statement, with the parameters for its question marks.
import type { AttributeValue } from '../attribute-value.ts';
import { ItemLanguageError } from '../item-language-error.ts';
import { malformed, type PartiqlToken, partiqlTokens } from './partiql-tokens.ts';

/** Words that are never names unless they are quoted. */
const KEYWORDS: ReadonlySet<string> = new Set(
  'SELECT FROM WHERE INSERT INTO VALUE UPDATE SET REMOVE DELETE AND OR NOT IN IS MISSING NULL TRUE FALSE BETWEEN RETURNING ORDER BY EXISTS'.split(
    ' ',
  ),
);

const DEPTH_MAX = 300;

export class PartiqlReader {
  readonly #text: string;
  readonly #tokens: readonly PartiqlToken[];
  readonly #end: PartiqlToken;
  readonly #parameters: readonly AttributeValue[];
  #at = 0;
  #parameter = 0;
  #depth = 0;

  constructor(text: string, parameters: readonly AttributeValue[]) {
    this.#text = text;
    this.#tokens = partiqlTokens(text);
    this.#end = { kind: 'end', text: '', start: text.length, end: text.length };
    this.#parameters = parameters;
  }

  get next(): PartiqlToken {
    return this.peek(0);
  }

  peek(ahead: number): PartiqlToken {
    return this.#tokens[this.#at + ahead] ?? this.#end;
  }

  take(): PartiqlToken {
    const token = this.next;
    this.#at += 1;
    return token;
  }

  /** Whether a keyword (in capitals) or a symbol is next. */
  sees(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    if (token.kind === 'symbol') return token.text === text;
    return token.kind === 'word' && token.text.toUpperCase() === text;
  }

  skip(text: string): boolean {
    if (!this.sees(text)) return false;
    this.#at += 1;
    return true;
  }

  expect(...words: readonly string[]): void {
    for (const word of words) if (!this.skip(word)) throw this.unexpected();
  }

  /** A name: quoted, or a word that is no keyword. */
  name(): string {
    const { kind, text } = this.next;
    if (kind !== 'name' && !(kind === 'word' && !KEYWORDS.has(text.toUpperCase()))) throw this.unexpected();
    this.take();
    return text;
  }

  /** The value for the question mark that was just taken. */
  parameter(): AttributeValue {
    const value = this.#parameters[this.#parameter];
    this.#parameter += 1;
    if (value === undefined) throw countsDiffer();
    return value;
  }

  /** After the whole statement: its end, and as many parameters as question marks. */
  finish(): void {
    this.skip(';');
    if (this.next.kind !== 'end') throw malformed('Unexpected token after expression');
    if (this.#parameter !== this.#parameters.length) throw countsDiffer();
  }

  /** Reads something that may hold its like; too much of that is refused. */
  nested<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) throw malformed('Unexpected term');
    const result = read();
    this.#depth -= 1;
    return result;
  }

  unexpected(): ItemLanguageError {
    return malformed(this.next.kind === 'end' ? 'Unexpected end of statement' : 'Unexpected term');
  }

  /** `line:column:length` of a part of the text, as DynamoDB points to it. */
  place(from: number, to: number): string {
    const before = this.#text.slice(0, from);
    const line = before.split('\n').length;
    return `${line}:${from - before.lastIndexOf('\n')}:${to - from}`;
  }
}

function countsDiffer(): ItemLanguageError {
  return new ItemLanguageError("Number of parameters in request and statement don't match.");
}
