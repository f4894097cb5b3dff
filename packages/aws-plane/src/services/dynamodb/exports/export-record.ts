// What is kept of exports, and how the answers show it.
import type { ExportDescription } from '@aws-sdk/client-dynamodb';
import type { PrincipalFacts } from '@pergola/policy';
import type { Reader, Transaction } from '@pergola/store';
import type { SessionFacts } from '../../../principal.ts';
import { exportArn, type Home, parseArn, tableArn } from '../arn.ts';
import type { TableRecord } from '../tables/table-record.ts';
import { allRecords, listRecords, readRecord, writeRecord } from '../tables/table-state.ts';

export interface ExportRecord {
  readonly id: string;
  readonly table: TableRecord;
  readonly startedMs: number;
  /** The instant whose items are exported. */
  readonly atMs: number;
  readonly bucket: string;
  readonly prefix: string | undefined;
  readonly token: string;
  readonly status: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  readonly endedMs?: number | undefined;
  readonly items?: number | undefined;
  readonly bytes?: number | undefined;
  readonly manifest?: string | undefined;
  readonly failure?: { readonly code: string; readonly message: string } | undefined;
}

/** Whose rights the export writes with. */
export interface Exporter {
  readonly as: PrincipalFacts;
  readonly session: SessionFacts | undefined;
}

export const arnOf = ({ table, id }: ExportRecord) => exportArn(table, id);

export function putExport(tx: Transaction, record: ExportRecord): void {
  const { account, region } = record.table;
  writeRecord(tx, { account, region, noun: 'export', id: record.id, record });
}

export function findExport(reader: Reader, arn: string): ExportRecord | undefined {
  const found = parseArn(arn);
  return found?.kind === 'export' ? readRecord(reader, found.table, 'export', found.id) : undefined;
}

export function exportsOf(reader: Reader, home: Home): ExportRecord[] {
  return listRecords(reader, home, 'export');
}

export function everyExport(reader: Reader): ExportRecord[] {
  return allRecords(reader, 'export');
}

export function exportShape(record: ExportRecord): ExportDescription {
  const { endedMs, items, bytes, manifest, failure, prefix } = record;
  return {
    ExportArn: arnOf(record),
    ExportStatus: record.status,
    StartTime: new Date(record.startedMs),
    ...(endedMs !== undefined && { EndTime: new Date(endedMs) }),
    ...(manifest !== undefined && { ExportManifest: manifest }),
    TableArn: tableArn(record.table),
    TableId: record.table.tableId,
    ExportTime: new Date(record.atMs),
    ClientToken: record.token,
    S3Bucket: record.bucket,
    ...(prefix !== undefined && { S3Prefix: prefix }),
    S3SseAlgorithm: 'AES256',
    ...(failure && { FailureCode: failure.code, FailureMessage: failure.message }),
    ExportFormat: 'DYNAMODB_JSON',
    ...(bytes !== undefined && { BilledSizeBytes: bytes }),
    ...(items !== undefined && { ItemCount: items }),
    ExportType: 'FULL_EXPORT',
  };
}
