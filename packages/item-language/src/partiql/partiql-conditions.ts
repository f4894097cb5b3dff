// The WHERE clause: the conditions of expressions in another dress, and the same trees.
import type { CallNode, Comparator, ConditionNode, OperandNode } from '../syntax/tree.ts';
import { readPartiqlPath } from './partiql-paths.ts';
import type { PartiqlReader } from './partiql-reader.ts';
import { readValue, seesValue } from './partiql-values.ts';

export function readWhere(reader: PartiqlReader): ConditionNode {
  return readChain(reader, 'or', () => readChain(reader, 'and', () => readNot(reader)));
}

function readChain(reader: PartiqlReader, kind: 'and' | 'or', read: () => ConditionNode): ConditionNode {
  const first = read();
  const word = kind.toUpperCase();
  if (!reader.sees(word)) return first;
  const parts = [first];
  while (reader.skip(word)) parts.push(read());
  return { kind, parts };
}

function readNot(reader: PartiqlReader): ConditionNode {
  if (reader.skip('NOT')) return { kind: 'not', part: reader.nested(() => readNot(reader)) };
  if (!reader.skip('(')) return readComparison(reader);
  const inner = reader.nested(() => readWhere(reader));
  reader.expect(')');
  return readTruth(reader, inner);
}

/** A condition may be compared with a boolean: it, or its opposite. */
function readTruth(reader: PartiqlReader, condition: ConditionNode): ConditionNode {
  const equal = reader.sees('=');
  if (!equal && !reader.sees('<>') && !reader.sees('!=')) return condition;
  if (!reader.sees('TRUE', 1) && !reader.sees('FALSE', 1)) return condition;
  reader.take();
  const wanted = reader.take().text.toUpperCase() === 'TRUE';
  return readTruth(reader, equal === wanted ? condition : { kind: 'not', part: condition });
}

const COMPARATORS: Readonly<Record<string, Comparator | undefined>> = {
  '=': '=',
  '<>': '<>',
  '!=': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

const CONDITIONS: ReadonlySet<string> = new Set([
  'attribute_exists',
  'attribute_not_exists',
  'attribute_type',
  'begins_with',
  'contains',
]);

function readComparison(reader: PartiqlReader): ConditionNode {
  const operand = readOperand(reader);
  if (operand.kind === 'call' && CONDITIONS.has(operand.name)) return readTruth(reader, operand);
  const comparator = reader.next.kind === 'symbol' ? COMPARATORS[reader.next.text] : undefined;
  if (comparator !== undefined) {
    reader.take();
    return { kind: 'comparison', comparator, left: operand, right: readOperand(reader) };
  }
  if (reader.skip('IS')) return readIs(reader, operand);
  const negated = reader.sees('IN', 1) || reader.sees('BETWEEN', 1) ? reader.skip('NOT') : false;
  const node = readRange(reader, operand);
  return negated ? { kind: 'not', part: node } : node;
}

function readRange(reader: PartiqlReader, operand: OperandNode): ConditionNode {
  if (reader.skip('BETWEEN')) {
    const low = readOperand(reader);
    reader.expect('AND');
    return { kind: 'between', operand, low, high: readOperand(reader) };
  }
  if (reader.skip('IN')) return { kind: 'in', operand, list: readIn(reader) };
  throw reader.unexpected();
}

/** `IS [NOT] MISSING` and `IS [NOT] NULL`. */
function readIs(reader: PartiqlReader, operand: OperandNode): ConditionNode {
  const negated = reader.skip('NOT');
  if (reader.skip('MISSING'))
    return { kind: 'call', name: negated ? 'attribute_exists' : 'attribute_not_exists', args: [operand] };
  reader.expect('NULL');
  const isNull: CallNode = {
    kind: 'call',
    name: 'attribute_type',
    args: [operand, { kind: 'literal', value: { S: 'NULL' } }],
  };
  return negated ? { kind: 'not', part: isNull } : isNull;
}

function readIn(reader: PartiqlReader): readonly OperandNode[] {
  const end = reader.skip('[') ? ']' : ')';
  if (end === ')') reader.expect('(');
  const list: OperandNode[] = [];
  do list.push({ kind: 'literal', value: readValue(reader) });
  while (reader.skip(','));
  reader.expect(end);
  return list;
}

/** A path, a value, or a function, whose name may be in any case. */
function readOperand(reader: PartiqlReader): OperandNode {
  if (seesValue(reader)) return { kind: 'literal', value: readValue(reader) };
  if (!(reader.next.kind === 'word' && reader.sees('(', 1))) return readPartiqlPath(reader);
  const name = reader.take().text.toLowerCase();
  reader.expect('(');
  const args: OperandNode[] = [];
  do args.push(reader.nested(() => readOperand(reader)));
  while (reader.skip(','));
  reader.expect(')');
  return { kind: 'call', name, args };
}
