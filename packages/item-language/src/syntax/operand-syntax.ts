// Paths, placeholders and functions: what all expressions are made of.
import type { CallNode, OperandNode, PathNode, PathStep } from './tree.ts';
import type { TokenReader } from './token-reader.ts';

const INDEX_MAX = 2_147_483_647;

/** Lists longer than any can be are out of range, in DynamoDB's words. */
function readIndex(reader: TokenReader): PathStep {
  const { text } = reader.expectKind('integer');
  reader.expect(']');
  const index = Number(text);
  if (index > INDEX_MAX) throw reader.error(`List index is not within the allowable range; index: [${text}]`);
  return { kind: 'index', index };
}

function readName(reader: TokenReader): PathStep {
  const { kind, text } = reader.next;
  if (kind !== 'name' && kind !== 'alias') throw reader.syntaxError();
  reader.take();
  return kind === 'name' ? { kind, name: text } : { kind, alias: text };
}

/** `name`, `#alias`, then `.name`, `.#alias` or `[index]` as often as wanted. */
export function readPath(reader: TokenReader): PathNode {
  const steps: PathStep[] = [readName(reader)];
  readSteps(reader, steps);
  return { kind: 'path', steps };
}

function readSteps(reader: TokenReader, steps: PathStep[]): void {
  for (;;) {
    if (reader.skip('.')) steps.push(readName(reader));
    else if (reader.skip('[')) steps.push(readIndex(reader));
    else return;
  }
}

/** Whether a function begins here. */
function seesCall(reader: TokenReader): boolean {
  return reader.next.kind === 'name' && reader.afterNext.kind === 'symbol' && reader.afterNext.text === '(';
}

/** Operands, which remember what stood in parentheses: two pairs about the same thing are an error. */
export class OperandSyntax {
  readonly #reader: TokenReader;
  #wrapped: unknown;

  constructor(reader: TokenReader) {
    this.#reader = reader;
  }

  read(): OperandNode {
    const reader = this.#reader;
    if (reader.skip('(')) {
      reader.open();
      const inner = this.read();
      this.closeParentheses(inner);
      return inner;
    }
    return this.readBare();
  }

  /** An operand that is not in parentheses. */
  readBare(): OperandNode {
    const reader = this.#reader;
    if (reader.next.kind === 'value') return { kind: 'value', placeholder: reader.take().text };
    return seesCall(reader) ? this.#call() : readPath(reader);
  }

  /** After what parentheses hold: their end, and whether they were needed. */
  closeParentheses(inner: unknown): void {
    const reader = this.#reader;
    reader.expect(')');
    reader.close();
    if (this.#wrapped === inner) throw reader.redundantParentheses();
    this.#wrapped = inner;
  }

  #call(): CallNode {
    const reader = this.#reader;
    reader.count();
    const name = reader.take().text;
    reader.expect('(');
    return { kind: 'call', name, args: this.list() };
  }

  /** Operands with commas between them, and the closing parenthesis. */
  list(): readonly OperandNode[] {
    const reader = this.#reader;
    const operands = [this.read()];
    while (reader.skip(',')) operands.push(this.read());
    reader.expect(')');
    return operands;
  }
}
