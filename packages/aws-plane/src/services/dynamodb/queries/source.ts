// Where a Query or Scan reads: a table or an index, its keys, and what of an item is seen there.
import { checkItem, type Item, type KeySchema } from '@pergola/item-language';
import { faults } from '../faults.ts';
import type { RawItem } from '../items/item-input.ts';
import { keyOf } from '../items/item-key.ts';
import { entryKey, itemKey } from '../storage/layout.ts';
import type { Index, Table } from '../tables/table.ts';

export interface Source {
  readonly table: Table;
  readonly index: Index | undefined;
  readonly schema: KeySchema;
  readonly prefix: Buffer;
  /** The attributes of a LastEvaluatedKey. */
  readonly keyNames: readonly string[];
}

/** Throws for an index that is not there, or not yet, and for consistent reads where there are none. */
export function sourceOf(
  table: Table,
  indexName: string | undefined,
  consistent: boolean | undefined,
): Source {
  if (indexName === undefined)
    return { table, index: undefined, schema: table.schema, prefix: table.prefix, keyNames: table.keyNames };
  const index = table.indexes.find(({ name }) => name === indexName);
  if (!index) throw faults.noSuchIndex(indexName);
  if (index.record.status === 'CREATING')
    throw faults.validation(`Cannot read from backfilling global secondary index: ${indexName}`);
  if (index.kind === 'global' && consistent)
    throw faults.validation('Consistent reads are not supported on global secondary indexes');
  const { schema, prefix } = index;
  const names = [...table.keyNames, schema.partition.name, ...(schema.sort ? [schema.sort.name] : [])];
  return { table, index, schema, prefix, keyNames: [...new Set(names)] };
}

/** The place of an ExclusiveStartKey in the storage. Throws when it is not one of this source. */
export function startKeyOf(source: Source, raw: RawItem): Buffer {
  const { table, index, keyNames } = source;
  if (Object.keys(raw).length !== keyNames.length || !keyNames.every((name) => Object.hasOwn(raw, name)))
    throw faults.validation('The provided starting key is invalid');
  const given = checkItem(raw);
  const own = keyOf(table, Object.fromEntries(table.keyNames.map((name) => [name, given[name]])));
  const key = itemKey(table.prefix, table.schema, own);
  if (!index) return key;
  const entry = isEmptyKey(index, given) ? undefined : entryKey(index, given, key);
  if (!entry) throw faults.validation('The provided starting key is invalid');
  return entry;
}

/** No item with an empty key is in an index. */
function isEmptyKey({ schema: { partition, sort } }: Index, key: Item): boolean {
  return [partition.name, ...(sort ? [sort.name] : [])].some((name) => {
    const value = key[name];
    return value !== undefined && ('S' in value ? value.S === '' : 'B' in value && value.B.length === 0);
  });
}
