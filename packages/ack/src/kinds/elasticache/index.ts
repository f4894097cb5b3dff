// The kinds of ElastiCache.
import type { KindDescription } from '../../kind/description.ts';
import { cacheCluster } from './cache-cluster.ts';
import { cacheParameterGroup } from './cache-parameter-group.ts';
import { cacheSubnetGroup } from './cache-subnet-group.ts';
import { globalReplicationGroup } from './global-replication-group.ts';
import { replicationGroup } from './replication-group.ts';
import { serverlessCache } from './serverless-cache.ts';
import { snapshot } from './snapshot.ts';
import { user } from './user.ts';
import { userGroup } from './user-group.ts';

export const elasticacheKinds: readonly KindDescription[] = [
  cacheCluster,
  cacheParameterGroup,
  cacheSubnetGroup,
  globalReplicationGroup,
  replicationGroup,
  serverlessCache,
  snapshot,
  user,
  userGroup,
];
