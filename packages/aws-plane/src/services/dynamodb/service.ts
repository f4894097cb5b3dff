// DynamoDB: its operations. What each does not do stands in the README beside this file.
import type { AnyOperation, ServiceDefinition } from '../../operation.ts';
import { startBackground } from './background.ts';
import { createBackup, deleteBackup, describeBackup, listBackups } from './backups/backups.ts';
import { describeContinuousBackups, updateContinuousBackups } from './backups/recovery.ts';
import { restoreTableFromBackup, restoreTableToPointInTime } from './backups/restore.ts';
import { openDynamo } from './dynamo-context.ts';
import { describeExport, exportTableToPointInTime, listExports } from './exports/exports.ts';
import { batchGetItem } from './items/batch-get-item.ts';
import { batchWriteItem } from './items/batch-write-item.ts';
import { deleteItem } from './items/delete-item.ts';
import { getItem } from './items/get-item.ts';
import { putItem } from './items/put-item.ts';
import { batchExecuteStatement } from './partiql/batch-execute-statement.ts';
import { executeStatement } from './partiql/execute-statement.ts';
import { executeTransaction } from './partiql/execute-transaction.ts';
import { updateItem } from './items/update-item.ts';
import { transactGetItems } from './transactions/transact-get-items.ts';
import { transactWriteItems } from './transactions/transact-write-items.ts';
import { query } from './queries/query.ts';
import { scan } from './queries/scan.ts';
import { absentOperations } from './settings/absent.ts';
import {
  describeContributorInsights,
  listContributorInsights,
  updateContributorInsights,
} from './settings/contributor-insights.ts';
import { describeEndpoints, describeLimits } from './settings/limits.ts';
import { deleteResourcePolicy, getResourcePolicy, putResourcePolicy } from './settings/resource-policies.ts';
import { listTagsOfResource, tagResource, untagResource } from './settings/tags.ts';
import { describeTimeToLive, updateTimeToLive } from './settings/time-to-live.ts';
import { describeStream, listStreams } from './streams/describe-stream.ts';
import { getRecords, getShardIterator } from './streams/get-records.ts';
import { createTable } from './tables/create-table.ts';
import { deleteTable } from './tables/delete-table.ts';
import { describeTable, listTables } from './tables/describe-table.ts';
import { updateTable } from './tables/update-table.ts';

const operations: readonly AnyOperation[] = [
  createTable,
  describeTable,
  listTables,
  updateTable,
  deleteTable,

  getItem,
  putItem,
  updateItem,
  deleteItem,
  batchGetItem,
  batchWriteItem,
  query,
  scan,

  transactWriteItems,
  transactGetItems,

  executeStatement,
  batchExecuteStatement,
  executeTransaction,

  updateTimeToLive,
  describeTimeToLive,
  tagResource,
  untagResource,
  listTagsOfResource,
  putResourcePolicy,
  getResourcePolicy,
  deleteResourcePolicy,
  updateContributorInsights,
  describeContributorInsights,
  listContributorInsights,
  describeLimits,
  describeEndpoints,

  createBackup,
  describeBackup,
  listBackups,
  deleteBackup,
  restoreTableFromBackup,
  updateContinuousBackups,
  describeContinuousBackups,
  restoreTableToPointInTime,
  exportTableToPointInTime,
  describeExport,
  listExports,
  ...absentOperations,
];

export const dynamodb: ServiceDefinition = {
  name: 'dynamodb',
  async start(plane) {
    openDynamo(plane);
    await startBackground(plane);
  },
  operations,
};

/** A service of its own by its target, which reads what the tables write. It begins and ends with DynamoDB. */
export const dynamodbStreams: ServiceDefinition = {
  name: 'dynamodbstreams',
  operations: [listStreams, describeStream, getShardIterator, getRecords],
};
