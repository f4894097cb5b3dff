// Backups as the answers have them.
import type { BackupDescription, BackupDetails, BackupSummary } from '@aws-sdk/client-dynamodb';
import { tableArn } from '../arn.ts';
import { keyShape, projectionShape } from '../tables/table-shape.ts';
import { arnOf, type BackupRecord } from './backup-state.ts';

export function detailsShape(backup: BackupRecord): BackupDetails {
  return {
    BackupArn: arnOf(backup),
    BackupName: backup.name,
    BackupSizeBytes: backup.bytes,
    BackupStatus: backup.ready ? 'AVAILABLE' : 'CREATING',
    BackupType: 'USER',
    BackupCreationDateTime: new Date(backup.createdMs),
  };
}

export function summaryShape(backup: BackupRecord): BackupSummary {
  const { table } = backup;
  return {
    ...detailsShape(backup),
    TableName: table.name,
    TableId: table.tableId,
    TableArn: tableArn(table),
  };
}

export function backupShape(backup: BackupRecord): BackupDescription {
  const { table } = backup;
  const units = ({ read, write }: { read: number; write: number }) => ({
    ReadCapacityUnits: read,
    WriteCapacityUnits: write,
  });
  const index = (one: (typeof table.localIndexes)[number]) => ({
    IndexName: one.name,
    KeySchema: keyShape(one),
    Projection: projectionShape(one),
  });
  return {
    BackupDetails: detailsShape(backup),
    SourceTableDetails: {
      TableName: table.name,
      TableId: table.tableId,
      TableArn: tableArn(table),
      TableSizeBytes: backup.bytes,
      KeySchema: keyShape(table.keys),
      TableCreationDateTime: new Date(table.createdMs),
      ProvisionedThroughput: units(table.throughput),
      ItemCount: backup.items,
      BillingMode: table.billing,
    },
    SourceTableFeatureDetails: {
      ...(table.localIndexes.length > 0 && { LocalSecondaryIndexes: table.localIndexes.map(index) }),
      ...(table.globalIndexes.length > 0 && {
        GlobalSecondaryIndexes: table.globalIndexes.map((one) => ({
          ...index(one),
          ProvisionedThroughput: units(one.throughput ?? { read: 0, write: 0 }),
        })),
      }),
      ...(table.stream?.enabled && {
        StreamDescription: { StreamEnabled: true, StreamViewType: table.stream.view },
      }),
      ...(table.expiry && {
        TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: table.expiry.attribute },
      }),
      ...(table.kmsKeyArn !== undefined && {
        SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: table.kmsKeyArn },
      }),
    },
  };
}
