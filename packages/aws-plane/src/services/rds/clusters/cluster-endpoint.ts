// Custom endpoints of clusters as they are shown. The members of a cluster share one server, so every endpoint
// leads to it, whichever instances it is for.
import type { DBClusterEndpoint } from '@aws-sdk/client-rds';
import type { Reader } from '@pergola/store';
import { arnOf } from '../arn.ts';
import { clusterEndpoints, instances } from '../kinds.ts';
import type { StoredCluster } from '../records.ts';
import { type Home, listRecords } from '../state.ts';
import type { StoredClusterEndpoint } from './stored-cluster-endpoint.ts';

export function endpointsOf(reader: Reader, home: Home, cluster: StoredCluster): StoredClusterEndpoint[] {
  return listRecords(reader, clusterEndpoints.table, home).filter(
    ({ clusterId }) => clusterId === cluster.resourceId,
  );
}

export function endpointShape(
  reader: Reader,
  home: Home,
  cluster: StoredCluster,
  endpoint: StoredClusterEndpoint,
): DBClusterEndpoint {
  const names = new Map(
    listRecords(reader, instances.table, home).map(({ resourceId, name }) => [resourceId, name]),
  );
  const namesOf = (ids: readonly string[]) =>
    ids.map((id) => names.get(id)).filter((name) => name !== undefined);
  return {
    DBClusterEndpointIdentifier: endpoint.name,
    DBClusterIdentifier: cluster.name,
    DBClusterEndpointResourceIdentifier: endpoint.resourceId,
    DBClusterEndpointArn: arnOf(home, 'cluster-endpoint', endpoint.name),
    Endpoint: cluster.place?.host,
    Status: shownStatus(cluster),
    EndpointType: 'CUSTOM',
    CustomEndpointType: endpoint.type,
    StaticMembers: namesOf(endpoint.only),
    ExcludedMembers: namesOf(endpoint.without),
  };
}

/** The endpoints that a cluster has by itself. They have no identifiers. */
export function standardEndpoints(cluster: StoredCluster): DBClusterEndpoint[] {
  return ['WRITER', 'READER'].map((EndpointType) => ({
    DBClusterIdentifier: cluster.name,
    Endpoint: cluster.place?.host,
    Status: shownStatus(cluster),
    EndpointType,
  }));
}

function shownStatus({ status }: StoredCluster): string {
  if (status === 'creating' || status === 'deleting') return status;
  return status === 'stopped' || status === 'failed' ? 'inactive' : 'available';
}
