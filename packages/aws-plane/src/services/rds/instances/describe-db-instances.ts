// DescribeDBInstances: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBInstances.html
import type { DBInstanceMessage, DescribeDBInstancesMessage } from '@aws-sdk/client-rds';
import { defineOperation } from '../../../operation.ts';
import { homeOf, onNamed } from '../access.ts';
import { arnOf } from '../arn.ts';
import { type FilterTable, filtered } from '../filters.ts';
import { instances, named } from '../kinds.ts';
import { pageOf } from '../paging.ts';
import type { StoredInstance } from '../records.ts';
import { type Home, listRecords } from '../state.ts';
import { shapeFor } from './instance-work.ts';

const filtersOf = (home: Home): FilterTable<StoredInstance> => ({
  'db-instance-id': ({ name }) => [name, arnOf(home, 'db', name)],
  'db-cluster-id': ({ clusterName }) => [clusterName, clusterName && arnOf(home, 'cluster', clusterName)],
  'dbi-resource-id': ({ resourceId }) => [resourceId],
  engine: ({ engine }) => [engine],
  domain: () => [],
});

export const describeDbInstances = defineOperation<DescribeDBInstancesMessage, DBInstanceMessage>({
  name: 'DescribeDBInstances',
  access: onNamed('DescribeDBInstances', instances, ({ DBInstanceIdentifier }) => DBInstanceIdentifier),
  async handle(call, input) {
    const home = homeOf(call);
    const { store } = call.plane;
    const all = input.DBInstanceIdentifier
      ? [named(store, instances, home, input.DBInstanceIdentifier)]
      : listRecords(store, instances.table, home);
    const page = pageOf(filtered(all, input.Filters, filtersOf(home)), ({ name }) => name, input);
    const DBInstances = await Promise.all(page.items.map((instance) => shapeFor(call, instance)));
    return { DBInstances, Marker: page.Marker };
  },
});
