// A filter pattern's text while it is read: where the parser stands, and the tokens that all kinds of pattern share.
import { invalidCharacters, invalidPattern } from './pattern-failure.ts';
import { RegexMachine } from './regex-machine.ts';

/** AWS allows two regular expressions in one pattern. */
const REGEXES_MAX = 2;

export class PatternText {
  readonly text: string;
  at: number;
  #regexes = 0;

  constructor(text: string, at: number) {
    this.text = text;
    this.at = at;
  }

  /** How many regular expressions have been read. */
  get regexes(): number {
    return this.#regexes;
  }

  /** The next character; empty at the end. */
  get next(): string {
    return this.text.charAt(this.at);
  }

  get ended(): boolean {
    return this.at >= this.text.length;
  }

  skipSpaces(): void {
    this.read(/\s*/y);
  }

  /** Reads `token` if it comes next. */
  take(token: string): boolean {
    if (!this.text.startsWith(token, this.at)) return false;
    this.at += token.length;
    return true;
  }

  /** What `sticky` matches here, which may be nothing. */
  read(sticky: RegExp): string {
    sticky.lastIndex = this.at;
    const found = sticky.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  /** A text in double quotes; `\"` and `\\` stand for the quote and the backslash. */
  readQuoted(): string {
    const start = this.at;
    const found = this.read(/"(?:[^"\\]|\\[^])*"/y);
    if (found === '') throw invalidPattern('a quoted text does not end', start);
    return found.slice(1, -1).replace(/\\(["\\])/g, '$1');
  }

  /** A regular expression between percent signs. */
  readRegex(): RegexMachine {
    const start = this.at;
    const found = this.read(/%[^%]*%/y);
    if (found === '') throw invalidPattern('a regular expression does not end with %', start);
    this.#regexes += 1;
    if (this.#regexes > REGEXES_MAX)
      throw invalidPattern(`a pattern holds at most ${REGEXES_MAX} regular expressions`, start);
    return new RegexMachine(found.slice(1, -1), start + 1);
  }

  /** The fault for whatever comes next. */
  unexpected(wanted: string): Error {
    if (this.ended) return invalidPattern(`${wanted} is missing at its end`, this.at);
    const found = String.fromCodePoint(this.text.codePointAt(this.at) ?? 0);
    return invalidCharacters(found, this.at);
  }
}
