// What is kept of streams: they outlive their being enabled, and their table, by the 24 hours that records are kept.
import type { Reader, Transaction } from '@pergola/store';
import type { Home, TableName } from '../arn.ts';
import type { KeyRecord, StreamSetting, TableRecord } from '../tables/table-record.ts';
import { allRecords, deleteRecord, listRecords, readRecord, writeRecord } from '../tables/table-state.ts';

export const RECORDS_KEPT_MS = 24 * 3_600_000;

export interface StreamRecord extends TableName {
  readonly label: string;
  readonly key: string;
  readonly view: StreamSetting['view'];
  readonly keys: KeyRecord;
  readonly createdMs: number;
  /** When the stream ended. */
  readonly closedMs?: number | undefined;
}

const idOf = ({ name, label }: Pick<StreamRecord, 'name' | 'label'>) => `${name}/${label}`;

/** Keeps a table's stream when it has a new one. */
export function keepStream(tx: Transaction, table: TableRecord, nowMs: number): void {
  const { account, region, name, keys, stream } = table;
  if (!stream?.enabled) return;
  const { label, key, view } = stream;
  const record: StreamRecord = { account, region, name, label, key, view, keys, createdMs: nowMs };
  writeRecord(tx, { account, region, noun: 'stream', id: idOf(record), record });
}

/** Ends a table's stream: nothing more is written to it. */
export function closeStream(tx: Transaction, table: TableRecord, nowMs: number): void {
  const { account, region, name, stream } = table;
  if (!stream?.enabled) return;
  const record = findStream(tx, table, stream.label);
  if (record)
    writeRecord(tx, {
      account,
      region,
      noun: 'stream',
      id: idOf({ name, label: stream.label }),
      record: { ...record, closedMs: nowMs },
    });
}

export function findStream(reader: Reader, at: TableName, label: string): StreamRecord | undefined {
  return readRecord(reader, at, 'stream', `${at.name}/${label}`);
}

/** Streams by their tables' names and labels. */
export function streamsOf(reader: Reader, home: Home, table?: string): StreamRecord[] {
  return listRecords(reader, home, 'stream', table === undefined ? '' : `${table}/`);
}

export function everyStream(reader: Reader): StreamRecord[] {
  return allRecords(reader, 'stream');
}

export function forgetStream(tx: Transaction, stream: StreamRecord): void {
  deleteRecord(tx, stream, 'stream', idOf(stream));
}
