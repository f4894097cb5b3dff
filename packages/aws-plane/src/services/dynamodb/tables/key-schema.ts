// The keys of tables and indexes as requests give them, checked as DynamoDB checks them.
import type { AttributeDefinition, KeySchemaElement, Projection } from '@aws-sdk/client-dynamodb';
import { faults } from '../faults.ts';
import { namesOf } from './table.ts';
import type { AttributeRecord, IndexRecord, KeyRecord, TableRecord } from './table-record.ts';

/** Reads a KeySchema. `where` ends the messages about an index. */
export function keysOf(schema: readonly KeySchemaElement[] = []): KeyRecord {
  const [hash, range] = schema;
  if (schema.length > 2)
    throw faults.constraint(
      `[${schema.map(shown).join(', ')}]`,
      'keySchema',
      'Member must have length less than or equal to 2',
    );
  if (hash?.KeyType !== 'HASH')
    throw faults.validation('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
  const partition = hash.AttributeName ?? '';
  if (!range) return { partition };
  if (range.KeyType !== 'RANGE')
    throw faults.validation('Invalid KeySchema: The second KeySchemaElement is not a RANGE key type');
  const sort = range.AttributeName ?? '';
  if (sort === partition)
    throw faults.validation(
      'Both the Hash Key and the Range Key element in the KeySchema have the same name',
    );
  return { partition, sort };
}

const shown = ({ AttributeName, KeyType }: KeySchemaElement) =>
  `KeySchemaElement(attributeName=${AttributeName}, keyType=${KeyType})`;

export function attributesOf(definitions: readonly AttributeDefinition[] = []): AttributeRecord[] {
  const seen = new Set<string>();
  return definitions.map(({ AttributeName: name = '', AttributeType: type }) => {
    if (seen.has(name)) throw faults.invalid(`Duplicate AttributeName in AttributeDefinitions: ${name}`);
    seen.add(name);
    return { name, type: type as AttributeRecord['type'] };
  });
}

const NON_KEYS_MAX = 100;

export interface IndexProjection {
  readonly projection: IndexRecord['projection'];
  readonly nonKeys?: readonly string[] | undefined;
}

export function projectionOf(given: Projection | undefined): IndexProjection {
  const projection = given?.ProjectionType;
  const nonKeys = given?.NonKeyAttributes;
  if (projection === undefined) throw faults.invalid('Unknown ProjectionType: null');
  if (projection !== 'INCLUDE') {
    if (nonKeys) throw faults.invalid(`ProjectionType is ${projection}, but NonKeyAttributes is specified`);
    return { projection };
  }
  if (!nonKeys) throw faults.invalid('ProjectionType is INCLUDE, but NonKeyAttributes is not specified');
  return { projection, nonKeys };
}

const LOCAL_MAX = 5;
const GLOBAL_MAX = 20;

/** Holds the whole of a table's keys and indexes to DynamoDB's rules. */
export function assertSchema(
  table: Pick<TableRecord, 'attributes' | 'keys' | 'localIndexes' | 'globalIndexes'>,
): void {
  const { attributes, keys, localIndexes, globalIndexes } = table;
  const defined = new Set(attributes.map(({ name }) => name));
  assertDefined(namesOf(keys), defined, 'Some index key attributes are not defined in AttributeDefinitions.');
  for (const index of localIndexes) assertLocal(index, keys);
  assertIndexNames(localIndexes, globalIndexes);
  const all = [...localIndexes, ...globalIndexes];
  for (const index of all)
    assertDefined(
      namesOf(index),
      defined,
      'Some index key attributes are not defined in AttributeDefinitions.',
    );
  const nonKeys = all.reduce((sum, index) => sum + (index.nonKeys?.length ?? 0), 0);
  if (nonKeys > NON_KEYS_MAX)
    throw faults.invalid(`The total number of non-key attributes of all indexes exceeds ${NON_KEYS_MAX}`);
  const used = new Set([keys, ...all].flatMap(namesOf));
  if (used.size < defined.size) throw unusedAttributes(all.length, defined, used);
}

function unusedAttributes(indexes: number, defined: ReadonlySet<string>, used: ReadonlySet<string>) {
  if (indexes === 0)
    return faults.invalid(
      'Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
    );
  return faults.invalid(
    `Some AttributeDefinitions are not used. AttributeDefinitions: [${[...defined].join(', ')}], keys used: [${[...used].join(', ')}]`,
  );
}

function assertDefined(names: readonly string[], defined: ReadonlySet<string>, problem: string): void {
  if (names.every((name) => defined.has(name))) return;
  throw faults.invalid(
    `${problem} Keys: [${names.join(', ')}], AttributeDefinitions: [${[...defined].join(', ')}]`,
  );
}

function assertLocal({ name, partition, sort }: IndexRecord, keys: KeyRecord): void {
  if (keys.sort === undefined)
    throw faults.invalid(
      'Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex',
    );
  if (sort === undefined)
    throw faults.invalid(`Index KeySchema does not have a range key for index: ${name}`);
  if (partition !== keys.partition)
    throw faults.invalid(
      `Index KeySchema does not have the same leading hash key as table KeySchema for index: ${name}. index hash key: ${partition}, table hash key: ${keys.partition}`,
    );
}

function assertIndexNames(local: readonly IndexRecord[], global: readonly IndexRecord[]): void {
  if (local.length > LOCAL_MAX)
    throw faults.invalid(`Number of LocalSecondaryIndexes exceeds per-table limit of ${LOCAL_MAX}`);
  if (global.length > GLOBAL_MAX)
    throw faults.invalid(`GlobalSecondaryIndex count exceeds the per-table limit of ${GLOBAL_MAX}`);
  const seen = new Set<string>();
  for (const { name } of [...local, ...global]) {
    if (seen.has(name)) throw faults.invalid(`Duplicate index name: ${name}`);
    seen.add(name);
  }
}
