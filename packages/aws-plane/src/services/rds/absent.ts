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
  { name: 'DescribeBlueGreenDeployments', member: 'BlueGreenDeployments' },
  { name: 'DescribeDBClusterAutomatedBackups', member: 'DBClusterAutomatedBackups' },
  { name: 'DescribeDBClusterBacktracks', member: 'DBClusterBacktracks' },
  { name: 'DescribeDBInstanceAutomatedBackups', member: 'DBInstanceAutomatedBackups' },
  { name: 'DescribeDBProxyEndpoints', member: 'DBProxyEndpoints' },
  { name: 'DescribeDBRecommendations', member: 'DBRecommendations' },
  { name: 'DescribeDBSecurityGroups', member: 'DBSecurityGroups' },
  { name: 'DescribeDBShardGroups', member: 'DBShardGroups' },
  { name: 'DescribeDBSnapshotTenantDatabases', member: 'DBSnapshotTenantDatabases' },
  { name: 'DescribeExportTasks', member: 'ExportTasks' },
  { name: 'DescribeIntegrations', member: 'Integrations' },
  { name: 'DescribeReservedDBInstances', member: 'ReservedDBInstances' },
  { name: 'DescribeReservedDBInstancesOfferings', member: 'ReservedDBInstancesOfferings' },
  { name: 'DescribeTenantDatabases', member: 'TenantDatabases' },
];

export const absentOperations: readonly AnyOperation[] = lists.map(({ name, member }) =>
  defineOperation<object, object>({ name, access: onAccount(name), handle: () => ({ [member]: [] }) }),
);
