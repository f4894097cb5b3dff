// What a changed table needs done in the background: entries for the items that a new index finds, and for those that
// may expire; the end of deleted indexes. Writes that come meanwhile make their own entries, so that none is missed.
import type { PlaneContext } from '../../../plane-context.ts';
import { dynamoOf } from '../dynamo-context.ts';
import { expirySecond, projectedBytes } from '../storage/change.ts';
import { forgetPrefix } from '../storage/forgetting.ts';
import { decodeItem } from '../storage/item-record.ts';
import { after, behind, entryKey, expiryKey, indexPrefix, sizeKey } from '../storage/layout.ts';
import { addSizes } from '../storage/sizes.ts';
import type { Table } from './table.ts';
import type { IndexRecord, TableRecord } from './table-record.ts';
import { findTable, putTable } from './table-state.ts';

const BATCH_ITEMS = 500;

/** Brings all indexes of a table to their end. Resolves when that is done. */
export function buildIndexes(plane: PlaneContext, at: TableRecord): Promise<void> {
  return dynamoOf(plane).chores.run('build the indexes of a table', async () => {
    const table = findTable(plane.store, at);
    if (!table || table.record.key !== at.key) return;
    await fillEntries(plane, table);
    await forgetIndexes(plane, table);
    if (dynamoOf(plane).chores.stopping.aborted) return;
    await settle(plane, table.record);
  });
}

/** Everything is as it should be now. */
async function settle(plane: PlaneContext, done: TableRecord): Promise<void> {
  const ends = new Map(done.globalIndexes.map(({ key, status }) => [key, status]));
  await plane.store.transact((tx) => {
    const record = findTable(tx, done)?.record;
    if (!record || record.key !== done.key) return;
    const globalIndexes = record.globalIndexes.flatMap((index): IndexRecord[] => {
      if (ends.get(index.key) !== index.status) return [index];
      return index.status === 'DELETING' ? [] : [{ ...index, status: 'ACTIVE' }];
    });
    const filled = record.expiry && record.expiry.key === done.expiry?.key;
    const used = new Set(
      [record.keys, ...record.localIndexes, ...globalIndexes].flatMap(({ partition, sort }) => [
        partition,
        sort,
      ]),
    );
    putTable(tx, {
      ...record,
      globalIndexes,
      attributes: record.attributes.filter(({ name }) => used.has(name)),
      ...(filled && { expiry: { ...record.expiry, filling: undefined } }),
    });
  });
}

async function forgetIndexes(plane: PlaneContext, { record }: Table): Promise<void> {
  const { bytes, chores } = dynamoOf(plane);
  for (const index of record.globalIndexes) {
    if (index.status !== 'DELETING') continue;
    await forgetPrefix(bytes, indexPrefix(record.key, index.key), chores.stopping);
    await bytes.transact((tx) => tx.delete(sizeKey(record.key, index.key)));
  }
}

async function fillEntries(plane: PlaneContext, table: Table): Promise<void> {
  const { bytes, chores } = dynamoOf(plane);
  const pending = table.indexes.some(({ record }) => record.status === 'CREATING');
  if (!pending && !table.record.expiry?.filling) return;
  let from = table.prefix;
  for (;;) {
    const keys = [...bytes.range({ from, to: behind(table.prefix), limit: BATCH_ITEMS })].map(
      ({ key }) => key,
    );
    const last = keys.at(-1);
    if (!last || chores.stopping.aborted) return;
    await fillBatch(plane, table.record, keys);
    from = after(last);
  }
}

/** Items are read again within the transaction: what has changed since has its entries already. */
async function fillBatch(plane: PlaneContext, at: TableRecord, keys: readonly Buffer[]): Promise<void> {
  await dynamoOf(plane).bytes.transact((tx) => {
    const table = findTable(plane.store, at);
    // Another table may have the name by now.
    if (!table || table.record.key !== at.key) return;
    for (const key of keys) {
      const record = tx.get(key);
      if (!record) continue;
      const stored = decodeItem(record);
      for (const index of table.indexes) {
        const entry = index.record.status === 'CREATING' ? entryKey(index, stored.item, key) : undefined;
        if (!entry || tx.get(entry)) continue;
        tx.put(entry, key);
        addSizes(tx, sizeKey(table.record.key, index.record.key), {
          items: 1,
          bytes: projectedBytes(index, stored),
        });
      }
      const { expiry } = table;
      const due = expiry && expiryKey(expiry.prefix, expirySecond(stored.item, expiry.attribute), key);
      if (due) tx.put(due, key);
    }
  });
}

/** Indexes that were being made or deleted when the plane ended. */
export function resumeBuilding(plane: PlaneContext, tables: readonly Table[]): void {
  for (const { record } of tables) {
    const busy = record.globalIndexes.some(({ status }) => status !== 'ACTIVE');
    if (busy || record.expiry?.filling) void buildIndexes(plane, record);
  }
}
