// Global clusters: their control plane. They have one cluster at most here, for nothing replicates between regions.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateGlobalCluster.html
import type {
  CreateGlobalClusterMessage,
  DeleteGlobalClusterMessage,
  DescribeGlobalClustersMessage,
  GlobalCluster,
  GlobalClustersMessage,
  ModifyGlobalClusterMessage,
  RemoveFromGlobalClusterMessage,
} from '@aws-sdk/client-rds';
import type { Call } from '../../../call.ts';
import { type AnyOperation, defineOperation } from '../../../operation.ts';
import { checkOn, creationChecks, homeOf, onNamed } from '../access.ts';
import { arnOf, parseArn } from '../arn.ts';
import { chooseVersion, engineOf } from '../catalogue/engines.ts';
import { faults } from '../faults.ts';
import { type FilterTable, filtered } from '../filters.ts';
import { drawResourceId } from '../instances/new-instance.ts';
import { checkDatabaseName } from '../instances/rules.ts';
import { clusters, globalClusters, homeOfKind, named } from '../kinds.ts';
import { identifierOf } from '../names.ts';
import { pageOf } from '../paging.ts';
import { deleteRecord, type Home, listRecords, readRecord, writeRecord } from '../state.ts';
import { tagListOf, tagsOf } from '../tags.ts';
import type { StoredCluster } from '../records.ts';
import type { StoredGlobalCluster } from './global-cluster.ts';

interface Result {
  readonly GlobalCluster: GlobalCluster;
}

const globalHome = (call: Call) => homeOfKind(globalClusters, homeOf(call));

function shape(home: Home, known: StoredGlobalCluster): GlobalCluster {
  return {
    GlobalClusterIdentifier: known.name,
    GlobalClusterResourceId: known.resourceId,
    GlobalClusterArn: arnOf(home, 'global-cluster', known.name),
    Status: 'available',
    Engine: known.engine,
    EngineVersion: known.version,
    EngineLifecycleSupport: 'open-source-rds-extended-support',
    DatabaseName: known.database,
    StorageEncrypted: known.encrypted,
    DeletionProtection: known.deletionProtection,
    GlobalClusterMembers: known.members.map((DBClusterArn, index) => ({
      DBClusterArn,
      Readers: [],
      IsWriter: index === 0,
      SynchronizationStatus: 'connected',
    })),
    TagList: tagListOf(known.tags),
    Endpoint: `${known.name}.global-${known.resourceId.slice(8, 20).toLowerCase()}.global.rds.amazonaws.com`,
  };
}

const createGlobalCluster = defineOperation<CreateGlobalClusterMessage, Result>({
  name: 'CreateGlobalCluster',
  access: {
    iam: (input, call) =>
      creationChecks(call, 'CreateGlobalCluster', globalClusters, {
        name: input.GlobalClusterIdentifier ?? '',
        tags: input.Tags,
        uses: [[clusters, input.SourceDBClusterIdentifier]],
      }),
  },
  async handle(call, input) {
    const home = homeOf(call);
    const source = input.SourceDBClusterIdentifier
      ? named(call.plane.store, clusters, home, input.SourceDBClusterIdentifier)
      : undefined;
    const made = newGlobalCluster(call, input, source);
    await call.plane.store.transact((tx) => {
      if (readRecord(tx, globalClusters.table, globalHome(call), made.name))
        throw faults.globalClusterExists(made.name);
      writeRecord(tx, globalClusters.table, globalHome(call), made);
      if (!source) return;
      const now = named(tx, clusters, home, source.name);
      if (now.globalCluster !== undefined)
        throw faults.clusterState(
          `The cluster ${now.name} is already in the global cluster ${now.globalCluster}.`,
        );
      writeRecord(tx, clusters.table, home, { ...now, globalCluster: made.name });
    });
    return { GlobalCluster: shape(home, made) };
  },
});

/** Made of its own parameters, or of the cluster that becomes its first one. */
function newGlobalCluster(
  call: Call,
  input: CreateGlobalClusterMessage,
  source: StoredCluster | undefined,
): StoredGlobalCluster {
  const { plane } = call;
  if (source && input.Engine !== undefined)
    throw faults.invalidCombination(
      'When creating a global cluster from an existing cluster, Engine must not be specified.',
    );
  const engine = engineOf(source?.engine ?? input.Engine);
  if (!engine.clustered)
    throw faults.invalidValue(`The engine ${engine.name} does not support global clusters.`);
  const given = {
    version: input.EngineVersion,
    database: checkDatabaseName(engine, input.DatabaseName, 'DatabaseName'),
    encrypted: input.StorageEncrypted ?? false,
  };
  const { database, encrypted } = source ?? given;
  return {
    name: identifierOf(input.GlobalClusterIdentifier, 'GlobalClusterIdentifier'),
    tags: tagsOf(input.Tags),
    resourceId: drawResourceId(plane.random, 'cluster'),
    engine: engine.name,
    version: chooseVersion(plane, engine, source?.settings.version ?? given.version).version,
    database,
    encrypted,
    deletionProtection: input.DeletionProtection ?? false,
    members: source ? [arnOf(homeOf(call), 'cluster', source.name)] : [],
    createdAt: new Date(call.nowMs).toISOString(),
  };
}

