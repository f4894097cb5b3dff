// DeleteTable. The answer says DELETING; the name is free at once, the items are forgotten in the background.
import type { DeleteTableInput, DeleteTableOutput } from '@aws-sdk/client-dynamodb';
import { defineOperation } from '../../../operation.ts';
import { onTable } from '../access.ts';
import { tableNameOf } from '../arn.ts';
import { dynamoOf } from '../dynamo-context.ts';
import { faults } from '../faults.ts';
import { forgetTableData } from '../storage/forgetting.ts';
import { closeStream } from '../streams/stream-state.ts';
import { tableShape } from './table-shape.ts';
import { deleteTable as forgetTable, findTable } from './table-state.ts';

export const deleteTable = defineOperation<DeleteTableInput, DeleteTableOutput>({
  name: 'DeleteTable',
  access: onTable('DeleteTable'),
  async handle(call, input) {
    const { plane, nowMs } = call;
    const at = tableNameOf(call, input.TableName);
    const { bytes, chores } = dynamoOf(plane);
    const { value: record } = await plane.store.transact((tx) => {
      const found = findTable(tx, at)?.record;
      if (!found) throw faults.noSuchTable(at.name);
      if (found.deletionProtected) throw faults.protected();
      if (found.restoring || found.globalIndexes.some(({ status }) => status !== 'ACTIVE'))
        throw faults.tableBusy(at.name);
      forgetTable(tx, at);
      closeStream(tx, found, nowMs);
      return found;
    });
    const shape = tableShape(bytes, record, 'DELETING');
    void chores.run('forget the items of a table', () => forgetTableData(bytes, record.key, chores.stopping));
    const { TableName, ItemCount, TableSizeBytes, ProvisionedThroughput, TableArn, TableId } = shape;
    const { TableStatus, DeletionProtectionEnabled, BillingModeSummary } = shape;
    return {
      TableDescription: {
        TableName,
        TableStatus,
        ProvisionedThroughput,
        TableSizeBytes,
        ItemCount,
        TableArn,
        TableId,
        ...(BillingModeSummary && { BillingModeSummary }),
        DeletionProtectionEnabled,
      },
    };
  },
});
