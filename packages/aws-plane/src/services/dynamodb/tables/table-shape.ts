// TableDescription, as CreateTable, DescribeTable and the others answer it: complete, for clients that read all of it.
import type {
  BillingModeSummary,
  GlobalSecondaryIndexDescription,
  KeySchemaElement,
  LocalSecondaryIndexDescription,
  Projection,
  ProvisionedThroughputDescription,
  TableDescription,
  TableStatus,
} from '@aws-sdk/client-dynamodb';
import type { ByteReader } from '@pergola/store';
import { indexArn, streamArn, tableArn } from '../arn.ts';
import { sizeKey } from '../storage/layout.ts';
import { sizesAt } from '../storage/sizes.ts';
import type {
  IndexRecord,
  KeyRecord,
  OnDemandRecord,
  TableRecord,
  ThroughputRecord,
} from './table-record.ts';

/** What every table that pays per request can do at once. */
const WARM_READ = 12_000;
const WARM_WRITE = 4_000;

/** `status`: what the answer says where that is not what is kept. */
export function tableShape(reader: ByteReader, record: TableRecord, status?: TableStatus): TableDescription {
  const sizes = sizesAt(reader, sizeKey(record.key));
  const busy = record.globalIndexes.some((index) => index.status !== 'ACTIVE');
  const billing = billingShape(record);
  return {
    AttributeDefinitions: record.attributes.map(({ name, type }) => ({
      AttributeName: name,
      AttributeType: type,
    })),
    TableName: record.name,
    KeySchema: keyShape(record.keys),
    TableStatus: status ?? (record.restoring ? 'CREATING' : busy ? 'UPDATING' : 'ACTIVE'),
    CreationDateTime: new Date(record.createdMs),
    ProvisionedThroughput: throughputShape(record.throughput),
    TableSizeBytes: sizes.bytes,
    ItemCount: sizes.items,
    TableArn: tableArn(record),
    TableId: record.tableId,
    ...(billing && { BillingModeSummary: billing }),
    ...(record.localIndexes.length > 0 && {
      LocalSecondaryIndexes: record.localIndexes.map((index) => localShape(reader, record, index)),
    }),
    ...(record.globalIndexes.length > 0 && {
      GlobalSecondaryIndexes: record.globalIndexes.map((index) => globalShape(reader, record, index)),
    }),
    ...streamShape(record),
    ...settingsShape(record),
    WarmThroughput: warmShape(record, record.warm, 'ACTIVE'),
    DeletionProtectionEnabled: record.deletionProtected,
  };
}

function billingShape({ billing, perRequestMs }: TableRecord): BillingModeSummary | undefined {
  if (perRequestMs === undefined) return undefined;
  return { BillingMode: billing, LastUpdateToPayPerRequestDateTime: new Date(perRequestMs) };
}

export function keyShape({ partition, sort }: KeyRecord): KeySchemaElement[] {
  const hash: KeySchemaElement = { AttributeName: partition, KeyType: 'HASH' };
  return sort === undefined ? [hash] : [hash, { AttributeName: sort, KeyType: 'RANGE' }];
}

export function throughputShape(units: ThroughputRecord): ProvisionedThroughputDescription {
  const { read, write, increasedMs, decreasedMs, decreases = 0 } = units;
  return {
    ...(increasedMs !== undefined && { LastIncreaseDateTime: new Date(increasedMs) }),
    ...(decreasedMs !== undefined && { LastDecreaseDateTime: new Date(decreasedMs) }),
    NumberOfDecreasesToday: decreases,
    ReadCapacityUnits: read,
    WriteCapacityUnits: write,
  };
}

export function projectionShape({ projection, nonKeys }: IndexRecord): Projection {
  return { ProjectionType: projection, ...(nonKeys && { NonKeyAttributes: [...nonKeys] }) };
}

function localShape(
  reader: ByteReader,
  table: TableRecord,
  index: IndexRecord,
): LocalSecondaryIndexDescription {
  const sizes = sizesAt(reader, sizeKey(table.key, index.key));
  return {
    IndexName: index.name,
    KeySchema: keyShape(index),
    Projection: projectionShape(index),
    IndexSizeBytes: sizes.bytes,
    ItemCount: sizes.items,
    IndexArn: indexArn(table, index.name),
  };
}

function globalShape(
  reader: ByteReader,
  table: TableRecord,
  index: IndexRecord,
): GlobalSecondaryIndexDescription {
  const throughput = index.throughput ?? { read: 0, write: 0 };
  return {
    ...localShape(reader, table, index),
    IndexStatus: index.status,
    ...(index.status === 'CREATING' && { Backfilling: true }),
    ProvisionedThroughput: throughputShape(throughput),
    ...(index.onDemand && { OnDemandThroughput: onDemandShape(index.onDemand) }),
    WarmThroughput: warmShape({ billing: table.billing, throughput }, index.warm, 'ACTIVE'),
  };
}

function onDemandShape({ read = -1, write = -1 }: OnDemandRecord): {
  MaxReadRequestUnits: number;
  MaxWriteRequestUnits: number;
} {
  return { MaxReadRequestUnits: read, MaxWriteRequestUnits: write };
}

function warmShape(
  { billing, throughput }: Pick<TableRecord, 'billing' | 'throughput'>,
  asked: OnDemandRecord | undefined,
  Status: 'ACTIVE',
): { ReadUnitsPerSecond: number; WriteUnitsPerSecond: number; Status: 'ACTIVE' } {
  const perRequest = billing === 'PAY_PER_REQUEST';
  return {
    ReadUnitsPerSecond: Math.max(asked?.read ?? 0, perRequest ? WARM_READ : throughput.read),
    WriteUnitsPerSecond: Math.max(asked?.write ?? 0, perRequest ? WARM_WRITE : throughput.write),
    Status,
  };
}

function streamShape(record: TableRecord): Partial<TableDescription> {
  const { stream } = record;
  if (!stream) return {};
  return {
    ...(stream.enabled && { StreamSpecification: { StreamEnabled: true, StreamViewType: stream.view } }),
    LatestStreamLabel: stream.label,
    LatestStreamArn: streamArn(record, stream.label),
  };
}

function settingsShape(record: TableRecord): Partial<TableDescription> {
  const { kmsKeyArn, tableClass, classChangedMs, onDemand, restored } = record;
  return {
    ...(kmsKeyArn !== undefined && {
      SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: kmsKeyArn },
    }),
    ...(tableClass !== undefined && {
      TableClassSummary: {
        TableClass: tableClass,
        ...(classChangedMs !== undefined && { LastUpdateDateTime: new Date(classChangedMs) }),
      },
    }),
    ...(onDemand && { OnDemandThroughput: onDemandShape(onDemand) }),
    ...(restored && {
      RestoreSummary: {
        ...(restored.backupArn !== undefined && { SourceBackupArn: restored.backupArn }),
        SourceTableArn: restored.tableArn,
        RestoreDateTime: new Date(restored.atMs),
        RestoreInProgress: record.restoring === true,
      },
    }),
  };
}
