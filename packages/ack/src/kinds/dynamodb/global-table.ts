// GlobalTable: tables of several regions as one, of the version of 2017.
import type { KindDescription } from '../../kind/description.ts';
import { isObject } from '../../kind/values/to-aws.ts';
import { dynamodb } from './service.ts';

function regionsOf(list: unknown): readonly string[] {
  return (Array.isArray(list) ? list : []).filter(isObject).map((replica) => String(replica['RegionName']));
}

export const globalTable: KindDescription = {
  service: dynamodb,
  kind: 'GlobalTable',
  isStateful: true,
  identity: 'GlobalTableName',
  fields: { GlobalTableName: { replace: true } },
  create: [{ operation: 'CreateGlobalTable', at: 'GlobalTableDescription' }],
  read: [
    {
      operation: 'DescribeGlobalTable',
      input: { GlobalTableName: '$GlobalTableName' },
      at: 'GlobalTableDescription',
      absent: ['GlobalTableNotFoundException'],
    },
  ],
  // A global table is gone when its last replica is.
  remove: [],
  progress: { path: 'GlobalTableStatus', ready: ['ACTIVE'], removing: ['DELETING'] },
  terminal: ['ValidationException'],
  ways: {
    operations: ['UpdateGlobalTable'],
    update: {
      ReplicationGroup: async ({ call, find, field, resource }) => {
        const [asked, has] = [regionsOf(field('ReplicationGroup')), regionsOf(resource['ReplicationGroup'])];
        const add = asked.filter((RegionName) => !has.includes(RegionName));
        const drop = has.filter((RegionName) => !asked.includes(RegionName));
        await call('UpdateGlobalTable', {
          GlobalTableName: find('$GlobalTableName'),
          ReplicaUpdates: [
            ...add.map((RegionName) => ({ Create: { RegionName } })),
            ...drop.map((RegionName) => ({ Delete: { RegionName } })),
          ],
        });
      },
    },
    beforeRemove: async ({ call, find, resource }) => {
      const regions = regionsOf(resource['ReplicationGroup']);
      await call('UpdateGlobalTable', {
        GlobalTableName: find('$GlobalTableName'),
        ReplicaUpdates: regions.map((RegionName) => ({ Delete: { RegionName } })),
      });
    },
    dataAtRisk: () => Promise.resolve('it is a table of several regions'),
  },
};
