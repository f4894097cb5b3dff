// The grammar of conditions: ConditionExpression, FilterExpression and KeyConditionExpression share it. One pass without
// going back: what stands in parentheses may turn out to be a condition or an operand.
import type { ExpressionKind } from '../item-language-error.ts';
import { OperandSyntax } from './operand-syntax.ts';
import { TokenReader } from './token-reader.ts';
import type { Comparator, ConditionNode, OperandNode } from './tree.ts';

/** Parses a condition. Throws `ItemLanguageError`. */
export function readCondition(kind: ExpressionKind, text: string): ConditionNode {
  return new ConditionSyntax(new TokenReader(kind, text)).whole();
}

type Node = ConditionNode | OperandNode;

const COMPARATORS: ReadonlySet<string> = new Set(['=', '<>', '<', '<=', '>', '>=']);

class ConditionSyntax {
  readonly #reader: TokenReader;
  readonly #operands: OperandSyntax;

  constructor(reader: TokenReader) {
    this.#reader = reader;
    this.#operands = new OperandSyntax(reader);
  }

  whole(): ConditionNode {
    const node = this.#or(false);
    this.#reader.expectEnd();
    return this.#condition(node);
  }

  /** `lone`: an operand by itself will do, because parentheses are open about it. */
  #or(lone: boolean): Node {
    return this.#chain('or', (first) => this.#and(first && lone));
  }

  #and(lone: boolean): Node {
    return this.#chain('and', (first) => this.#not(first && lone));
  }

  #chain(kind: 'and' | 'or', read: (first: boolean) => Node): Node {
    const reader = this.#reader;
    const first = read(true);
    const word = kind.toUpperCase();
    if (!reader.sees(word)) return first;
    const parts = [this.#condition(first)];
    while (reader.skip(word)) {
      reader.count();
      parts.push(this.#condition(read(false)));
    }
    return { kind, parts };
  }

  #not(lone: boolean): Node {
    const reader = this.#reader;
    if (!reader.skip('NOT')) return this.#primary(lone);
    reader.count();
    return { kind: 'not', part: this.#condition(this.#not(false)) };
  }

  #primary(lone: boolean): Node {
    const reader = this.#reader;
    if (!reader.skip('(')) return this.#comparison(this.#operands.readBare(), lone);
    reader.open();
    const inner = this.#or(true);
    this.#operands.closeParentheses(inner);
    return isOperand(inner) ? this.#comparison(inner, lone) : inner;
  }

  /** What follows an operand. */
  #comparison(operand: OperandNode, lone: boolean): Node {
    const reader = this.#reader;
    const { kind, text } = reader.next;
    if (kind === 'symbol' && COMPARATORS.has(text)) return this.#compare(operand, text as Comparator);
    if (reader.skip('BETWEEN')) return this.#between(operand);
    if (reader.skip('IN')) return this.#in(operand);
    if (operand.kind === 'call' || (lone && reader.sees(')'))) return operand;
    throw reader.syntaxError();
  }

  #compare(left: OperandNode, comparator: Comparator): Node {
    this.#reader.take();
    this.#reader.count();
    return { kind: 'comparison', comparator, left, right: this.#operands.read() };
  }

  #between(operand: OperandNode): Node {
    this.#reader.count();
    const low = this.#operands.read();
    this.#reader.expect('AND');
    return { kind: 'between', operand, low, high: this.#operands.read() };
  }

  #in(operand: OperandNode): Node {
    this.#reader.count();
    this.#reader.expect('(');
    return { kind: 'in', operand, list: this.#operands.list() };
  }

  #condition(node: Node): ConditionNode {
    if (node.kind === 'path' || node.kind === 'value' || node.kind === 'literal')
      throw this.#reader.syntaxError();
    return node;
  }
}

/** A function is both. */
function isOperand(node: Node): node is OperandNode {
  return node.kind === 'path' || node.kind === 'value' || node.kind === 'literal' || node.kind === 'call';
}
