// UpdateContinuousBackups and DescribeContinuousBackups, and which instants a table can be restored to: every one since
// recovery was enabled, because each change keeps what was there before it.
import type {
  ContinuousBackupsDescription,
  DescribeContinuousBackupsInput,
  DescribeContinuousBackupsOutput,
  RestoreTableToPointInTimeInput,
  UpdateContinuousBackupsInput,
  UpdateContinuousBackupsOutput,
} from '@aws-sdk/client-dynamodb';
import { AwsFault } from '../../../fault.ts';
import type { Call } from '../../../call.ts';
import type { PlaneContext } from '../../../plane-context.ts';
import { defineOperation } from '../../../operation.ts';
import { onTable } from '../access.ts';
import { tableNameOf } from '../arn.ts';
import { dynamoOf } from '../dynamo-context.ts';
import { faults } from '../faults.ts';
import { forgetRange } from '../storage/forgetting.ts';
import { behind, bigEndian, changeCounter, changePrefix } from '../storage/layout.ts';
import type { TableRecord } from '../tables/table-record.ts';
import { allTables, findTable, putTable } from '../tables/table-state.ts';

const DAY_MS = 86_400_000;
const DAYS = 35;

export const updateContinuousBackups = defineOperation<
  UpdateContinuousBackupsInput,
  UpdateContinuousBackupsOutput
>({
  name: 'UpdateContinuousBackups',
  access: onTable('UpdateContinuousBackups'),
  async handle(call, input) {
    const { plane, nowMs } = call;
    const at = tableNameOf(call, input.TableName);
    const { PointInTimeRecoveryEnabled: enabled, RecoveryPeriodInDays: days } =
      input.PointInTimeRecoverySpecification ?? {};
    const { bytes } = dynamoOf(plane);
    const { value: done } = await plane.store.transact((tx) => {
      const before = findTable(tx, at)?.record;
      if (!before) throw faults.tableNotFound(at.name);
      const recovery = enabled
        ? { sinceMs: before.recovery?.sinceMs ?? nowMs, days: days ?? before.recovery?.days ?? DAYS }
        : undefined;
      const changed: TableRecord = { ...before, recovery };
      putTable(tx, changed);
      // Recovery may be enabled again before its changes are forgotten: those that come then stay.
      const counted = bytes.get(changeCounter(before.key)) ?? bigEndian(0);
      return { record: changed, last: Number(counted.readBigUInt64BE()) };
    });
    if (!enabled) void forgetChanges(plane, done);
    return { ContinuousBackupsDescription: recoveryShape(done.record, nowMs) };
  },
});

/** Up to the last change, included, of those that were there when recovery ended. */
function forgetChanges(
  plane: PlaneContext,
  { record, last }: { readonly record: TableRecord; readonly last: number },
): Promise<void> {
  const { bytes, chores } = dynamoOf(plane);
  const from = changePrefix(record.key);
  const to = Buffer.concat([from, bigEndian(last + 1)]);
  return chores.run('forget the changes of a table', () => forgetRange(bytes, from, to, chores.stopping));
}

export const describeContinuousBackups = defineOperation<
  DescribeContinuousBackupsInput,
  DescribeContinuousBackupsOutput
>({
  name: 'DescribeContinuousBackups',
  access: onTable('DescribeContinuousBackups'),
  handle(call, input) {
    const at = tableNameOf(call, input.TableName);
    const table = findTable(call.plane.store, at);
    if (!table) throw faults.tableNotFound(at.name);
    return { ContinuousBackupsDescription: recoveryShape(table.record, call.nowMs) };
  },
});

const earliestMs = ({ sinceMs, days }: { sinceMs: number; days: number }, nowMs: number) =>
  Math.max(sinceMs, nowMs - days * DAY_MS);

function recoveryShape({ recovery }: TableRecord, nowMs: number): ContinuousBackupsDescription {
  return {
    ContinuousBackupsStatus: 'ENABLED',
    PointInTimeRecoveryDescription: recovery
      ? {
          PointInTimeRecoveryStatus: 'ENABLED',
          RecoveryPeriodInDays: recovery.days,
          EarliestRestorableDateTime: new Date(earliestMs(recovery, nowMs)),
          LatestRestorableDateTime: new Date(nowMs),
        }
      : { PointInTimeRecoveryStatus: 'DISABLED' },
  };
}

/** The instant that a restore asks for. Throws when it cannot be had. */
export function assertRestorable(
  call: Call,
  table: TableRecord,
  input: RestoreTableToPointInTimeInput,
): number {
  const { UseLatestRestorableTime: latest, RestoreDateTime: wanted } = input;
  const recovery = assertRecovery(table);
  if (latest && wanted)
    throw faults.validation('Cannot specify both UseLatestRestorableTime and RestoreDateTime');
  if (latest) return call.nowMs;
  if (!wanted) throw faults.validation('Either UseLatestRestorableTime or RestoreDateTime must be specified');
  const atMs = wanted.getTime();
  if (!isRecoverable(recovery, atMs, call.nowMs))
    throw new AwsFault(
      'InvalidRestoreTimeException',
      400,
      `The selected restore time ${wanted.toISOString()} is invalid: it must be between EarliestRestorableDateTime and LatestRestorableDateTime`,
    );
  return atMs;
}

type Recovery = NonNullable<TableRecord['recovery']>;

export function assertRecovery({ recovery, name }: TableRecord): Recovery {
  if (recovery) return recovery;
  throw new AwsFault(
    'PointInTimeRecoveryUnavailableException',
    400,
    `Point in time recovery is not enabled for table '${name}'`,
  );
}

/** Whether the state of an instant is still known. */
export function isRecoverable(recovery: Recovery, atMs: number, nowMs: number): boolean {
  return atMs >= earliestMs(recovery, nowMs) && atMs <= nowMs;
}

/** Forgets changes that are older than any instant that a table can be restored to. */
export async function trimChanges(plane: PlaneContext): Promise<void> {
  const { bytes, chores } = dynamoOf(plane);
  for (const { record } of allTables(plane.store)) {
    if (!record.recovery) continue;
    const oldestMs = earliestMs(record.recovery, plane.clock.nowMs());
    const prefix = changePrefix(record.key);
    let end: Buffer | undefined;
    for (const { key, value } of bytes.range({ from: prefix, to: behind(prefix) })) {
      end = key;
      if (value.readDoubleBE(0) >= oldestMs) break;
    }
    if (end) await forgetRange(bytes, prefix, end, chores.stopping);
  }
}
