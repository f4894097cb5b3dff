// RestoreDBClusterFromSnapshot and RestoreDBClusterToPointInTime.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBClusterFromSnapshot.html
import type {
  DBCluster,
  RestoreDBClusterFromSnapshotMessage,
  RestoreDBClusterToPointInTimeMessage,
} from '@aws-sdk/client-rds';
import type { Call } from '../../../call.ts';
import { defineOperation } from '../../../operation.ts';
import { checkOn, homeOf } from '../access.ts';
import { chooseVersion, engineOf } from '../catalogue/engines.ts';
import { faults } from '../faults.ts';
import { drawResourceId } from '../instances/new-instance.ts';
import { clusters, clusterSnapshots, named } from '../kinds.ts';
import { identifierOf } from '../names.ts';
import type { StoredCluster, StoredSnapshot } from '../records.ts';
import { bringUp } from '../runtime/lifecycle.ts';
import { deskOf } from '../runtime/rds-context.ts';
import { drawDataId } from '../snapshots/snapshot-work.ts';
import { tagsOf } from '../tags.ts';
import { clusterShape } from './cluster-shape.ts';
import { addCluster, clusterChecks, queueClusterJob } from './cluster-work.ts';
import { type ClusterRequest, newClusterSettings, refuseUnservedOfCluster } from './new-cluster.ts';

interface Result {
  readonly DBCluster: DBCluster;
}

type Origin = Pick<
  StoredSnapshot,
  'engine' | 'version' | 'masterUser' | 'database' | 'encrypted' | 'kmsKeyId' | 'port' | 'iamAuth'
> & { readonly dataId: string; readonly once: boolean };

async function restored(
  call: Call,
  name: string,
  origin: Origin,
  input: ClusterRequest,
): Promise<StoredCluster> {
  const { plane } = call;
  refuseUnservedOfCluster(input);
  const engine = engineOf(origin.engine);
  const settings = await newClusterSettings(call, chooseVersion(plane, engine, origin.version), {
    ...input,
    Port: input.Port ?? origin.port,
    EnableIAMDatabaseAuthentication: input.EnableIAMDatabaseAuthentication ?? origin.iamAuth,
  });
  const cluster: StoredCluster = {
    name,
    tags: tagsOf(input.Tags),
    resourceId: drawResourceId(plane.random, 'cluster'),
    createdAt: new Date(call.nowMs).toISOString(),
    status: 'creating',
    engine: engine.name,
    masterUser: origin.masterUser,
    database: origin.database,
    encrypted: origin.encrypted,
    kmsKeyId: origin.kmsKeyId,
    restoredFrom: origin.dataId,
    restoredOnce: origin.once || undefined,
    roles: [],
    settings,
    members: [],
    parametersStatus: 'in-sync',
  };
  await addCluster(call, cluster, undefined);
  return cluster;
}

export const restoreDbClusterFromSnapshot = defineOperation<RestoreDBClusterFromSnapshotMessage, Result>({
  name: 'RestoreDBClusterFromSnapshot',
  access: {
    iam: (input, call) => [
      ...clusterChecks(call, 'RestoreDBClusterFromSnapshot', input),
      checkOn(call, 'RestoreDBClusterFromSnapshot', clusterSnapshots, {
        name: input.SnapshotIdentifier ?? '',
      }),
    ],
  },
  async handle(call, input) {
    const name = identifierOf(input.DBClusterIdentifier, 'DBClusterIdentifier');
    const snapshot = named(call.plane.store, clusterSnapshots, homeOf(call), input.SnapshotIdentifier);
    if (engineOf(input.Engine).name !== snapshot.engine)
      throw faults.invalidCombination(`Cannot restore a snapshot of ${snapshot.engine} as ${input.Engine}.`);
    if (snapshot.status !== 'available')
      throw faults.clusterSnapshotState(`The snapshot ${snapshot.name} is not in the available state.`);
    const { Engine: _, ...request } = input;
    const cluster = await restored(call, name, { ...snapshot, once: false }, request);
    void queueClusterJob(call, cluster, (at) => bringUp(deskOf(call.plane), at));
    return { DBCluster: clusterShape(call.plane, homeOf(call), cluster) };
  },
});

/** The latest restorable time is now: the source is copied as it is. No earlier time can be met exactly. */
export const restoreDbClusterToPointInTime = defineOperation<RestoreDBClusterToPointInTimeMessage, Result>({
  name: 'RestoreDBClusterToPointInTime',
  access: {
    iam: (input, call) => [
      ...clusterChecks(call, 'RestoreDBClusterToPointInTime', input),
      checkOn(call, 'RestoreDBClusterToPointInTime', clusters, {
        name: input.SourceDBClusterIdentifier ?? '*',
      }),
    ],
  },
  async handle(call, input) {
    const { plane } = call;
    const name = identifierOf(input.DBClusterIdentifier, 'DBClusterIdentifier');
    const source = named(plane.store, clusters, homeOf(call), input.SourceDBClusterIdentifier);
    if (input.RestoreToTime !== undefined) throw faults.notImplemented('Restoring to a time in the past');
    if (!input.UseLatestRestorableTime)
      throw faults.invalidCombination('Either RestoreToTime or UseLatestRestorableTime must be specified.');
    if (source.status !== 'available')
      throw faults.clusterState(`DBCluster ${source.name} is not in available state.`);
    const desk = deskOf(plane);
    const dataId = drawDataId(desk);
    const { version, port, iamAuth } = source.settings;
    const cluster = await restored(
      call,
      name,
      { ...source, version, port, iamAuth, dataId, once: true },
      {
        ...input,
        DBSubnetGroupName: input.DBSubnetGroupName ?? source.settings.subnetGroup,
      },
    );
    const copied = queueClusterJob(call, source, async () => {
      await desk.engine(source.resourceId)?.snapshot(dataId);
    });
    void queueClusterJob(call, cluster, async (at) => {
      await copied;
      await bringUp(desk, at);
    });
    return { DBCluster: clusterShape(plane, homeOf(call), cluster) };
  },
});
