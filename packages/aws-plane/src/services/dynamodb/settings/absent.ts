// Lists of what cannot be made here, asked for by clients that look around: they are truly empty. The operations that
// would make such things answer that they are not implemented.
import { type AnyOperation, defineOperation } from '../../../operation.ts';
import { onAccount, onTable } from '../access.ts';
import { namedTable } from '../tables/describe-table.ts';

const lists = [
  ['ListGlobalTables', 'GlobalTables'],
  ['ListImports', 'ImportSummaryList'],
] as const;

export const absentOperations: readonly AnyOperation[] = [
  ...lists.map(([name, member]) =>
    defineOperation<object, object>({ name, access: onAccount(name), handle: () => ({ [member]: [] }) }),
  ),
  defineOperation<{ readonly TableName?: string | undefined }, object>({
    name: 'DescribeKinesisStreamingDestination',
    access: onTable('DescribeKinesisStreamingDestination'),
    handle: (call, input) => ({
      TableName: namedTable(call, input.TableName).record.name,
      KinesisDataStreamDestinations: [],
    }),
  }),
];
