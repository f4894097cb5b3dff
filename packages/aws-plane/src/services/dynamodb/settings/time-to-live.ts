// UpdateTimeToLive and DescribeTimeToLive.
import type {
  DescribeTimeToLiveInput,
  DescribeTimeToLiveOutput,
  UpdateTimeToLiveInput,
  UpdateTimeToLiveOutput,
} from '@aws-sdk/client-dynamodb';
import type { PlaneContext } from '../../../plane-context.ts';
import { defineOperation } from '../../../operation.ts';
import { onTable } from '../access.ts';
import { tableNameOf } from '../arn.ts';
import { dynamoOf } from '../dynamo-context.ts';
import { faults } from '../faults.ts';
import { forgetPrefix } from '../storage/forgetting.ts';
import { indexPrefix } from '../storage/layout.ts';
import { namedTable } from '../tables/describe-table.ts';
import { buildIndexes } from '../tables/index-building.ts';
import { newIndexKey } from '../tables/table-input.ts';
import type { TableRecord } from '../tables/table-record.ts';
import { findTable, putTable } from '../tables/table-state.ts';

export const updateTimeToLive = defineOperation<UpdateTimeToLiveInput, UpdateTimeToLiveOutput>({
  name: 'UpdateTimeToLive',
  access: onTable('UpdateTimeToLive'),
  async handle(call, input) {
    const { plane } = call;
    const at = tableNameOf(call, input.TableName);
    const { Enabled: enabled = false, AttributeName: attribute = '' } = input.TimeToLiveSpecification ?? {};
    const { value: changed } = await plane.store.transact((tx) => {
      const record = findTable(tx, at)?.record;
      if (!record) throw faults.noSuchTable(at.name);
      assertChange(record, enabled, attribute);
      const expiry = enabled ? { attribute, key: newIndexKey(plane.random), filling: true } : undefined;
      const next = { ...record, expiry };
      putTable(tx, next);
      return { before: record, next };
    });
    if (enabled) void buildIndexes(plane, changed.next);
    else void forgetEntries(plane, changed.before);
    return { TimeToLiveSpecification: { Enabled: enabled, AttributeName: attribute } };
  },
});

function assertChange({ expiry }: TableRecord, enabled: boolean, attribute: string): void {
  if (enabled && expiry) throw faults.validation('TimeToLive is already enabled');
  if (enabled) return;
  if (!expiry) throw faults.validation('TimeToLive is already disabled');
  if (expiry.attribute !== attribute)
    throw faults.validation(
      `TimeToLive is active on a different AttributeName: current AttributeName is ${expiry.attribute}`,
    );
}

function forgetEntries(plane: PlaneContext, { key, expiry }: TableRecord): Promise<void> {
  const { bytes, chores } = dynamoOf(plane);
  return chores.run('forget when items expire', async () => {
    if (expiry) await forgetPrefix(bytes, indexPrefix(key, expiry.key), chores.stopping);
  });
}

export const describeTimeToLive = defineOperation<DescribeTimeToLiveInput, DescribeTimeToLiveOutput>({
  name: 'DescribeTimeToLive',
  access: onTable('DescribeTimeToLive'),
  handle(call, input) {
    const { expiry } = namedTable(call, input.TableName).record;
    return {
      TimeToLiveDescription: expiry
        ? { TimeToLiveStatus: 'ENABLED', AttributeName: expiry.attribute }
        : { TimeToLiveStatus: 'DISABLED' },
    };
  },
});
