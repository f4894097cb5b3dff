// DynamoDB: its operations. What each does not do stands in the README beside this file.
import type { AnyOperation, ServiceDefinition } from '../../operation.ts';
import { openDynamo } from './dynamo-context.ts';
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
import { createTable } from './tables/create-table.ts';
import { deleteTable } from './tables/delete-table.ts';
import { describeTable, listTables } from './tables/describe-table.ts';

const operations: readonly AnyOperation[] = [
  createTable,
  describeTable,
  listTables,
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
];

export const dynamodb: ServiceDefinition = {
  name: 'dynamodb',
  start(plane) {
    openDynamo(plane);
  },
  operations,
};
