// The grammar of UpdateExpression: SET, REMOVE, ADD and DELETE, each with its actions.
import { OperandSyntax, readPath } from './operand-syntax.ts';
import { TokenReader } from './token-reader.ts';
import type { Section, SetValueNode, UpdateAction, UpdateNode, ValueNode } from './tree.ts';

/** Parses an update. Throws `ItemLanguageError`. */
export function readUpdate(text: string): UpdateNode {
  const reader = new TokenReader('UpdateExpression', text);
  const operands = new OperandSyntax(reader);
  const actions: UpdateAction[] = [];
  const sections = new Set<Section>();
  let repeated: Section | undefined;
  do {
    const section = readSection(reader);
    if (sections.has(section)) repeated ??= section;
    sections.add(section);
    do actions.push(readAction(reader, operands, section));
    while (reader.skip(','));
  } while (reader.next.kind !== 'end');
  return { actions, repeated };
}

const SECTIONS: readonly Section[] = ['SET', 'REMOVE', 'ADD', 'DELETE'];

function readSection(reader: TokenReader): Section {
  const section = SECTIONS.find((name) => reader.skip(name));
  if (section === undefined) throw reader.syntaxError();
  return section;
}

function readAction(reader: TokenReader, operands: OperandSyntax, section: Section): UpdateAction {
  const path = readPath(reader);
  if (section === 'REMOVE') return { section, path };
  reader.count();
  if (section !== 'SET') return { section, path, value: readPlaceholder(reader) };
  reader.expect('=');
  return { section, path, value: readSetValue(reader, operands) };
}

function readPlaceholder(reader: TokenReader): ValueNode {
  return { kind: 'value', placeholder: reader.expectKind('value').text };
}

/** An operand, or two with a plus or minus; parentheses may stand about either. */
function readSetValue(reader: TokenReader, operands: OperandSyntax): SetValueNode {
  if (!reader.skip('(')) return readSum(reader, operands);
  reader.open();
  const inner = readSetValue(reader, operands);
  operands.closeParentheses(inner);
  return inner.kind === 'arithmetic' ? inner : readSum(reader, operands, inner);
}

function readSum(
  reader: TokenReader,
  operands: OperandSyntax,
  left: Exclude<SetValueNode, { kind: 'arithmetic' }> = operands.readBare(),
): SetValueNode {
  const operator = reader.skip('+') ? '+' : reader.skip('-') ? '-' : undefined;
  if (operator === undefined) return left;
  reader.count();
  return { kind: 'arithmetic', operator, left, right: operands.read() };
}
