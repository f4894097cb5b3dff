// What cannot be made here is listed as none: reservations, service updates, global groups, cache security groups.
import { type AnyOperation, defineOperation } from '../../operation.ts';
import { onAccount } from './access.ts';
import { faults } from './faults.ts';
import { AwsFault } from '../../fault.ts';

interface Absent {
  readonly name: string;
  /** The list's member in the answer. */
  readonly member: string;
  /** The input's member that names one, and what is answered then. */
  readonly one?: readonly [member: string, missing: (name: string) => AwsFault];
}

const noGlobalGroup = (name: string) =>
  new AwsFault('GlobalReplicationGroupNotFoundFault', 404, `Global replication group ${name} not found.`);

const lists: readonly Absent[] = [
  {
    name: 'DescribeReservedCacheNodes',
    member: 'ReservedCacheNodes',
    one: ['ReservedCacheNodeId', faults.noSuchReservation],
  },
  {
    name: 'DescribeReservedCacheNodesOfferings',
    member: 'ReservedCacheNodesOfferings',
    one: ['ReservedCacheNodesOfferingId', faults.noSuchOffering],
  },
  {
    name: 'DescribeServiceUpdates',
    member: 'ServiceUpdates',
    one: ['ServiceUpdateName', faults.noSuchServiceUpdate],
  },
  { name: 'DescribeUpdateActions', member: 'UpdateActions' },
  {
    name: 'DescribeGlobalReplicationGroups',
    member: 'GlobalReplicationGroups',
    one: ['GlobalReplicationGroupId', noGlobalGroup],
  },
  { name: 'DescribeCacheSecurityGroups', member: 'CacheSecurityGroups' },
];

export const absentOperations: readonly AnyOperation[] = lists.map(({ name, member, one }) =>
  defineOperation<Record<string, unknown>, object>({
    name,
    access: onAccount(name),
    handle(_, input) {
      const wanted = one && input[one[0]];
      if (one && typeof wanted === 'string' && wanted !== '') throw one[1](wanted);
      return { [member]: [] };
    },
  }),
);
