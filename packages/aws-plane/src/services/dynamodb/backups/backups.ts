// CreateBackup, DescribeBackup, ListBackups and DeleteBackup. A backup holds the items as they were when it was asked for.
import type {
  CreateBackupInput,
  CreateBackupOutput,
  DeleteBackupInput,
  DeleteBackupOutput,
  DescribeBackupInput,
  DescribeBackupOutput,
  ListBackupsInput,
  ListBackupsOutput,
} from '@aws-sdk/client-dynamodb';
import { alphabets } from '@pergola/kernel';
import type { AccessCheck } from '../../../access-check.ts';
import { AwsFault } from '../../../fault.ts';
import type { Call } from '../../../call.ts';
import { type Access, defineOperation } from '../../../operation.ts';
import { checkOnResource, onAccount, onTable } from '../access.ts';
import { homeOf, parseArn, resourceOf, tableNameOf } from '../arn.ts';
import { dynamoOf } from '../dynamo-context.ts';
import { faults } from '../faults.ts';
import { forgetPrefix } from '../storage/forgetting.ts';
import { backupPrefix, itemPrefix, sizeKey } from '../storage/layout.ts';
import { sizesAt } from '../storage/sizes.ts';
import { allTables, findTable } from '../tables/table-state.ts';
import { backupShape, detailsShape, summaryShape } from './backup-shape.ts';
import { arnOf, type BackupRecord, backupsOf, findBackup, forgetBackup, putBackup } from './backup-state.ts';
import { copyRecords } from './copying.ts';

const KEY_DIGITS = 16;
const ID_DIGITS = 8;

export const createBackup = defineOperation<CreateBackupInput, CreateBackupOutput>({
  name: 'CreateBackup',
  access: onTable('CreateBackup'),
  async handle(call, input) {
    const { plane, nowMs } = call;
    const { bytes, chores } = dynamoOf(plane);
    const at = tableNameOf(call, input.TableName);
    const { value: backup } = await plane.store.transact((tx) => {
      const table = findTable(tx, at)?.record;
      if (!table || table.restoring) throw faults.tableNotFound(at.name);
      const record: BackupRecord = {
        id: `${String(nowMs).padStart(14, '0')}-${plane.random.text(ID_DIGITS, alphabets.hex)}`,
        key: plane.random.text(KEY_DIGITS, alphabets.hex),
        name: input.BackupName ?? '',
        createdMs: nowMs,
        ...sizesAt(bytes, sizeKey(table.key)),
        ready: false,
        table,
      };
      putBackup(tx, record);
      return record;
    });
    const snapshot = bytes.snapshot();
    void chores
      .run('copy the items of a backup', async () => {
        const from = { prefix: itemPrefix(backup.table.key) };
        await copyRecords(plane, snapshot, from, { prefix: backupPrefix(backup.key) });
        if (chores.stopping.aborted) return;
        await plane.store.transact((tx) => {
          if (findBackup(tx, arnOf(backup))) putBackup(tx, { ...backup, ready: true });
        });
      })
      .finally(() => snapshot.release());
    return { BackupDetails: detailsShape(backup) };
  },
});

export function backupAt(call: Call, arn: string | undefined): BackupRecord {
  const backup = findBackup(call.plane.store, arn ?? '');
  if (!backup) throw new AwsFault('BackupNotFoundException', 400, `Backup not found: ${arn ?? ''}`);
  return backup;
}

export function checkOnBackup(call: Call, action: string, arn: string | undefined): AccessCheck {
  if (parseArn(arn ?? '')?.kind !== 'backup') throw faults.validation(`Invalid backup ARN: ${arn ?? ''}`);
  return checkOnResource(call, action, resourceOf(call, arn));
}

function onBackup<Input extends { readonly BackupArn: string | undefined }>(action: string): Access<Input> {
  return { iam: (input, call) => [checkOnBackup(call, action, input.BackupArn)] };
}

export const describeBackup = defineOperation<DescribeBackupInput, DescribeBackupOutput>({
  name: 'DescribeBackup',
  access: onBackup('DescribeBackup'),
  handle: (call, input) => ({ BackupDescription: backupShape(backupAt(call, input.BackupArn)) }),
});

export const deleteBackup = defineOperation<DeleteBackupInput, DeleteBackupOutput>({
  name: 'DeleteBackup',
  access: onBackup('DeleteBackup'),
  async handle(call, input) {
    const { plane } = call;
    const { bytes, chores } = dynamoOf(plane);
    const { value: backup } = await plane.store.transact((tx) => {
      const found = backupAt(call, input.BackupArn);
      if (!found.ready)
        throw new AwsFault('BackupInUseException', 400, `Backup is being created: ${arnOf(found)}`);
      if (allTables(tx).some(({ record }) => record.restoring && record.restored?.backupArn === arnOf(found)))
        throw new AwsFault('BackupInUseException', 400, `Backup is being restored: ${arnOf(found)}`);
      forgetBackup(tx, found);
      return found;
    });
    void chores.run('forget the items of a backup', () =>
      forgetPrefix(bytes, backupPrefix(backup.key), chores.stopping),
    );
    const shape = backupShape(backup);
    return {
      BackupDescription: { ...shape, BackupDetails: { ...detailsShape(backup), BackupStatus: 'DELETED' } },
    };
  },
});

const PAGE_BACKUPS = 100;

export const listBackups = defineOperation<ListBackupsInput, ListBackupsOutput>({
  name: 'ListBackups',
  access: onAccount('ListBackups'),
  handle(call, input) {
    const { TimeRangeLowerBound: lower, TimeRangeUpperBound: upper, BackupType: type = 'ALL' } = input;
    const name = input.TableName === undefined ? undefined : tableNameOf(call, input.TableName).name;
    const all = backupsOf(call.plane.store, homeOf(call)).filter(
      ({ table, createdMs }) =>
        (type === 'ALL' || type === 'USER') &&
        (name === undefined || table.name === name) &&
        (lower === undefined || createdMs >= lower.getTime()) &&
        (upper === undefined || createdMs < upper.getTime()),
    );
    const { ExclusiveStartBackupArn: after, Limit: limit = PAGE_BACKUPS } = input;
    const start = after === undefined ? 0 : all.findIndex((backup) => arnOf(backup) === after) + 1;
    const page = all.slice(start, start + limit);
    const last = page.at(-1);
    return {
      BackupSummaries: page.map(summaryShape),
      ...(last && start + limit < all.length && { LastEvaluatedBackupArn: arnOf(last) }),
    };
  },
});
