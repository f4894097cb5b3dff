// The clauses of an UPDATE statement as actions of an update: SET, REMOVE, and the functions on sets and lists.
import { ItemLanguageError } from '../item-language-error.ts';
import type { LiteralNode, OperandNode, PathNode, SetValueNode, UpdateAction } from '../syntax/tree.ts';
import { readPartiqlPath } from './partiql-paths.ts';
import type { PartiqlReader } from './partiql-reader.ts';
import { readValue, seesValue } from './partiql-values.ts';

export function readUpdateActions(reader: PartiqlReader): readonly UpdateAction[] {
  const actions: UpdateAction[] = [];
  for (;;) {
    if (reader.skip('SET')) readList(reader, () => actions.push(readSet(reader)));
    else if (reader.skip('REMOVE'))
      readList(reader, () => actions.push({ section: 'REMOVE', path: readPartiqlPath(reader) }));
    else if (actions.length > 0) return actions;
    else throw reader.unexpected();
  }
}

function readList(reader: PartiqlReader, read: () => void): void {
  do read();
  while (reader.skip(','));
}

function readSet(reader: PartiqlReader): UpdateAction {
  const path = readPartiqlPath(reader);
  reader.expect('=');
  if (reader.sees('(', 1)) {
    if (reader.sees('SET_ADD')) return readSetChange(reader, path, 'ADD');
    if (reader.sees('SET_DELETE')) return readSetChange(reader, path, 'DELETE');
  }
  return { section: 'SET', path, value: readSum(reader) };
}

/** `set_add(path, <<…>>)`, with the path that is set. */
function readSetChange(reader: PartiqlReader, path: PathNode, section: 'ADD' | 'DELETE'): UpdateAction {
  const { start } = reader.next;
  const name = reader.take().text.toUpperCase();
  reader.expect('(');
  const argument = readPartiqlPath(reader);
  reader.expect(',');
  const value = readValue(reader);
  reader.expect(')');
  if (!('SS' in value || 'NS' in value || 'BS' in value))
    throw new ItemLanguageError(
      `The second argument to ${name} must be a value with type SET at ${reader.place(start, start + name.length + 1)}`,
    );
  if (JSON.stringify(argument) !== JSON.stringify(path))
    throw new ItemLanguageError(`The first argument to ${name} must be the attribute that is set`);
  return { section, path, value: { kind: 'literal', value } satisfies LiteralNode };
}

function readSum(reader: PartiqlReader): SetValueNode {
  const left = readOperand(reader);
  const operator = reader.skip('+') ? '+' : reader.skip('-') ? '-' : undefined;
  return operator === undefined ? left : { kind: 'arithmetic', operator, left, right: readOperand(reader) };
}

const FUNCTIONS: ReadonlySet<string> = new Set(['list_append', 'if_not_exists']);

function readOperand(reader: PartiqlReader): OperandNode {
  if (seesValue(reader)) return { kind: 'literal', value: readValue(reader) };
  if (!(reader.next.kind === 'word' && reader.sees('(', 1))) return readPartiqlPath(reader);
  const name = reader.take().text.toLowerCase();
  if (!FUNCTIONS.has(name)) throw new ItemLanguageError(`Invalid function name; function: ${name}`);
  reader.expect('(');
  const args: OperandNode[] = [];
  do args.push(reader.nested(() => readOperand(reader)));
  while (reader.skip(','));
  reader.expect(')');
  return { kind: 'call', name, args };
}
