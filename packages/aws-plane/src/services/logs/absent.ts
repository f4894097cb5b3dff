// Lists of what cannot be made here, asked for by clients that look around: they are truly empty. The operations that
// would make such things answer that they are not implemented.
import { type AnyOperation, defineOperation } from '../../operation.ts';
import { onAccount } from './access.ts';

interface Absent {
  readonly name: string;
  /** The list's member in the answer. */
  readonly member: string;
}

const lists: readonly Absent[] = [
  { name: 'DescribeAccountPolicies', member: 'accountPolicies' },
  { name: 'DescribeDeliveries', member: 'deliveries' },
  { name: 'DescribeDeliveryDestinations', member: 'deliveryDestinations' },
  { name: 'DescribeDeliverySources', member: 'deliverySources' },
  { name: 'DescribeDestinations', member: 'destinations' },
  { name: 'DescribeImportTasks', member: 'imports' },
  { name: 'DescribeLookupTables', member: 'lookupTables' },
  { name: 'ListAnomalies', member: 'anomalies' },
  { name: 'ListIntegrations', member: 'integrationSummaries' },
  { name: 'ListLogAnomalyDetectors', member: 'anomalyDetectors' },
  { name: 'ListScheduledQueries', member: 'scheduledQueries' },
];

export const absentOperations: readonly AnyOperation[] = lists.map(({ name, member }) =>
  defineOperation<object, object>({
    name,
    access: onAccount(`logs:${name}`),
    handle: () => ({ [member]: [] }),
  }),
);
