// The only file that knows RDS's keys in the store, and how records are read and written there. Identifiers are kept in
// lower case, as RDS keeps them; everything belongs to an account and a region.
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
  /** The identifier, in lower case. */
  readonly name: string;
  readonly tags: TagMap;
}

/** One kind of record: where it is kept. */
export interface Table<T> {
  readonly noun: string;
  /** Never present: carries the type. */
  readonly record?: T;
}

const prefixOf = ({ account, region }: Home, noun: string) => `aws/rds/${noun}/${account}/${region}/`;

export function tableOf<T>(noun: string): Table<T> {
  return { noun };
}

export function readRecord<T>(reader: Reader, table: Table<T>, home: Home, name: string): T | undefined {
  const entry = reader.get(prefixOf(home, table.noun) + escapeKey(name.toLowerCase()));
  return entry && (JSON.parse(entry.value) as T);
}

/** All of one home, by name. */
export function listRecords<T>(reader: Reader, table: Table<T>, home: Home): T[] {
  return reader.list(prefixOf(home, table.noun)).map(({ value }) => JSON.parse(value) as T);
}

export function countRecords(
  reader: { list(prefix: string): unknown[] },
  table: Table<unknown>,
  home: Home,
): number {
  return reader.list(prefixOf(home, table.noun)).length;
}

export function writeRecord<T extends { readonly name: string }>(
  tx: Transaction,
  table: Table<T>,
  home: Home,
  record: T,
): T {
  tx.put(prefixOf(home, table.noun) + escapeKey(record.name.toLowerCase()), JSON.stringify(record));
  return record;
}

export function deleteRecord(tx: Transaction, table: Table<unknown>, home: Home, name: string): void {
  tx.delete(prefixOf(home, table.noun) + escapeKey(name.toLowerCase()));
}

/** Every account and region that has a record of this kind, for what is taken up again at the start. */
export function homesOf(reader: Reader, table: Table<unknown>): Home[] {
  const prefix = `aws/rds/${table.noun}/`;
  const homes = new Map<string, Home>();
  for (const { key } of reader.list(prefix)) {
    const [account = '', region = ''] = key.slice(prefix.length).split('/');
    homes.set(`${account}/${region}`, { account, region });
  }
  return [...homes.values()];
}
