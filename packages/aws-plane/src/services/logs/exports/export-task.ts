// Export tasks: the noun, where they are kept, and how they are shown.
import type { ExportTask } from '@aws-sdk/client-cloudwatch-logs';
import type { Reader, Transaction } from '@pergola/store';
import type { Home } from '../arn.ts';
import { everyRecord, listRecords, readRecord, type Table, writeRecord } from '../state.ts';

export type ExportStatus = 'CANCELLED' | 'COMPLETED' | 'FAILED' | 'PENDING' | 'PENDING_CANCEL' | 'RUNNING';

export interface ExportRecord extends Home {
  readonly id: string;
  readonly name: string | undefined;
  readonly groupName: string;
  readonly streamPrefix: string | undefined;
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
  readonly bucket: string;
  readonly prefix: string;
  readonly status: ExportStatus;
  readonly message: string;
  readonly createdMs: number;
  readonly endedMs: number | undefined;
}

const tasks: Table<ExportRecord> = { noun: 'export-task' };

export function findExport(reader: Reader, home: Home, id: string): ExportRecord | undefined {
  return readRecord(reader, tasks, home, id);
}

export function exportsOf(reader: Reader, home: Home): ExportRecord[] {
  return listRecords(reader, tasks, home);
}

/** Those that have not ended, in every account and region. */
export function unfinishedExports(reader: Reader): ExportRecord[] {
  return everyRecord(reader, tasks)
    .map(({ record }) => record)
    .filter((task) => !hasEnded(task));
}

export function putExport(tx: Transaction, task: ExportRecord): void {
  writeRecord(tx, tasks, task, task);
}

export function hasEnded({ status }: ExportRecord): boolean {
  return status === 'CANCELLED' || status === 'COMPLETED' || status === 'FAILED';
}

export function exportShape(task: ExportRecord): ExportTask {
  return {
    taskId: task.id,
    ...(task.name !== undefined && { taskName: task.name }),
    logGroupName: task.groupName,
    from: task.fromMs,
    to: task.toMs,
    destination: task.bucket,
    destinationPrefix: task.prefix,
    status: { code: task.status, message: task.message },
    executionInfo: {
      creationTime: task.createdMs,
      ...(task.endedMs !== undefined && { completionTime: task.endedMs }),
    },
  };
}
