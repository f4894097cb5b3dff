// ConsumedCapacity and ItemCollectionMetrics, as the answers have them.
import { type Item, writeUnits } from '@pergola/item-language';
import { projectedBytes } from '../storage/change.ts';
import type { StoredItem } from '../storage/item-record.ts';
import { entryKey } from '../storage/layout.ts';
import type { Index, Table } from '../tables/table.ts';
import type { Reporting } from './item-input.ts';

/** Units by where they were used: '' is the table itself, other names are its indexes. */
export type Units = ReadonlyMap<string, number>;

interface CapacityShape {
  readonly CapacityUnits: number;
}

/** Nothing when the request asks for no report. */
export function consumedCapacity(
  table: Table,
  units: Units,
  { ReturnConsumedCapacity: wanted }: Reporting,
): object | undefined {
  if (wanted === undefined || wanted === 'NONE') return undefined;
  const total = [...units.values()].reduce((sum, one) => sum + one, 0);
  const answer = { TableName: table.record.name, CapacityUnits: total };
  if (wanted === 'TOTAL') return answer;
  const local = ofKind(table, units, 'local');
  const global = ofKind(table, units, 'global');
  return {
    ...answer,
    Table: { CapacityUnits: units.get('') ?? 0 },
    ...(local && { LocalSecondaryIndexes: local }),
    ...(global && { GlobalSecondaryIndexes: global }),
  };
}

function ofKind(table: Table, units: Units, kind: Index['kind']): Record<string, CapacityShape> | undefined {
  const found = table.indexes.flatMap((index) => {
    const used = index.kind === kind ? units.get(index.name) : undefined;
    return used === undefined ? [] : [[index.name, { CapacityUnits: used }] as const];
  });
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}

export interface Written {
  readonly table: Table;
  /** The item's key in the storage. */
  readonly key: Buffer;
  readonly before: StoredItem | undefined;
  readonly after: StoredItem | undefined;
}

/** What a write used: the larger of before and after for the table, and what each index had to change. */
export function writeUnitsOf({ table, key, before, after }: Written, transactional = false): Units {
  const units = new Map([['', writeUnits(Math.max(before?.bytes ?? 0, after?.bytes ?? 0), transactional)]]);
  for (const index of table.indexes) {
    const used = indexUnits(index, { table, key, before, after }, transactional);
    if (used > 0) units.set(index.name, used);
  }
  return units;
}

function indexUnits(index: Index, { key, before, after }: Written, transactional: boolean): number {
  const was = before && entryKey(index, before.item, key);
  const is = after && entryKey(index, after.item, key);
  const cost = (stored: StoredItem | undefined) =>
    stored ? writeUnits(projectedBytes(index, stored), transactional) : 0;
  if (!was) return is ? cost(after) : 0;
  if (!is) return cost(before);
  if (!was.equals(is)) return cost(before) + cost(after);
  const same = before && after && sameItems(index.project(before.item), index.project(after.item));
  return same ? 0 : Math.max(cost(before), cost(after));
}

function sameItems(left: Item, right: Item): boolean {
  return JSON.stringify(sorted(left)) === JSON.stringify(sorted(right));
}

function sorted(item: Item): readonly (readonly [string, unknown])[] {
  return Object.entries(item).sort(([left], [right]) => (left < right ? -1 : 1));
}

const COLLECTION_GB_MAX = 1;

/** Only tables with local indexes have item collections. */
export function collectionMetrics(
  { record, schema }: Table,
  key: Item,
  wanted: 'SIZE' | 'NONE' | undefined,
): object | undefined {
  if (wanted !== 'SIZE' || record.localIndexes.length === 0) return undefined;
  const { name } = schema.partition;
  return { ItemCollectionKey: { [name]: key[name] }, SizeEstimateRangeGB: [0, COLLECTION_GB_MAX] };
}

/** Adds up the units of several writes to one table. */
export function sumUnits(all: readonly Units[]): Units {
  const sum = new Map<string, number>();
  for (const units of all) for (const [name, used] of units) sum.set(name, (sum.get(name) ?? 0) + used);
  return sum;
}
