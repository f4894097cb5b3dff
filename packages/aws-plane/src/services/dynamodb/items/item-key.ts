// Keys of items: what a request gives as one, and what an item must have to be stored.
import {
  type AttributeValue,
  checkItem,
  type DocumentPath,
  type Item,
  itemBytes,
  ITEM_BYTES_MAX,
  keyBytes,
  type KeySchema,
  memberOf,
  typeOf,
} from '@pergola/item-language';
import { faults } from '../faults.ts';
import type { Table } from '../tables/table.ts';
import type { RawItem } from './item-input.ts';

const PARTITION_BYTES_MAX = 2_048;
const SORT_BYTES_MAX = 1_024;

/** The key that a request gives: exactly the attributes of the schema, of its types. Throws AwsFault, ItemLanguageError. */
export function keyOf(
  { schema, keyNames }: Pick<Table, 'schema' | 'keyNames'>,
  raw: RawItem | undefined,
): Item {
  const key = checkItem(raw ?? {});
  const { partition, sort } = schema;
  const fits =
    Object.keys(key).length === keyNames.length && hasType(key, partition) && (!sort || hasType(key, sort));
  if (!fits) throw faults.keyMismatch();
  assertKeySizes(schema, key);
  return key;
}

function hasType(item: Item, { name, type }: KeySchema['partition']): boolean {
  const value = Object.hasOwn(item, name) ? item[name] : undefined;
  return value !== undefined && type in value;
}

function lengthOf(value: AttributeValue): number {
  if ('S' in value) return Buffer.byteLength(value.S);
  return 'B' in value ? value.B.length : keyBytes(value).length;
}

function assertKeySizes({ partition, sort }: KeySchema, key: Item): void {
  assertNotEmpty(partition.name, key[partition.name]);
  if (sort) assertNotEmpty(sort.name, key[sort.name]);
  const hashValue = key[partition.name];
  const sortValue = sort && key[sort.name];
  if (hashValue && lengthOf(hashValue) > PARTITION_BYTES_MAX)
    throw faults.invalid(
      `Size of hashkey has exceeded the maximum size limit of${PARTITION_BYTES_MAX} bytes`,
    );
  if (sortValue && lengthOf(sortValue) > SORT_BYTES_MAX)
    throw faults.invalid(
      `Aggregated size of all range keys has exceeded the size limit of ${SORT_BYTES_MAX} bytes`,
    );
}

function emptyKind(value: AttributeValue | undefined): 'string' | 'binary' | undefined {
  if (!value) return undefined;
  if ('S' in value) return value.S === '' ? 'string' : undefined;
  return 'B' in value && value.B.length === 0 ? 'binary' : undefined;
}

function assertNotEmpty(name: string, value: AttributeValue | undefined): void {
  const kind = emptyKind(value);
  if (kind)
    throw faults.validation(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${kind} value. Key: ${name}`,
    );
}

/** Keys are scalars: no path leads into one. */
export function assertScalarKeys(
  { keyNames }: Pick<Table, 'keyNames'>,
  paths: readonly DocumentPath[],
): void {
  const into = paths.find(([name, ...rest]) => rest.length > 0 && keyNames.includes(name));
  if (into)
    throw faults.validation(
      `Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: ${into[0]}`,
    );
}

/** The key of an item that is to be stored, which must have one. */
export function keyOfItem({ schema, keyNames }: Table, item: Item): Item {
  // Names are the user's: `__proto__` is one like others.
  const key: Item = Object.fromEntries(
    keyNames.map((name) => {
      const value = memberOf(item, name);
      if (!value) throw faults.invalid(`Missing the key ${name} in the item`);
      const { type } = schema.partition.name === name ? schema.partition : (schema.sort ?? schema.partition);
      if (!(type in value))
        throw faults.invalid(`Type mismatch for key ${name} expected: ${type} actual: ${typeOf(value)}`);
      return [name, value];
    }),
  );
  assertKeySizes(schema, key);
  return key;
}

/** What an item must be like for the table's indexes, and how large it may be. */
export function assertStorable(table: Table, item: Item, tooLarge = faults.itemTooLarge): number {
  for (const { name, schema } of table.indexes) {
    assertIndexKey(name, schema.partition, item);
    if (schema.sort) assertIndexKey(name, schema.sort, item);
  }
  const bytes = itemBytes(item);
  if (bytes > ITEM_BYTES_MAX) throw tooLarge();
  return bytes;
}

function assertIndexKey(index: string, { name, type }: KeySchema['partition'], item: Item): void {
  const value = Object.hasOwn(item, name) ? item[name] : undefined;
  if (!value) return;
  if (!(type in value))
    throw faults.invalid(
      `Type mismatch for Index Key ${name} Expected: ${type} Actual: ${typeOf(value)} IndexName: ${index}`,
    );
  const empty = emptyKind(value);
  if (empty)
    throw faults.validation(
      `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty ${empty} value. IndexName: ${index}, IndexKey: ${name}`,
    );
  if (lengthOf(value) > PARTITION_BYTES_MAX)
    throw faults.invalid(
      `Size of hashkey has exceeded the maximum size limit of${PARTITION_BYTES_MAX} bytes`,
    );
}
