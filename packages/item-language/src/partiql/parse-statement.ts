// The door to PartiQL: SELECT, INSERT, UPDATE and DELETE as DynamoDB has them.
import type { AttributeValue } from '../attribute-value.ts';
import { ItemLanguageError } from '../item-language-error.ts';
import type { PathNode } from '../syntax/tree.ts';
import { checkValue } from '../values/check-value.ts';
import { readWhere } from './partiql-conditions.ts';
import { readPartiqlPath } from './partiql-paths.ts';
import { PartiqlReader } from './partiql-reader.ts';
import { malformed } from './partiql-tokens.ts';
import { readItem } from './partiql-values.ts';
import { readUpdateActions } from './partiql-updates.ts';
import type {
  DeleteStatement,
  InsertStatement,
  Returning,
  SelectStatement,
  Statement,
  UpdateStatement,
} from './statement.ts';

/** Parses a statement with the values for its question marks. Throws `ItemLanguageError`. */
export function parseStatement(text: string, parameters: readonly unknown[] = []): Statement {
  const values = parameters.map((value): AttributeValue => checkValue(value));
  const reader = new PartiqlReader(text, values);
  const statement = readStatement(reader);
  reader.finish();
  return statement;
}

function readStatement(reader: PartiqlReader): Statement {
  if (reader.skip('SELECT')) return readSelect(reader, false);
  if (reader.skip('INSERT')) return readInsert(reader);
  if (reader.skip('UPDATE')) return readUpdate(reader);
  if (reader.skip('DELETE')) return readDelete(reader);
  if (!reader.skip('EXISTS')) throw malformed('Unexpected term');
  reader.expect('(', 'SELECT');
  const select = readSelect(reader, true);
  reader.expect(')');
  return select;
}

function readSelect(reader: PartiqlReader, exists: boolean): SelectStatement {
  const columns = reader.skip('*') ? undefined : readColumns(reader);
  reader.expect('FROM');
  const table = reader.name();
  const index = reader.skip('.') ? reader.name() : undefined;
  const where = reader.skip('WHERE') ? readWhere(reader) : undefined;
  return { kind: 'select', table, index, columns, where, order: readOrder(reader), exists };
}

function readColumns(reader: PartiqlReader): readonly PathNode[] {
  const columns = [readPartiqlPath(reader)];
  while (reader.skip(',')) columns.push(readPartiqlPath(reader));
  return columns;
}

function readOrder(reader: PartiqlReader): SelectStatement['order'] {
  const order: { attribute: string; descending: boolean }[] = [];
  if (!reader.skip('ORDER')) return order;
  reader.expect('BY');
  do {
    const attribute = reader.name();
    const descending = reader.skip('DESC');
    if (!descending) reader.skip('ASC');
    order.push({ attribute, descending });
  } while (reader.skip(','));
  return order;
}

function readInsert(reader: PartiqlReader): InsertStatement {
  reader.expect('INTO');
  const table = reader.name();
  reader.expect('VALUE');
  return { kind: 'insert', table, item: readItem(reader) };
}

function readUpdate(reader: PartiqlReader): UpdateStatement {
  const table = reader.name();
  const actions = readUpdateActions(reader);
  const where = reader.skip('WHERE') ? readWhere(reader) : undefined;
  return { kind: 'update', table, actions, where, returning: readReturning(reader) };
}

function readDelete(reader: PartiqlReader): DeleteStatement {
  reader.expect('FROM');
  const table = reader.name();
  const where = reader.skip('WHERE') ? readWhere(reader) : undefined;
  const returning = readReturning(reader);
  if (returning !== undefined && returning !== 'ALL OLD')
    throw new ItemLanguageError(`DELETE statements support only RETURNING ALL OLD *, not ${returning}`);
  return { kind: 'delete', table, where, returning };
}

function readReturning(reader: PartiqlReader): Returning | undefined {
  if (!reader.skip('RETURNING')) return undefined;
  const all = reader.skip('ALL');
  if (!all) reader.expect('MODIFIED');
  const old = reader.skip('OLD');
  if (!old) reader.expect('NEW');
  reader.expect('*');
  return `${all ? 'ALL' : 'MODIFIED'} ${old ? 'OLD' : 'NEW'}`;
}
