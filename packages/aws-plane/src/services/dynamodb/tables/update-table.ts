// UpdateTable: billing and units, indexes, the stream, encryption, class and protection of a table.
import type { UpdateTableInput, UpdateTableOutput } from '@aws-sdk/client-dynamodb';
import type { Transaction } from '@pergola/store';
import type { Call } from '../../../call.ts';
import { defineOperation } from '../../../operation.ts';
import { onTable } from '../access.ts';
import { tableNameOf } from '../arn.ts';
import { dynamoOf } from '../dynamo-context.ts';
import { faults } from '../faults.ts';
import { closeStream, keepStream } from '../streams/stream-state.ts';
import { buildIndexes } from './index-building.ts';
import { withIndexUpdates } from './index-updates.ts';
import { assertSchema } from './key-schema.ts';
import { kmsKeyOf, newStream, onDemandOf, warmOf } from './table-input.ts';
import type { TableRecord } from './table-record.ts';
import { tableShape } from './table-shape.ts';
import { findTable, putTable } from './table-state.ts';
import { withThroughput } from './throughput-update.ts';

export const updateTable = defineOperation<UpdateTableInput, UpdateTableOutput>({
  name: 'UpdateTable',
  access: onTable('UpdateTable'),
  validate: assertSomething,
  async handle(call, input) {
    const { plane, nowMs } = call;
    const at = tableNameOf(call, input.TableName);
    const { value: record } = await plane.store.transact((tx) => {
      const before = findTable(tx, at)?.record;
      if (!before) throw faults.noSuchTable(at.name);
      if (before.restoring || before.globalIndexes.some(({ status }) => status !== 'ACTIVE'))
        throw faults.tableBusy(at.name);
      const changed = changedTable(call, before, input);
      moveStream(tx, before, { changed, nowMs });
      putTable(tx, changed);
      return changed;
    });
    // Written before the indexes are begun, so that the answer tells of their beginning.
    const answer = tableShape(dynamoOf(plane).bytes, record, 'UPDATING');
    if (record.globalIndexes.some(({ status }) => status !== 'ACTIVE')) void buildIndexes(plane, record);
    return { TableDescription: answer };
  },
});

function assertSomething(input: UpdateTableInput): void {
  const { TableName: _, ...changes } = input;
  if (changes.ReplicaUpdates || changes.GlobalTableWitnessUpdates || changes.MultiRegionConsistency)
    throw faults.notImplemented('Replication of tables to other regions');
  if (Object.values(changes).every((change) => change === undefined))
    throw faults.validation(
      'At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required',
    );
}

/** Ends the stream that was, begins the one that is. */
function moveStream(
  tx: Transaction,
  before: TableRecord,
  after: { changed: TableRecord; nowMs: number },
): void {
  const { changed, nowMs } = after;
  const was = before.stream?.enabled ?? false;
  const is = changed.stream?.enabled ?? false;
  if (was && !is) closeStream(tx, before, nowMs);
  if (is && !was) keepStream(tx, changed, nowMs);
}

function changedTable(call: Call, before: TableRecord, input: UpdateTableInput): TableRecord {
  const changed: TableRecord = {
    ...withIndexUpdates(call, withThroughput(before, input, call.nowMs), input),
    ...(input.StreamSpecification && { stream: changedStream(call, before, input) }),
    ...(input.SSESpecification && { kmsKeyArn: kmsKeyOf(before, input.SSESpecification) }),
    ...(input.TableClass && { tableClass: input.TableClass, classChangedMs: call.nowMs }),
    ...(input.OnDemandThroughput && { onDemand: onDemandOf(input.OnDemandThroughput) }),
    ...(input.WarmThroughput && { warm: warmOf(input.WarmThroughput) }),
    ...(input.DeletionProtectionEnabled !== undefined && {
      deletionProtected: input.DeletionProtectionEnabled,
    }),
  };
  assertSchema(changed);
  return changed;
}

function changedStream(
  call: Call,
  { name, stream }: TableRecord,
  input: UpdateTableInput,
): TableRecord['stream'] {
  const wanted = newStream(call, input.StreamSpecification);
  if (wanted && stream?.enabled)
    throw faults.validation(`Table already has an enabled stream: TableName: ${name}`);
  if (wanted) return wanted;
  if (!stream?.enabled) throw faults.validation(`Table has no stream to disable: TableName: ${name}`);
  return { ...stream, enabled: false };
}
