// Changes of billing and provisioned units, with the count of a day's decreases.
import type { ProvisionedThroughput, UpdateTableInput } from '@aws-sdk/client-dynamodb';
import { faults } from '../faults.ts';
import { throughputOf } from './table-input.ts';
import type { TableRecord, ThroughputRecord } from './table-record.ts';

const DAY_MS = 86_400_000;
/** AWS allows four at any time of a day, and one more for each hour without one. */
const DECREASES_MAX = 27;

export function withThroughput(table: TableRecord, input: UpdateTableInput, nowMs: number): TableRecord {
  const billing = input.BillingMode ?? table.billing;
  if (billing === 'PAY_PER_REQUEST') return perRequest(table, input, nowMs);
  if (table.billing === 'PAY_PER_REQUEST') return provisioned(table, input);
  if (!input.ProvisionedThroughput) return table;
  if (changesUnitsOnly(input)) assertChange(table, input.ProvisionedThroughput);
  return { ...table, throughput: changedUnits(table.throughput, input.ProvisionedThroughput, nowMs) };
}

/** What is said again beside other changes is no mistake. */
function changesUnitsOnly(input: UpdateTableInput): boolean {
  const others = Object.entries(input).filter(
    ([name, value]) => value !== undefined && name !== 'TableName' && name !== 'BillingMode',
  );
  return others.length === 1;
}

function perRequest(table: TableRecord, input: UpdateTableInput, nowMs: number): TableRecord {
  const throughput = throughputOf(input.ProvisionedThroughput, 'PAY_PER_REQUEST', 'table');
  if (table.billing === 'PAY_PER_REQUEST') return table;
  const globalIndexes = table.globalIndexes.map((index) => ({ ...index, throughput: { read: 0, write: 0 } }));
  return { ...table, billing: 'PAY_PER_REQUEST', perRequestMs: nowMs, throughput, globalIndexes };
}

/** Every index needs units of its own then. */
function provisioned(table: TableRecord, input: UpdateTableInput): TableRecord {
  const throughput = throughputOf(input.ProvisionedThroughput, 'PROVISIONED', 'table');
  const updates = input.GlobalSecondaryIndexUpdates ?? [];
  const globalIndexes = table.globalIndexes.map((index) => {
    const update = updates.find(({ Update }) => Update?.IndexName === index.name)?.Update;
    return {
      ...index,
      throughput: throughputOf(update?.ProvisionedThroughput, 'PROVISIONED', `index: ${index.name}`),
    };
  });
  return { ...table, billing: 'PROVISIONED', throughput, globalIndexes };
}

function assertChange({ throughput }: TableRecord, wanted: ProvisionedThroughput): void {
  const { read, write } = throughput;
  if (wanted.ReadCapacityUnits !== read || wanted.WriteCapacityUnits !== write) return;
  throw faults.validation(
    `The provisioned throughput for the table will not change. The requested value equals the current value. Current ReadCapacityUnits provisioned for the table: ${read}. Requested ReadCapacityUnits: ${read}. Current WriteCapacityUnits provisioned for the table: ${write}. Requested WriteCapacityUnits: ${write}. Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.`,
  );
}

export function changedUnits(
  before: ThroughputRecord,
  wanted: ProvisionedThroughput,
  nowMs: number,
): ThroughputRecord {
  const read = wanted.ReadCapacityUnits ?? 0;
  const write = wanted.WriteCapacityUnits ?? 0;
  const increases = read > before.read || write > before.write;
  const decreases = read < before.read || write < before.write;
  const today = Math.floor(nowMs / DAY_MS);
  const sameDay = before.decreasedMs !== undefined && Math.floor(before.decreasedMs / DAY_MS) === today;
  const count = (sameDay ? (before.decreases ?? 0) : 0) + (decreases ? 1 : 0);
  if (count > DECREASES_MAX)
    throw faults.limit(
      'Subscriber limit exceeded: Provisioned throughput decreases are limited within a given UTC day. Refer to the Amazon DynamoDB Developer Guide for current limits.',
    );
  return {
    read,
    write,
    increasedMs: increases ? nowMs : before.increasedMs,
    decreasedMs: decreases ? nowMs : before.decreasedMs,
    decreases: count,
  };
}
