// Writing one item: read, ask the condition, change, and everything that follows, alone and as a whole.
import type { Condition, Item } from '@pergola/item-language';
import type { ByteTransaction } from '@pergola/store';
import type { TableName } from '../arn.ts';
import { dynamoOf } from '../dynamo-context.ts';
import { faults } from '../faults.ts';
import type { AwsFault } from '../../../fault.ts';
import type { PlaneContext } from '../../../plane-context.ts';
import { applyChange } from '../storage/change.ts';
import { decodeItem, type StoredItem } from '../storage/item-record.ts';
import { itemKey } from '../storage/layout.ts';
import type { Table } from '../tables/table.ts';
import { findTable } from '../tables/table-state.ts';
import type { Written } from './capacity.ts';
import { assertScalarKeys, assertStorable } from './item-key.ts';

export interface ItemWrite {
  readonly at: TableName;
  /** The attributes of the key, checked against the table's schema. */
  readonly key: Item;
  readonly condition?: Condition | undefined;
  /** Whether a failed condition's fault shows the item. */
  readonly showOnFailure?: boolean | undefined;
  /** The item after the write; undefined: there is none any more. */
  readonly change: (before: Item | undefined) => Item | undefined;
  readonly tooLarge?: (() => AwsFault) | undefined;
}

/** The table of a data operation, or ResourceNotFoundException. */
export function dataTable(plane: PlaneContext, at: TableName): Table {
  const table = findTable(plane.store, at);
  if (!table || table.record.restoring) throw faults.noSuchResource();
  return table;
}

/** Runs one write. Resolves when the disk has it. */
export function writeItem(plane: PlaneContext, write: ItemWrite): Promise<Written> {
  return dynamoOf(plane).bytes.transact((tx) => writeWithin(tx, plane, write));
}

/** A write as a part of a transaction. Throws before anything is written. */
export function writeWithin(tx: ByteTransaction, plane: PlaneContext, write: ItemWrite): Written {
  // Looked up again, because indexes and streams may have come since the request was read.
  const table = dataTable(plane, write.at);
  if (write.condition) assertScalarKeys(table, write.condition.paths);
  const key = itemKey(table.prefix, table.schema, write.key);
  const record = tx.get(key);
  const before = record && decodeItem(record);
  if (write.condition && !write.condition.test(before?.item ?? {}))
    throw faults.conditionFailed(write.showOnFailure ? before?.item : undefined);
  const item = write.change(before?.item);
  const after: StoredItem | undefined = item && {
    item,
    bytes: assertStorable(table, item, write.tooLarge),
  };
  applyChange(tx, table, { key, before, after, atMs: plane.clock.nowMs() });
  return { table, key, before, after };
}