const filters: FilterTable<StoredGlobalCluster> = {
  'db-cluster-id': ({ members }) => members.flatMap((arn) => [arn, parseArn(arn)?.name]),
  region: ({ members }) => members.map((arn) => parseArn(arn)?.region),
};

const describeGlobalClusters = defineOperation<DescribeGlobalClustersMessage, GlobalClustersMessage>({
  name: 'DescribeGlobalClusters',
  access: onNamed(
    'DescribeGlobalClusters',
    globalClusters,
    ({ GlobalClusterIdentifier }) => GlobalClusterIdentifier,
  ),
  handle(call, input) {
    const home = homeOf(call);
    const { store } = call.plane;
    const all = input.GlobalClusterIdentifier
      ? [named(store, globalClusters, home, input.GlobalClusterIdentifier)]
      : listRecords(store, globalClusters.table, globalHome(call));
    const page = pageOf(filtered(all, input.Filters, filters), ({ name }) => name, input);
    return { GlobalClusters: page.items.map((known) => shape(home, known)), Marker: page.Marker };
  },
});

const modifyGlobalCluster = defineOperation<ModifyGlobalClusterMessage, Result>({
  name: 'ModifyGlobalCluster',
  access: onNamed(
    'ModifyGlobalCluster',
    globalClusters,
    ({ GlobalClusterIdentifier }) => GlobalClusterIdentifier,
  ),
  async handle(call, input) {
    if (input.EngineVersion !== undefined) throw faults.notImplemented('The upgrade of a global cluster');
    const renamed =
      input.NewGlobalClusterIdentifier &&
      identifierOf(input.NewGlobalClusterIdentifier, 'NewGlobalClusterIdentifier');
    const home = homeOf(call);
    const { value } = await call.plane.store.transact((tx) => {
      const known = named(tx, globalClusters, home, input.GlobalClusterIdentifier);
      const name = renamed || known.name;
      if (name !== known.name) {
        if (readRecord(tx, globalClusters.table, globalHome(call), name))
          throw faults.globalClusterExists(name);
        deleteRecord(tx, globalClusters.table, globalHome(call), known.name);
        for (const cluster of listRecords(tx, clusters.table, home))
          if (cluster.globalCluster === known.name)
            writeRecord(tx, clusters.table, home, { ...cluster, globalCluster: name });
      }
      const deletionProtection = input.DeletionProtection ?? known.deletionProtection;
      return writeRecord(tx, globalClusters.table, globalHome(call), { ...known, name, deletionProtection });
    });
    return { GlobalCluster: shape(home, value) };
  },
});

const removeFromGlobalCluster = defineOperation<RemoveFromGlobalClusterMessage, Result>({
  name: 'RemoveFromGlobalCluster',
  access: {
    iam: ({ GlobalClusterIdentifier: name = '', DbClusterIdentifier: cluster = '' }, call) => [
      checkOn(call, 'RemoveFromGlobalCluster', globalClusters, { name }),
      checkOn(call, 'RemoveFromGlobalCluster', clusters, { name: cluster }),
    ],
  },
  async handle(call, input) {
    const home = homeOf(call);
    const { value } = await call.plane.store.transact((tx) => {
      const known = named(tx, globalClusters, home, input.GlobalClusterIdentifier);
      const cluster = named(tx, clusters, home, input.DbClusterIdentifier);
      const arn = arnOf(home, 'cluster', cluster.name);
      if (!known.members.includes(arn)) throw faults.noSuchCluster(cluster.name);
      writeRecord(tx, clusters.table, home, { ...cluster, globalCluster: undefined });
      const members = known.members.filter((member) => member !== arn);
      return writeRecord(tx, globalClusters.table, globalHome(call), { ...known, members });
    });
    return { GlobalCluster: shape(home, value) };
  },
});

const deleteGlobalCluster = defineOperation<DeleteGlobalClusterMessage, Result>({
  name: 'DeleteGlobalCluster',
  access: onNamed(
    'DeleteGlobalCluster',
    globalClusters,
    ({ GlobalClusterIdentifier }) => GlobalClusterIdentifier,
  ),
  async handle(call, input) {
    const home = homeOf(call);
    const { value } = await call.plane.store.transact((tx) => {
      const known = named(tx, globalClusters, home, input.GlobalClusterIdentifier);
      if (known.deletionProtection)
        throw faults.invalidCombination(
          'Cannot delete protected Global Cluster, please disable deletion protection and try again.',
        );
      if (known.members.length > 0)
        throw faults.globalClusterState(
          `Global Cluster ${arnOf(home, 'global-cluster', known.name)} is not empty`,
        );
      deleteRecord(tx, globalClusters.table, globalHome(call), known.name);
      return known;
    });
    return { GlobalCluster: { ...shape(home, value), Status: 'deleting' } };
  },
});

export const globalClusterOperations: readonly AnyOperation[] = [
  createGlobalCluster,
  describeGlobalClusters,
  modifyGlobalCluster,
  removeFromGlobalCluster,
  deleteGlobalCluster,
];
