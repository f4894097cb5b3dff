// The only file that knows the keys of DynamoDB in the plane's store. Items are in a storage of their own.
//
//   aws/dynamodb/<account>/<region>/table/<name>              TableRecord
//   aws/dynamodb/<account>/<region>/<noun>/<id>               streams, backups, exports
import { LruMap } from '@pergola/kernel';
import type { Reader, Transaction } from '@pergola/store';
import type { Home, TableName } from '../arn.ts';
import { compileTable, type Table } from './table.ts';
import type { TableRecord } from './table-record.ts';

const ROOT = 'aws/dynamodb/';
const homePrefix = ({ account, region }: Home) => `${ROOT}${account}/${region}/`;
const tableKey = (at: TableName) => `${homePrefix(at)}table/${at.name}`;

/** By the text of the record, so that it cannot be stale and planes may share it. */
const compiled = new LruMap<string, Table>(500);

function ready(text: string): Table {
  const known = compiled.get(text);
  if (known) return known;
  const table = compileTable(JSON.parse(text) as TableRecord);
  compiled.set(text, table);
  return table;
}

export function findTable(reader: Reader, at: TableName): Table | undefined {
  const entry = reader.get(tableKey(at));
  return entry && ready(entry.value);
}

export function putTable(tx: Transaction, record: TableRecord): void {
  tx.put(tableKey(record), JSON.stringify(record));
}

export function deleteTable(tx: Transaction, at: TableName): void {
  tx.delete(tableKey(at));
}

/** Names of tables in their order, behind `after`. */
export function tableNames(reader: Reader, home: Home, after: string | undefined, limit: number): string[] {
  const prefix = `${homePrefix(home)}table/`;
  const page = after === undefined ? { limit } : { after: prefix + after, limit };
  return reader.list(prefix, page).map(({ key }) => key.slice(prefix.length));
}

export function countTables(reader: Reader, home: Home): number {
  return reader.list(`${homePrefix(home)}table/`).length;
}

/** Every table of every account and region. */
export function allTables(reader: Reader): Table[] {
  return reader.list(ROOT).flatMap(({ key, value }) => (key.split('/')[4] === 'table' ? [ready(value)] : []));
}

// What else is kept: records by an id.

export type Noun = 'stream' | 'backup' | 'export';

export interface Kept<T> extends Home {
  readonly noun: Noun;
  readonly id: string;
  readonly record: T;
}

const recordKey = (home: Home, noun: Noun, id: string) => `${homePrefix(home)}${noun}/${id}`;

export function readRecord<T>(reader: Reader, home: Home, noun: Noun, id: string): T | undefined {
  const entry = reader.get(recordKey(home, noun, id));
  return entry && (JSON.parse(entry.value) as T);
}

export function writeRecord<T>(tx: Transaction, { account, region, noun, id, record }: Kept<T>): void {
  tx.put(recordKey({ account, region }, noun, id), JSON.stringify(record));
}

export function deleteRecord(tx: Transaction, home: Home, noun: Noun, id: string): void {
  tx.delete(recordKey(home, noun, id));
}

export function listRecords<T>(reader: Reader, home: Home, noun: Noun, idPrefix = ''): T[] {
  return reader.list(recordKey(home, noun, idPrefix)).map(({ value }) => JSON.parse(value) as T);
}

export function allRecords<T>(reader: Reader, noun: Noun): T[] {
  return reader
    .list(ROOT)
    .flatMap(({ key, value }) => (key.split('/')[4] === noun ? [JSON.parse(value) as T] : []));
}
