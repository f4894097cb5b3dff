// ConsumedCapacity and ItemCollectionMetrics of transactions: by table, each table once.
import { readUnits } from '@pergola/item-language';
import {
  collectionMetrics,
  consumedCapacity,
  sumUnits,
  type Units,
  type Written,
  writeUnitsOf,
} from '../items/capacity.ts';
import type { Reporting } from '../items/item-input.ts';
import { faults } from '../faults.ts';
import type { StoredItem } from '../storage/item-record.ts';
import { keysOf } from '../storage/stream-record.ts';
import type { Table } from '../tables/table.ts';

/** Of what a transaction brings, and of what it hands out. */
export const TRANSACTION_BYTES_MAX = 4 * 1_048_576;

/** Refuses items that are too much for one transaction. */
export function assertTogether(items: readonly (StoredItem | undefined)[]): void {
  if (items.reduce((sum, item) => sum + (item?.bytes ?? 0), 0) > TRANSACTION_BYTES_MAX)
    throw faults.validation('Transaction payload size cannot exceed 4 MB');
}

/** What was used of a table, and by reading or by writing. */
export interface UsedUnits {
  readonly table: Table;
  readonly units: Units;
}

export function writtenUnits(written: readonly Written[]): readonly UsedUnits[] {
  return written.map((one) => ({ table: one.table, units: writeUnitsOf(one, true) }));
}

export function transactionalRead(table: Table, bytes: number): UsedUnits {
  return { table, units: new Map([['', readUnits(bytes, 'transactional')]]) };
}

/** One entry for each table; nothing when no report is wanted. */
export function transactionCapacity(
  used: readonly UsedUnits[],
  input: Reporting,
  direction: 'Read' | 'Write',
): readonly object[] | undefined {
  const byTable = new Map<string, UsedUnits[]>();
  for (const one of used) byTable.set(one.table.arn, [...(byTable.get(one.table.arn) ?? []), one]);
  const reports = [...byTable.values()].flatMap((all) => {
    const [first] = all;
    const units = sumUnits(all.map((one) => one.units));
    const report = first && consumedCapacity(first.table, units, input);
    const total = [...units.values()].reduce((sum, one) => sum + one, 0);
    return report ? [{ ...report, [`${direction}CapacityUnits`]: total }] : [];
  });
  return reports.length > 0 ? reports : undefined;
}

/** By the table's name; nothing when no metrics are wanted or no table has item collections. */
export function transactionMetrics(
  written: readonly Written[],
  wanted: 'SIZE' | 'NONE' | undefined,
): Record<string, readonly object[]> | undefined {
  const metrics = new Map<string, object[]>();
  for (const { table, before, after } of written) {
    const item = after?.item ?? before?.item;
    const found = item && collectionMetrics(table, keysOf(table, item), wanted);
    if (found) metrics.set(table.record.name, [...(metrics.get(table.record.name) ?? []), found]);
  }
  return metrics.size > 0 ? Object.fromEntries(metrics) : undefined;
}
