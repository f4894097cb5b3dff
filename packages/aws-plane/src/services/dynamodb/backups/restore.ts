// RestoreTableFromBackup and RestoreTableToPointInTime: a new table with the items of another time.
import type {
  GlobalSecondaryIndex,
  LocalSecondaryIndex,
  OnDemandThroughput,
  ProvisionedThroughput,
  RestoreTableFromBackupInput,
  RestoreTableFromBackupOutput,
  RestoreTableToPointInTimeInput,
  RestoreTableToPointInTimeOutput,
  SSESpecification,
} from '@aws-sdk/client-dynamodb';
import type { ByteSnapshot } from '@pergola/store';
import { AwsFault } from '../../../fault.ts';
import type { Call } from '../../../call.ts';
import type { PlaneContext } from '../../../plane-context.ts';
import { defineOperation } from '../../../operation.ts';
import { checkOnTable } from '../access.ts';
import { parseArn, resourceOf, tableArn, type TableName, tableNameOf } from '../arn.ts';
import { dynamoOf } from '../dynamo-context.ts';
import { faults } from '../faults.ts';
import { forgetTableData } from '../storage/forgetting.ts';
import { backupPrefix } from '../storage/layout.ts';
import { addTable, newTableIds } from '../tables/create-table.ts';
import { assertSchema } from '../tables/key-schema.ts';
import { globalIndexOf, kmsKeyOf, localIndexOf, onDemandOf, throughputOf } from '../tables/table-input.ts';
import { namesOf } from '../tables/table.ts';
import type { RestoreRecord, TableRecord } from '../tables/table-record.ts';
import { tableShape } from '../tables/table-shape.ts';
import { allTables, deleteTable, findTable, putTable } from '../tables/table-state.ts';
import { arnOf, type BackupRecord, findBackup } from './backup-state.ts';
import { backupAt, checkOnBackup } from './backups.ts';
import { copyItems, copyItemsAt } from './copying.ts';
import { assertRestorable } from './recovery.ts';

/** What a restore may set otherwise than the table was. */
interface Overrides {
  readonly TargetTableName: string | undefined;
  readonly BillingModeOverride?: TableRecord['billing'] | undefined;
  readonly GlobalSecondaryIndexOverride?: GlobalSecondaryIndex[] | undefined;
  readonly LocalSecondaryIndexOverride?: LocalSecondaryIndex[] | undefined;
  readonly ProvisionedThroughputOverride?: ProvisionedThroughput | undefined;
  readonly OnDemandThroughputOverride?: OnDemandThroughput | undefined;
  readonly SSESpecificationOverride?: SSESpecification | undefined;
}

export const restoreTableFromBackup = defineOperation<
  RestoreTableFromBackupInput,
  RestoreTableFromBackupOutput
>({
  name: 'RestoreTableFromBackup',
  access: {
    iam: (input, call) => [
      checkOnBackup(call, 'RestoreTableFromBackup', input.BackupArn),
      checkOnTable(call, 'RestoreTableFromBackup', tableNameOf(call, input.TargetTableName)),
    ],
  },
  async handle(call, input) {
    const backup = backupAt(call, input.BackupArn);
    if (!backup.ready)
      throw new AwsFault('BackupInUseException', 400, `Backup is being created: ${arnOf(backup)}`);
    const restored = { backupArn: arnOf(backup), tableArn: tableArn(backup.table), atMs: backup.createdMs };
    return { TableDescription: await restore(call, { backup, restored }, input) };
  },
});

export const restoreTableToPointInTime = defineOperation<
  RestoreTableToPointInTimeInput,
  RestoreTableToPointInTimeOutput
>({
  name: 'RestoreTableToPointInTime',
  access: {
    iam: (input, call) => [
      checkOnTable(call, 'RestoreTableToPointInTime', sourceOf(call, input)),
      checkOnTable(call, 'RestoreTableToPointInTime', tableNameOf(call, input.TargetTableName)),
    ],
  },
  async handle(call, input) {
    const at = sourceOf(call, input);
    const source = findTable(call.plane.store, at)?.record;
    if (!source) throw faults.tableNotFound(at.name);
    const atMs = assertRestorable(call, source, input);
    const restored = { tableArn: tableArn(source), atMs };
    return { TableDescription: await restore(call, { table: source, restored }, input) };
  },
});

function sourceOf(call: Call, input: RestoreTableToPointInTimeInput): TableName {
  if (input.SourceTableArn === undefined) return tableNameOf(call, input.SourceTableName);
  return resourceOf(call, input.SourceTableArn).table;
}

/** Where the items come from: a backup, or a table as it was. */
type Source = { readonly backup: BackupRecord } | { readonly table: TableRecord };

