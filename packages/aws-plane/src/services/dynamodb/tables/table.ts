// A table as the operations use it: its record, with schemas and places in the storage worked out once.
import type { Item, KeyAttribute, KeySchema } from '@pergola/item-language';
import { attributesProjection } from '@pergola/item-language';
import { assert } from '@pergola/kernel';
import { tableArn } from '../arn.ts';
import { indexPrefix, itemPrefix } from '../storage/layout.ts';
import type { IndexRecord, KeyRecord, TableRecord } from './table-record.ts';

export interface Index {
  readonly name: string;
  readonly kind: 'local' | 'global';
  readonly record: IndexRecord;
  readonly schema: KeySchema;
  /** What all its entries begin with. */
  readonly prefix: Buffer;
  /** What of an item it holds. */
  project(item: Item): Item;
}

/** What tells when items expire: entries by the second. */
export interface Expiry {
  readonly attribute: string;
  readonly prefix: Buffer;
}

export interface Table {
  readonly record: TableRecord;
  readonly arn: string;
  readonly schema: KeySchema;
  /** Names of the one or two attributes of the key. */
  readonly keyNames: readonly string[];
  readonly prefix: Buffer;
  /** Those that hold entries or will: being deleted ones are not among them. */
  readonly indexes: readonly Index[];
  readonly expiry: Expiry | undefined;
}

export function compileTable(record: TableRecord): Table {
  const schema = schemaOf(record, record.keys);
  const keyNames = namesOf(record.keys);
  const compile = (kind: Index['kind']) => (index: IndexRecord) => compileIndex(record, kind, index);
  const indexes = [
    ...record.localIndexes.map(compile('local')),
    ...record.globalIndexes.filter(({ status }) => status !== 'DELETING').map(compile('global')),
  ];
  const { expiry } = record;
  return {
    record,
    arn: tableArn(record),
    schema,
    keyNames,
    prefix: itemPrefix(record.key),
    indexes,
    expiry: expiry && { attribute: expiry.attribute, prefix: indexPrefix(record.key, expiry.key) },
  };
}

function compileIndex(record: TableRecord, kind: Index['kind'], index: IndexRecord): Index {
  const names = [...new Set([...namesOf(record.keys), ...namesOf(index), ...(index.nonKeys ?? [])])];
  const projection = attributesProjection(names);
  return {
    name: index.name,
    kind,
    record: index,
    schema: schemaOf(record, index),
    prefix: indexPrefix(record.key, index.key),
    project: index.projection === 'ALL' ? (item) => item : (item) => projection.project(item),
  };
}

export function namesOf({ partition, sort }: KeyRecord): readonly string[] {
  return sort === undefined ? [partition] : [partition, sort];
}

function schemaOf(record: TableRecord, keys: KeyRecord): KeySchema {
  const attribute = (name: string): KeyAttribute => {
    const found = record.attributes.find((one) => one.name === name);
    assert(found, `the key attribute ${name} is defined`);
    return found;
  };
  const { partition, sort } = keys;
  return { partition: attribute(partition), ...(sort !== undefined && { sort: attribute(sort) }) };
}
