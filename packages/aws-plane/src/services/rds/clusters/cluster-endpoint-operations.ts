// CreateDBClusterEndpoint, DescribeDBClusterEndpoints, ModifyDBClusterEndpoint, DeleteDBClusterEndpoint.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBClusterEndpoint.html
import type {
  CreateDBClusterEndpointMessage,
  DBClusterEndpoint,
  DBClusterEndpointMessage,
  DeleteDBClusterEndpointMessage,
  DescribeDBClusterEndpointsMessage,
  ModifyDBClusterEndpointMessage,
} from '@aws-sdk/client-rds';
import type { Reader } from '@pergola/store';
import type { Call } from '../../../call.ts';
import { type AnyOperation, defineOperation } from '../../../operation.ts';
import { creationChecks, homeOf, onNamed } from '../access.ts';
import { faults } from '../faults.ts';
import { type FilterTable, filtered } from '../filters.ts';
import { drawResourceId } from '../instances/new-instance.ts';
import { clusterEndpoints, clusters, find, instances, named } from '../kinds.ts';
import { identifierOf } from '../names.ts';
import { pageOf } from '../paging.ts';
import type { StoredCluster } from '../records.ts';
import { deleteRecord, type Home, listRecords, readRecord, writeRecord } from '../state.ts';
import { tagsOf } from '../tags.ts';
import { endpointShape, endpointsOf, standardEndpoints } from './cluster-endpoint.ts';
import type { StoredClusterEndpoint } from './stored-cluster-endpoint.ts';

const ENDPOINTS_MAX = 5;
const TYPES = ['ANY', 'READER'];

interface Members {
  readonly StaticMembers?: string[] | undefined;
  readonly ExcludedMembers?: string[] | undefined;
}

function typeOf(type: string | undefined): string {
  if (type === undefined || type === '') throw faults.missing('EndpointType');
  if (TYPES.includes(type)) return type;
  throw faults.invalidValue(`Invalid EndpointType: ${type}. Valid values for custom endpoints: ANY, READER`);
}

/** Resource ids of the members that are named. Undefined where the request says nothing about them. */
function membersOf(
  reader: Reader,
  home: Home,
  cluster: StoredCluster,
  { StaticMembers, ExcludedMembers }: Members,
): Pick<StoredClusterEndpoint, 'only' | 'without'> | undefined {
  if (StaticMembers === undefined && ExcludedMembers === undefined) return undefined;
  if (StaticMembers?.length && ExcludedMembers?.length)
    throw faults.invalidCombination('StaticMembers and ExcludedMembers cannot both be specified.');
  const idsOf = (names: readonly string[] = []) =>
    [...new Set(names)].map((name) => {
      const instance = find(reader, instances, home, name);
      if (instance?.clusterName !== cluster.name) throw faults.noSuchInstance(name);
      return instance.resourceId;
    });
  return { only: idsOf(StaticMembers), without: idsOf(ExcludedMembers) };
}

const createDbClusterEndpoint = defineOperation<CreateDBClusterEndpointMessage, DBClusterEndpoint>({
  name: 'CreateDBClusterEndpoint',
  access: {
    iam: ({ DBClusterEndpointIdentifier: name = '', Tags: tags, ...input }, call) =>
      creationChecks(call, 'CreateDBClusterEndpoint', clusterEndpoints, {
        name,
        tags,
        context: { 'rds:EndpointType': 'CUSTOM' },
        uses: [[clusters, input.DBClusterIdentifier]],
      }),
  },
  async handle(call, input) {
    const home = homeOf(call);
    const name = identifierOf(input.DBClusterEndpointIdentifier, 'DBClusterEndpointIdentifier');
    const type = typeOf(input.EndpointType);
    const tags = tagsOf(input.Tags);
    const resourceId = drawResourceId(call.plane.random, 'cluster-endpoint');
    const { value } = await call.plane.store.transact((tx) => {
      const cluster = named(tx, clusters, home, input.DBClusterIdentifier);
      if (cluster.status !== 'available')
        throw faults.clusterState(`DBCluster ${cluster.name} is not in available state.`);
      if (readRecord(tx, clusterEndpoints.table, home, name)) throw faults.clusterEndpointExists(name);
      if (endpointsOf(tx, home, cluster).length >= ENDPOINTS_MAX) throw faults.clusterEndpointQuota();
      const members = membersOf(tx, home, cluster, input) ?? { only: [], without: [] };
      const made = { name, tags, resourceId, clusterId: cluster.resourceId, type, ...members };
      writeRecord(tx, clusterEndpoints.table, home, made);
      return endpointShape(tx, home, cluster, made);
    });
    return { ...value, Status: 'creating' };
  },
});

