// What is kept of backups, beside their items.
import type { Reader, Transaction } from '@pergola/store';
import { backupArn, type Home, parseArn } from '../arn.ts';
import type { TableRecord } from '../tables/table-record.ts';
import { allRecords, deleteRecord, listRecords, readRecord, writeRecord } from '../tables/table-state.ts';

export interface BackupRecord {
  /** `01700000000000-0a1b2c3d`: the instant, and what tells it from others. */
  readonly id: string;
  /** Names its items in the storage: 16 hexadecimal digits. */
  readonly key: string;
  readonly name: string;
  readonly createdMs: number;
  /** Bytes and items as they were. */
  readonly bytes: number;
  readonly items: number;
  readonly ready: boolean;
  /** The table as it was. */
  readonly table: TableRecord;
}

export const arnOf = ({ table, id }: BackupRecord) => backupArn(table, id);

export function findBackup(reader: Reader, arn: string): BackupRecord | undefined {
  const found = parseArn(arn);
  return found?.kind === 'backup' ? readRecord(reader, found.table, 'backup', found.id) : undefined;
}

export function putBackup(tx: Transaction, record: BackupRecord): void {
  const { account, region } = record.table;
  writeRecord(tx, { account, region, noun: 'backup', id: record.id, record });
}

export function forgetBackup(tx: Transaction, record: BackupRecord): void {
  deleteRecord(tx, record.table, 'backup', record.id);
}

/** From the oldest to the newest. */
export function backupsOf(reader: Reader, home: Home): BackupRecord[] {
  return listRecords(reader, home, 'backup');
}

export function everyBackup(reader: Reader): BackupRecord[] {
  return allRecords(reader, 'backup');
}
