// INSERT, UPDATE and DELETE as writes of one item.
import {
  bindActions,
  bindWhere,
  type Condition,
  type ConditionNode,
  type DeleteStatement,
  type InsertStatement,
  type Item,
  type Returning,
  type Update,
  type UpdateStatement,
  writeTargetOf,
} from '@pergola/item-language';
import { AwsFault } from '../../../fault.ts';
import { type TableName } from '../arn.ts';
import { faults } from '../faults.ts';
import type { Written } from '../items/capacity.ts';
import { keyOf, keyOfItem } from '../items/item-key.ts';
import type { ItemWrite } from '../items/item-write.ts';
import { assertKeysUntouched, returned } from '../items/update-item.ts';
import type { Table } from '../tables/table.ts';

export type WriteStatement = InsertStatement | UpdateStatement | DeleteStatement;

export interface StatementWrite {
  readonly write: ItemWrite;
  /** What RETURNING asks for. */
  readonly returned: (written: Written) => Item | undefined;
}

/** Throws AwsFault, ItemLanguageError. */
export function writeOf(table: Table, at: TableName, statement: WriteStatement): StatementWrite {
  switch (statement.kind) {
    case 'insert':
      return insertion(table, at, statement);
    case 'update':
      return updating(table, at, statement);
    case 'delete':
      return deletion(table, at, statement);
  }
}

function nothing(): undefined {
  return undefined;
}

/** Another item with the key is an error, not what is replaced. */
function insertion(table: Table, at: TableName, { item }: InsertStatement): StatementWrite {
  const change = (before: Item | undefined): Item => {
    if (before) throw new AwsFault('DuplicateItemException', 400, 'Duplicate primary key exists in table');
    return item;
  };
  return { write: { at, key: keyOfItem(table, item), change }, returned: nothing };
}

/** An update needs an item that is there. */
function updating(table: Table, at: TableName, statement: UpdateStatement): StatementWrite {
  const { key, rest } = writeTargetOf(statement.where, table.schema);
  const update = bindActions(statement.actions);
  assertKeysUntouched(table, update);
  const condition = bindWhere(joined('and', exists(table, 'attribute_exists'), rest));
  const change = (before: Item | undefined): Item | undefined => before && update.apply(before);
  return {
    write: { at, key: keyOf(table, key), condition, change, tooLarge: faults.updatedItemTooLarge },
    returned: (written) => returnedBy(statement.returning, written, update),
  };
}

/** There need not be anything to delete; what is there must be as the clause says. */
function deletion(table: Table, at: TableName, statement: DeleteStatement): StatementWrite {
  const { key, rest } = writeTargetOf(statement.where, table.schema);
  const condition: Condition | undefined =
    rest && bindWhere(joined('or', exists(table, 'attribute_not_exists'), rest));
  return {
    write: { at, key: keyOf(table, key), condition, change: nothing },
    returned: (written) => returnedBy(statement.returning, written, undefined),
  };
}

function joined(kind: 'and' | 'or', first: ConditionNode, rest: ConditionNode | undefined): ConditionNode {
  return rest ? { kind, parts: [first, rest] } : first;
}

function exists({ schema }: Table, name: 'attribute_exists' | 'attribute_not_exists'): ConditionNode {
  return {
    kind: 'call',
    name,
    args: [{ kind: 'path', steps: [{ kind: 'name', name: schema.partition.name }] }],
  };
}

/** RETURNING in the words of the other operations. */
export const RETURN_VALUES = {
  'ALL OLD': 'ALL_OLD',
  'ALL NEW': 'ALL_NEW',
  'MODIFIED OLD': 'UPDATED_OLD',
  'MODIFIED NEW': 'UPDATED_NEW',
} as const;

function returnedBy(
  wanted: Returning | undefined,
  written: Written,
  update: Update | undefined,
): Item | undefined {
  return wanted && returned(written, update, RETURN_VALUES[wanted]);
}