async function restore(call: Call, source: Source & { readonly restored: RestoreRecord }, input: Overrides) {
  const { plane } = call;
  const { bytes } = dynamoOf(plane);
  const record = targetOf(
    call,
    'backup' in source ? source.backup.table : source.table,
    input,
    source.restored,
  );
  assertSchema(record);
  // The source may be deleted as soon as others may run.
  const snapshot = bytes.snapshot();
  try {
    await addTable(call, record, faults.restoreTargetExists);
  } catch (error) {
    snapshot.release();
    throw error;
  }
  void fillRestored(plane, record, { source, snapshot });
  return tableShape(bytes, record, 'CREATING');
}

/** Keys and billing as they were; streams, tags, expiry and policies are for the user to set again, as with AWS. */
function targetOf(call: Call, source: TableRecord, input: Overrides, restored: RestoreRecord): TableRecord {
  const at = tableNameOf(call, input.TargetTableName);
  const { random } = call.plane;
  const billing = input.BillingModeOverride ?? source.billing;
  const place = { random, billing, status: 'ACTIVE' } as const;
  const units = input.ProvisionedThroughputOverride;
  const keptUnits =
    billing === source.billing ? source.throughput : throughputOf(undefined, billing, 'table');
  const local = input.LocalSecondaryIndexOverride?.map((index) => localIndexOf(random, index));
  const global = input.GlobalSecondaryIndexOverride?.map((index) => globalIndexOf(index, place));
  const indexes = {
    localIndexes: local ?? source.localIndexes,
    globalIndexes: global ?? source.globalIndexes.filter(({ status }) => status === 'ACTIVE'),
  };
  const used = new Set([source.keys, ...indexes.localIndexes, ...indexes.globalIndexes].flatMap(namesOf));
  return {
    ...at,
    ...newTableIds(call),
    attributes: source.attributes.filter(({ name }) => used.has(name)),
    keys: source.keys,
    ...indexes,
    billing,
    perRequestMs: billing === 'PAY_PER_REQUEST' ? call.nowMs : undefined,
    throughput: units ? throughputOf(units, billing, 'table') : keptUnits,
    onDemand: onDemandOf(input.OnDemandThroughputOverride) ?? source.onDemand,
    kmsKeyArn: input.SSESpecificationOverride
      ? kmsKeyOf(at, input.SSESpecificationOverride)
      : source.kmsKeyArn,
    tableClass: source.tableClass,
    deletionProtected: false,
    tags: {},
    restored,
    restoring: true,
  };
}

interface Origin {
  readonly source: Source;
  readonly snapshot: ByteSnapshot;
}

function fillRestored(plane: PlaneContext, record: TableRecord, { source, snapshot }: Origin): Promise<void> {
  const { chores } = dynamoOf(plane);
  const work = async () => {
    if ('backup' in source)
      await copyItems(plane, { snapshot, from: { prefix: backupPrefix(source.backup.key) } }, record);
    else
      await copyItemsAt(plane, { snapshot, table: source.table, atMs: record.restored?.atMs ?? 0 }, record);
    if (chores.stopping.aborted) return;
    await plane.store.transact((tx) => {
      const now = findTable(tx, record)?.record;
      if (now?.key === record.key) putTable(tx, { ...now, restoring: undefined });
    });
  };
  return chores.run('restore a table', work).finally(() => snapshot.release());
}

/**
 * Copies from the beginning what the end of the last plane interrupted. Where the source has gone since, so does the
 * table: nobody could tell what of it is missing.
 */
export async function resumeRestores(plane: PlaneContext): Promise<void> {
  const { bytes } = dynamoOf(plane);
  for (const { record } of allTables(plane.store)) {
    if (!record.restoring) continue;
    const source = sourceNow(plane, record);
    if (source) void fillRestored(plane, record, { source, snapshot: bytes.snapshot() });
    else await forget(plane, record);
  }
}

function sourceNow({ store }: PlaneContext, { restored }: TableRecord): Source | undefined {
  if (!restored) return undefined;
  const { backupArn, tableArn: arn, atMs } = restored;
  if (backupArn !== undefined) {
    const backup = findBackup(store, backupArn);
    return backup && { backup };
  }
  const at = parseArn(arn)?.table;
  const table = at && findTable(store, at)?.record;
  return table?.recovery && table.recovery.sinceMs <= atMs ? { table } : undefined;
}

async function forget(plane: PlaneContext, record: TableRecord): Promise<void> {
  const { bytes, chores } = dynamoOf(plane);
  plane.logger.warn({ table: record.name }, 'a restore cannot go on: its source is not there any more');
  await plane.store.transact((tx) => deleteTable(tx, record));
  await forgetTableData(bytes, record.key, chores.stopping);
}
