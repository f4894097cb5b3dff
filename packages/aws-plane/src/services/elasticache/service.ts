// ElastiCache: its operations. What each does not do stands in the README beside this file.
import type { ServiceDefinition } from '../../operation.ts';
import { absentOperations } from './absent.ts';
import { startCaches } from './caches/windows.ts';
import { clusterOperations } from './clusters/clusters.ts';
import { createCacheCluster } from './clusters/create-cache-cluster.ts';
import { catalogueOperations } from './engine-versions.ts';
import { describeEvents } from './events.ts';
import { createReplicationGroup } from './groups/create-replication-group.ts';
import { replicationGroupOperations } from './groups/replication-groups.ts';
import { scalingOperations } from './groups/scaling.ts';
import { subnetGroupOperations } from './networks/subnet-groups.ts';
import { parameterGroupOperations } from './parameters/parameter-groups.ts';
import { parameterOperations } from './parameters/parameters.ts';
import { serverlessCacheOperations } from './serverless/serverless-caches.ts';
import { serverlessSnapshotOperations } from './serverless/serverless-snapshots.ts';
import { snapshotOperations } from './snapshots/snapshots.ts';
import { tagOperations } from './tag-operations.ts';
import { userGroupOperations } from './users/user-groups.ts';
import { userOperations } from './users/users.ts';

export const elasticache: ServiceDefinition = {
  name: 'elasticache',
  start: startCaches,
  operations: [
    createCacheCluster,
    ...clusterOperations,
    createReplicationGroup,
    ...replicationGroupOperations,
    ...scalingOperations,
    ...serverlessCacheOperations,
    ...serverlessSnapshotOperations,
    ...snapshotOperations,
    ...userOperations,
    ...userGroupOperations,
    ...parameterGroupOperations,
    ...parameterOperations,
    ...subnetGroupOperations,
    ...tagOperations,
    ...catalogueOperations,
    describeEvents,
    ...absentOperations,
  ],
};