function clusterOf(reader: Reader, home: Home, { clusterId }: StoredClusterEndpoint): StoredCluster {
  const cluster = listRecords(reader, clusters.table, home).find(
    ({ resourceId }) => resourceId === clusterId,
  );
  if (!cluster) throw faults.noSuchCluster(clusterId);
  return cluster;
}

const filters: FilterTable<DBClusterEndpoint> = {
  'db-cluster-endpoint-type': ({ EndpointType }) => [EndpointType?.toLowerCase(), EndpointType],
  'db-cluster-endpoint-custom-type': ({ CustomEndpointType: type }) => [type?.toLowerCase(), type],
  'db-cluster-endpoint-id': (one) => [one.DBClusterEndpointIdentifier],
  'db-cluster-endpoint-status': ({ Status }) => [Status],
};

function described(call: Call, input: DescribeDBClusterEndpointsMessage): DBClusterEndpoint[] {
  const home = homeOf(call);
  const { store } = call.plane;
  const wanted = input.DBClusterEndpointIdentifier?.toLowerCase();
  const among = input.DBClusterIdentifier
    ? [named(store, clusters, home, input.DBClusterIdentifier)]
    : listRecords(store, clusters.table, home);
  return among
    .flatMap((cluster) => [
      ...standardEndpoints(cluster),
      ...endpointsOf(store, home, cluster).map((one) => endpointShape(store, home, cluster, one)),
    ])
    .filter((one) => wanted === undefined || one.DBClusterEndpointIdentifier === wanted);
}

const describeDbClusterEndpoints = defineOperation<
  DescribeDBClusterEndpointsMessage,
  DBClusterEndpointMessage
>({
  name: 'DescribeDBClusterEndpoints',
  access: onNamed('DescribeDBClusterEndpoints', clusters, ({ DBClusterIdentifier }) => DBClusterIdentifier),
  handle(call, input) {
    const all = filtered(described(call, input), input.Filters, filters);
    const keyOf = (one: DBClusterEndpoint) =>
      `${one.DBClusterIdentifier}/${one.EndpointType}/${one.DBClusterEndpointIdentifier ?? ''}`;
    const page = pageOf(all, keyOf, input);
    return { DBClusterEndpoints: page.items, Marker: page.Marker };
  },
});

const nameOf = (input: { readonly DBClusterEndpointIdentifier?: string | undefined }) =>
  input.DBClusterEndpointIdentifier;

const modifyDbClusterEndpoint = defineOperation<ModifyDBClusterEndpointMessage, DBClusterEndpoint>({
  name: 'ModifyDBClusterEndpoint',
  access: onNamed('ModifyDBClusterEndpoint', clusterEndpoints, nameOf),
  async handle(call, input) {
    const home = homeOf(call);
    const { value } = await call.plane.store.transact((tx) => {
      const known = named(tx, clusterEndpoints, home, nameOf(input));
      const cluster = clusterOf(tx, home, known);
      const type = input.EndpointType === undefined ? known.type : typeOf(input.EndpointType);
      const changed = { ...known, type, ...membersOf(tx, home, cluster, input) };
      return endpointShape(tx, home, cluster, writeRecord(tx, clusterEndpoints.table, home, changed));
    });
    return value;
  },
});

const deleteDbClusterEndpoint = defineOperation<DeleteDBClusterEndpointMessage, DBClusterEndpoint>({
  name: 'DeleteDBClusterEndpoint',
  access: onNamed('DeleteDBClusterEndpoint', clusterEndpoints, nameOf),
  async handle(call, input) {
    const home = homeOf(call);
    const { value } = await call.plane.store.transact((tx) => {
      const known = named(tx, clusterEndpoints, home, nameOf(input));
      const shown = endpointShape(tx, home, clusterOf(tx, home, known), known);
      deleteRecord(tx, clusterEndpoints.table, home, known.name);
      return shown;
    });
    return { ...value, Status: 'deleting' };
  },
});

export const clusterEndpointOperations: readonly AnyOperation[] = [
  createDbClusterEndpoint,
  describeDbClusterEndpoints,
  modifyDbClusterEndpoint,
  deleteDbClusterEndpoint,
];
