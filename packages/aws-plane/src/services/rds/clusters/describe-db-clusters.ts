// DescribeDBClusters: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBClusters.html
import type { DBClusterMessage, DescribeDBClustersMessage } from '@aws-sdk/client-rds';
import { defineOperation } from '../../../operation.ts';
import { onNamed } from '../access.ts';
import { arnOf } from '../arn.ts';
import { type FilterTable, filtered } from '../filters.ts';
import { clusters, named } from '../kinds.ts';
import { pageOf } from '../paging.ts';
import type { StoredCluster } from '../records.ts';
import { type Home, listRecords } from '../state.ts';
import { clusterShape } from './cluster-shape.ts';

const filtersOf = (home: Home): FilterTable<StoredCluster> => ({
  'db-cluster-id': ({ name }) => [name, arnOf(home, 'cluster', name)],
  'db-cluster-resource-id': ({ resourceId }) => [resourceId],
  engine: ({ engine }) => [engine],
  'clone-group-id': () => [],
  domain: () => [],
});

export const describeDbClusters = defineOperation<DescribeDBClustersMessage, DBClusterMessage>({
  name: 'DescribeDBClusters',
  access: onNamed('DescribeDBClusters', clusters, ({ DBClusterIdentifier }) => DBClusterIdentifier),
  handle({ plane, account, region }, input) {
    const home = { account, region };
    const all = input.DBClusterIdentifier
      ? [named(plane.store, clusters, home, input.DBClusterIdentifier)]
      : listRecords(plane.store, clusters.table, home);
    const page = pageOf(filtered(all, input.Filters, filtersOf(home)), ({ name }) => name, input);
    return {
      DBClusters: page.items.map((cluster) => clusterShape(plane, home, cluster)),
      Marker: page.Marker,
    };
  },
});
