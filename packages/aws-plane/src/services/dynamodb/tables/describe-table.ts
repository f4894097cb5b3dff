// DescribeTable and ListTables.
import type {
  DescribeTableInput,
  DescribeTableOutput,
  ListTablesInput,
  ListTablesOutput,
} from '@aws-sdk/client-dynamodb';
import type { Call } from '../../../call.ts';
import { defineOperation } from '../../../operation.ts';
import { onAccount, onTable } from '../access.ts';
import { homeOf, tableNameOf } from '../arn.ts';
import { dynamoOf } from '../dynamo-context.ts';
import { faults } from '../faults.ts';
import type { Table } from './table.ts';
import { tableShape } from './table-shape.ts';
import { findTable, tableNames } from './table-state.ts';

/** The table of a control operation, or ResourceNotFoundException with its name. */
export function namedTable(call: Call, name: string | undefined): Table {
  const at = tableNameOf(call, name);
  const table = findTable(call.plane.store, at);
  if (!table) throw faults.noSuchTable(at.name);
  return table;
}

export const describeTable = defineOperation<DescribeTableInput, DescribeTableOutput>({
  name: 'DescribeTable',
  access: onTable('DescribeTable'),
  handle(call, input) {
    const { record } = namedTable(call, input.TableName);
    return { Table: tableShape(dynamoOf(call.plane).bytes, record) };
  },
});

const PAGE_TABLES = 100;

export const listTables = defineOperation<ListTablesInput, ListTablesOutput>({
  name: 'ListTables',
  access: onAccount('ListTables'),
  handle(call, input) {
    const limit = input.Limit ?? PAGE_TABLES;
    const found = tableNames(call.plane.store, homeOf(call), input.ExclusiveStartTableName, limit + 1);
    const names = found.slice(0, limit);
    const last = found.length > limit ? names.at(-1) : undefined;
    return { TableNames: names, ...(last !== undefined && { LastEvaluatedTableName: last }) };
  },
});
