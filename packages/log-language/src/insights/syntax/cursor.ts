// What all parts of the parser share: looking at the next token, taking it, and failing at it.
import { Lexer } from './lexer.ts';
import type { FieldNode } from './expression.ts';
import { type Place, QueryFailure, type Token } from './token.ts';

/** Parentheses and functions may be nested so deep: a text can be 10,000 characters long. */
const depthMax = 200;

export class Cursor {
  readonly lexer: Lexer;
  #depth = 0;

  constructor(text: string) {
    this.lexer = new Lexer(text);
  }

  get text(): string {
    return this.lexer.text;
  }

  peek(): Token {
    return this.lexer.peek();
  }

  take(): Token {
    return this.lexer.take();
  }

  isSymbol(text: string): boolean {
    const token = this.peek();
    return token.kind === 'symbol' && token.text === text;
  }

  /** Whether the next word is `text`, in any case. */
  isWord(text: string): boolean {
    const token = this.peek();
    return token.kind === 'word' && token.text.toLowerCase() === text;
  }

  takeSymbol(text: string): boolean {
    if (!this.isSymbol(text)) return false;
    this.take();
    return true;
  }

  takeWord(text: string): boolean {
    if (!this.isWord(text)) return false;
    this.take();
    return true;
  }

  expectSymbol(text: string): Token {
    if (!this.isSymbol(text)) throw this.unexpected();
    return this.take();
  }

  /** True at a pipe and at the end: where a command may end. */
  atCommandEnd(): boolean {
    return this.peek().kind === 'end' || this.isSymbol('|');
  }

  unexpected(token: Token = this.peek()): QueryFailure {
    if (token.kind === 'end') return new QueryFailure('unexpected end of query found', token);
    return new QueryFailure(`unexpected symbol found ${this.text.slice(token.start, token.end)}`, token);
  }

  /** Runs `parse` one level deeper. */
  nested<T>(parse: () => T): T {
    this.#depth += 1;
    if (this.#depth > depthMax) throw new QueryFailure('expression is nested too deeply', this.peek());
    const result = parse();
    this.#depth -= 1;
    return result;
  }

  /** A field: words, backticks and indices, joined by dots. */
  field(): FieldNode {
    const first = this.take();
    if (first.kind !== 'word' && first.kind !== 'quoted') throw this.unexpected(first);
    const steps = first.kind === 'word' ? first.text.split('.') : [first.text];
    let end = first.end;
    for (let more = this.#step(end); more !== undefined; more = this.#step(end)) {
      steps.push(...more.steps);
      end = more.end;
    }
    return { kind: 'field', steps, start: first.start, end };
  }

  /** What continues a field right behind `end`, without a space. */
  #step(end: number): { readonly steps: readonly string[]; readonly end: number } | undefined {
    if (this.peek().start !== end) return undefined;
    if (this.takeSymbol('.')) {
      const token = this.take();
      if (token.kind === 'quoted') return { steps: [token.text], end: token.end };
      if (token.kind === 'word') return { steps: token.text.split('.'), end: token.end };
      throw this.unexpected(token);
    }
    if (!this.takeSymbol('[')) return undefined;
    const index = this.take();
    if (index.kind !== 'number' || !/^\d+$/.test(index.text)) throw this.unexpected(index);
    return { steps: [index.text], end: this.expectSymbol(']').end };
  }

  /** A name that is being given: after `as`. */
  alias(): { readonly name: string; readonly place: Place } {
    const token = this.take();
    if (token.kind !== 'word' && token.kind !== 'quoted') throw this.unexpected(token);
    return { name: token.text, place: token };
  }

  /** `item, item, …` */
  list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.takeSymbol(',')) items.push(item());
    return items;
  }

  string(): Token {
    if (this.peek().kind !== 'string') throw this.unexpected();
    return this.take();
  }

  /** A whole number that is not negative. */
  count(): number {
    const token = this.peek();
    const value = Number(token.text);
    if (token.kind !== 'number' || !Number.isSafeInteger(value)) throw this.unexpected();
    this.take();
    return value;
  }
}
