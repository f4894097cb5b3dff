// StartDBCluster, StopDBCluster, RebootDBCluster, FailoverDBCluster.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_StopDBCluster.html
import type { DBCluster, FailoverDBClusterMessage } from '@aws-sdk/client-rds';
import type { Call } from '../../../call.ts';
import { type AnyOperation, defineOperation } from '../../../operation.ts';
import { homeOf, onNamed } from '../access.ts';
import { faults } from '../faults.ts';
import { clusters, find, instances } from '../kinds.ts';
import type { InstanceStatus, StoredCluster } from '../records.ts';
import { reboot, start, stop } from '../runtime/lifecycle.ts';
import { deskOf } from '../runtime/rds-context.ts';
import { writeRecord } from '../state.ts';
import { clusterShape } from './cluster-shape.ts';
import { changeCluster, queueClusterJob } from './cluster-work.ts';

interface ClusterName {
  readonly DBClusterIdentifier: string | undefined;
}

interface Result {
  readonly DBCluster: DBCluster;
}

interface Turn {
  readonly name: string;
  readonly from: 'available' | 'stopped';
  readonly status: InstanceStatus;
  readonly work: typeof start;
}

const turns: readonly Turn[] = [
  { name: 'StartDBCluster', from: 'stopped', status: 'starting', work: start },
  { name: 'StopDBCluster', from: 'available', status: 'stopping', work: stop },
  { name: 'RebootDBCluster', from: 'available', status: 'rebooting', work: reboot },
];

function operationOf({ name, from, status, work }: Turn): AnyOperation {
  return defineOperation<ClusterName, Result>({
    name,
    access: onNamed(name, clusters, ({ DBClusterIdentifier }) => DBClusterIdentifier),
    async handle(call, input) {
      const cluster = await changeCluster(call, input.DBClusterIdentifier, (known) => {
        if (known.status === from) return { ...known, status };
        throw faults.clusterState(
          `DbCluster ${known.name} is in ${known.status} state but expected it to be one of ${from}.`,
        );
      });
      await showMembersAs(call, cluster, status);
      void queueClusterJob(call, cluster, (at) => work(deskOf(call.plane), at));
      return { DBCluster: clusterShape(call.plane, homeOf(call), cluster) };
    },
  });
}

async function showMembersAs(call: Call, { members }: StoredCluster, status: InstanceStatus): Promise<void> {
  const home = homeOf(call);
  await call.plane.store.transact((tx) => {
    for (const name of members) {
      const instance = find(tx, instances, home, name);
      if (instance && instance.status !== 'deleting')
        writeRecord(tx, instances.table, home, { ...instance, status });
    }
  });
}

/** The members share one server: another one is called the writer from then on. */
const failoverDbCluster = defineOperation<FailoverDBClusterMessage, Result>({
  name: 'FailoverDBCluster',
  access: onNamed('FailoverDBCluster', clusters, ({ DBClusterIdentifier }) => DBClusterIdentifier),
  async handle(call, input) {
    const cluster = await changeCluster(call, input.DBClusterIdentifier, (known) => {
      if (known.status !== 'available')
        throw faults.clusterState(`DBCluster ${known.name} is not in available state.`);
      const [writer, ...readers] = known.members;
      const target = input.TargetDBInstanceIdentifier?.toLowerCase() ?? readers[0];
      if (target === undefined || writer === undefined)
        throw faults.clusterState(
          `Cannot failover cluster ${known.name} since it does not have at least two instances.`,
        );
      if (!known.members.includes(target)) throw faults.noSuchInstance(target);
      return { ...known, members: [target, ...known.members.filter((name) => name !== target)] };
    });
    return { DBCluster: clusterShape(call.plane, homeOf(call), cluster) };
  },
});

export const clusterPowerOperations: readonly AnyOperation[] = [...turns.map(operationOf), failoverDbCluster];
