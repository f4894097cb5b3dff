// The kinds of RDS.
import type { KindDescription } from '../../kind/description.ts';
import { dbCluster } from './db-cluster.ts';
import { dbClusterEndpoint } from './db-cluster-endpoint.ts';
import { dbClusterParameterGroup } from './db-cluster-parameter-group.ts';
import { dbClusterSnapshot } from './db-cluster-snapshot.ts';
import { dbInstance } from './db-instance.ts';
import { dbParameterGroup } from './db-parameter-group.ts';
import { dbProxy } from './db-proxy.ts';
import { dbSnapshot } from './db-snapshot.ts';
import { dbSubnetGroup } from './db-subnet-group.ts';
import { globalCluster } from './global-cluster.ts';

export const rdsKinds: readonly KindDescription[] = [
  dbCluster,
  dbClusterEndpoint,
  dbClusterParameterGroup,
  dbClusterSnapshot,
  dbInstance,
  dbParameterGroup,
  dbProxy,
  dbSnapshot,
  dbSubnetGroup,
  globalCluster,
];
