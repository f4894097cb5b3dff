// Reads the tokens of one expression, and says where and how a text goes wrong in DynamoDB's words.
import { type ExpressionKind, invalidExpression, type ItemLanguageError } from '../item-language-error.ts';
import { type Token, type TokenKind, tokensOf } from './tokens.ts';

const BYTES_MAX = 4_096;
const OPERATORS_MAX = 300;
/** Parentheses alone: more than any sensible expression has, few enough for the stack. */
const DEPTH_MAX = 640;

export class TokenReader {
  readonly kind: ExpressionKind;
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #end: Token;
  #at = 0;
  #operators = 0;
  #depth = 0;

  constructor(kind: ExpressionKind, text: string) {
    this.kind = kind;
    if (text.trim() === '') throw invalidExpression(kind, 'The expression can not be empty;');
    const bytes = Buffer.byteLength(text);
    if (bytes > BYTES_MAX) {
      const size = kind === 'UpdateExpression' ? '' : ` expression size: ${bytes}`;
      throw this.error(`Expression size has exceeded the maximum allowed size;${size}`);
    }
    this.#text = text;
    this.#tokens = tokensOf(text);
    this.#end = { kind: 'end', text: '<EOF>', start: text.length, end: text.length };
  }

  get next(): Token {
    return this.#tokens[this.#at] ?? this.#end;
  }

  get afterNext(): Token {
    return this.#tokens[this.#at + 1] ?? this.#end;
  }

  /** Whether the next token is this symbol or keyword. */
  sees(text: string): boolean {
    const { kind, text: found } = this.next;
    return found === text && (kind === 'symbol' || kind === 'keyword');
  }

  take(): Token {
    const token = this.next;
    this.#at += 1;
    return token;
  }

  /** Takes the symbol or keyword if it is next. */
  skip(text: string): boolean {
    if (!this.sees(text)) return false;
    this.#at += 1;
    return true;
  }

  expect(text: string): void {
    if (!this.skip(text)) throw this.syntaxError();
  }

  expectKind(kind: TokenKind): Token {
    if (this.next.kind !== kind) throw this.syntaxError();
    return this.take();
  }

  expectEnd(): void {
    if (this.next.kind !== 'end') throw this.syntaxError();
  }

  /** Counts an operator or function. */
  count(): void {
    this.#operators += 1;
    if (this.#operators > OPERATORS_MAX)
      throw this.error(`The expression contains too many operators; operator count: ${this.#operators}`);
  }

  /** Goes into parentheses, and out of them. */
  open(): void {
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) throw this.redundantParentheses();
  }

  close(): void {
    this.#depth -= 1;
  }

  error(problem: string): ItemLanguageError {
    return invalidExpression(this.kind, problem);
  }

  redundantParentheses(): ItemLanguageError {
    return this.error('The expression has redundant parentheses;');
  }

  /** At the next token; `near` reaches from the token before it to the one after it. */
  syntaxError(): ItemLanguageError {
    const token = this.next;
    const from = this.#tokens[this.#at - 1]?.start ?? token.start;
    const shown = token.kind === 'end' ? '<EOF>' : this.#text.slice(token.start, token.end);
    return this.error(
      `Syntax error; token: "${shown}", near: "${this.#text.slice(from, this.afterNext.end)}"`,
    );
  }
}
