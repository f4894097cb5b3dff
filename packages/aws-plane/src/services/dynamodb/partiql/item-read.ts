// A SELECT of one item by its key, as batches and transactions have it.
import {
  bindColumns,
  bindWhere,
  type Condition,
  type Item,
  ItemKeyError,
  type SelectStatement,
  readTargetOf,
  type WriteTarget,
} from '@pergola/item-language';
import type { PlaneContext } from '../../../plane-context.ts';
import { dynamoOf } from '../dynamo-context.ts';
import { faults } from '../faults.ts';
import { keyOf } from '../items/item-key.ts';
import { decodeItem, type StoredItem } from '../storage/item-record.ts';
import { itemKey } from '../storage/layout.ts';
import type { Table } from '../tables/table.ts';

export interface ItemRead {
  readonly table: Table;
  readonly key: Item;
  /** What else the clause asks, which only EXISTS may. */
  readonly condition: Condition | undefined;
  readonly shape: (item: Item) => Item;
}

/** `operation` is named when the clause says too little or too much. */
export function itemRead(table: Table, statement: SelectStatement, operation: string): ItemRead {
  const { key, rest } = targetOf(table, statement, operation);
  if (statement.exists && !rest)
    throw faults.validation('EXISTS() must contain a single item read with additional condition');
  if (!statement.exists && rest) throw keyNeeded(operation);
  const columns = statement.columns && bindColumns(statement.columns);
  return {
    table,
    key: keyOf(table, key),
    condition: rest && bindWhere(rest),
    shape: (item) => (columns ? columns.project(item) : item),
  };
}

function targetOf(table: Table, statement: SelectStatement, operation: string): WriteTarget {
  try {
    return readTargetOf(statement.where, table.schema);
  } catch (error) {
    throw error instanceof ItemKeyError ? keyNeeded(operation) : error;
  }
}

function keyNeeded(operation: string): Error {
  return faults.validation(
    `Select statements within ${operation} must specify the primary key in the where clause.`,
  );
}

export function readItem(plane: PlaneContext, { table, key }: ItemRead): StoredItem | undefined {
  const record = dynamoOf(plane).bytes.get(itemKey(table.prefix, table.schema, key));
  return record && decodeItem(record);
}
