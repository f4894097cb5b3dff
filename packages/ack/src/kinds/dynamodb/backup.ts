// Backup: a copy of a table. AWS names it itself, so it is found by its table and name.
import type { KindDescription } from '../../kind/description.ts';
import { dynamodb } from './service.ts';

export const backup: KindDescription = {
  service: dynamodb,
  kind: 'Backup',
  isStateful: true,
  identity: 'BackupName',
  // Of another table it would be another one, as under another name.
  fields: { BackupName: { replace: true }, TableName: { immutable: true } },
  create: [{ operation: 'CreateBackup', at: 'BackupDetails' }],
  read: [
    {
      operation: 'ListBackups',
      input: { TableName: '$TableName' },
      at: 'BackupSummaries',
      where: { BackupName: '$BackupName' },
      page: ['ExclusiveStartBackupArn', 'LastEvaluatedBackupArn'],
      absent: ['TableNotFoundException', 'ResourceNotFoundException'],
    },
    {
      operation: 'DescribeBackup',
      input: { BackupArn: '$arn' },
      at: 'BackupDescription.BackupDetails',
      absent: ['BackupNotFoundException'],
    },
  ],
  remove: [{ operation: 'DeleteBackup', input: { BackupArn: '$arn' } }],
  gone: ['BackupNotFoundException'],
  progress: { path: 'BackupStatus', ready: ['AVAILABLE'], removing: ['DELETED'], againMs: 1_000 },
  terminal: ['ValidationException'],
  columns: [
    { name: 'ARN', path: '.status.ackResourceMetadata.arn', priority: 1 },
    { name: 'TABLENAME', path: '.spec.tableName' },
    { name: 'TYPE', path: '.status.backupType' },
    { name: 'SIZE', path: '.status.backupSizeBytes', type: 'integer' },
    { name: 'STATUS', path: '.status.backupStatus' },
  ],
  ways: { dataAtRisk: () => Promise.resolve('it is a backup of a table') },
};
