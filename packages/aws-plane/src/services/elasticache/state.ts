// The only file that knows ElastiCache's keys in the store. Identifiers are kept in lower case, as ElastiCache does.
import type { Reader, Transaction } from '@pergola/store';
import { escapeKey } from '../../key-escape.ts';

/** Tags in the order in which they were set. */
export type TagMap = Readonly<Record<string, string>>;

/** Where records belong. */
export interface Home {
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
}

/** What every named record has. */
export interface StoredResource {
  readonly name: string;
  readonly arn: string;
  readonly tags: TagMap;
}

/** One kind of record: where it is kept. */
export interface Table<T> {
  readonly noun: string;
  /** Never present: carries the type. */
  readonly record?: T;
}

const root = 'aws/elasticache/';
const prefixOf = ({ account, region }: Home, noun: string) => `${root}${noun}/${account}/${region}/`;
const keyOf = (home: Home, noun: string, name: string) =>
  prefixOf(home, noun) + escapeKey(name.toLowerCase());

export function readRecord<T>(reader: Reader, table: Table<T>, home: Home, name: string): T | undefined {
  const entry = reader.get(keyOf(home, table.noun, name));
  return entry && (JSON.parse(entry.value) as T);
}

/** All of one home, by name. */
export function listRecords<T>(reader: Reader, table: Table<T>, home: Home): T[] {
  return reader.list(prefixOf(home, table.noun)).map(({ value }) => JSON.parse(value) as T);
}

export function writeRecord<T extends { readonly name: string }>(
  tx: Transaction,
  table: Table<T>,
  home: Home,
  record: T,
): T {
  tx.put(keyOf(home, table.noun, record.name), JSON.stringify(record));
  return record;
}

export function deleteRecord(tx: Transaction, table: Table<unknown>, home: Home, name: string): void {
  tx.delete(keyOf(home, table.noun, name));
}

/** Records of every account and region, for what is taken up again at the start. */
export function everyRecord<T>(
  reader: Reader,
  table: Table<T>,
): { readonly home: Home; readonly record: T }[] {
  const prefix = `${root}${table.noun}/`;
  return reader.list(prefix).map(({ key, value }) => {
    const [account = '', region = ''] = key.slice(prefix.length).split('/');
    return { home: { account, region }, record: JSON.parse(value) as T };
  });
}
