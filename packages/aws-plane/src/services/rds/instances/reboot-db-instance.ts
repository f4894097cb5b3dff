// RebootDBInstance, StopDBInstance, StartDBInstance.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RebootDBInstance.html
import type {
  DBInstance,
  RebootDBInstanceMessage,
  StartDBInstanceMessage,
  StopDBInstanceMessage,
} from '@aws-sdk/client-rds';
import type { Call } from '../../../call.ts';
import { defineOperation } from '../../../operation.ts';
import { checkOn, homeOf, onNamed } from '../access.ts';
import { faults } from '../faults.ts';
import { instances, snapshots } from '../kinds.ts';
import { identifierOf } from '../names.ts';
import type { InstanceStatus, StoredInstance } from '../records.ts';
import { ownerOf } from '../runtime/databases.ts';
import { patchDatabase } from '../runtime/databases.ts';
import { reboot, start, stop } from '../runtime/lifecycle.ts';
import { deskOf } from '../runtime/rds-context.ts';
import { changeInstance, instanceAt, queueJob, replicasOf, shapeFor } from './instance-work.ts';
import { addSnapshot, assertRoom, finishSnapshot } from '../snapshots/snapshot-work.ts';

interface Result {
  readonly DBInstance: DBInstance;
}

function to(status: InstanceStatus, from: InstanceStatus, refusal: (instance: StoredInstance) => Error) {
  return (instance: StoredInstance): StoredInstance => {
    if (instance.status !== from) throw refusal(instance);
    return { ...instance, status };
  };
}

/** A member reboots its cluster's server, for it has no other; a read replica that of its source. */
export const rebootDbInstance = defineOperation<RebootDBInstanceMessage, Result>({
  name: 'RebootDBInstance',
  access: onNamed('RebootDBInstance', instances, ({ DBInstanceIdentifier }) => DBInstanceIdentifier),
  async handle(call, input) {
    const instance = await changeInstance(call, input.DBInstanceIdentifier, (known) => {
      if (input.ForceFailover && !known.settings.multiAz && known.clusterName === undefined)
        throw faults.invalidCombination('Cannot force failover on a single AZ instance.');
      return to('rebooting', 'available', ({ name }) =>
        faults.instanceState(`Instance ${name} is not in available state.`),
      )(known);
    });
    rebootServer(call, instance);
    return { DBInstance: await shapeFor(call, instance) };
  },
});

function rebootServer(call: Call, instance: StoredInstance): void {
  const { plane } = call;
  const desk = deskOf(plane);
  const owner = ownerOf(plane.store, homeOf(call), instance);
  if (!owner) return;
  void desk.queue(owner.resourceId, async () => {
    await reboot(desk, owner);
    if (owner.resourceId === instance.resourceId) return;
    await patchDatabase(
      plane,
      instanceAt(call, instance),
      { status: 'available', parametersStatus: 'in-sync' },
      {
        message: 'DB instance restarted',
        categories: ['availability'],
      },
    );
  });
}

function refuseShared({ clusterName, sourceName }: StoredInstance, word: string): void {
  if (clusterName !== undefined)
    throw faults.instanceState(
      `${word} is not supported for an instance of a DB cluster; use the cluster ${clusterName}.`,
    );
  if (sourceName !== undefined) throw faults.instanceState(`${word} is not supported for a read replica.`);
}

export const stopDbInstance = defineOperation<StopDBInstanceMessage, Result>({
  name: 'StopDBInstance',
  access: {
    iam({ DBInstanceIdentifier: name = '', DBSnapshotIdentifier: snapshot }, call) {
      const check = checkOn(call, 'StopDBInstance', instances, { name });
      return snapshot ? [check, checkOn(call, 'CreateDBSnapshot', snapshots, { name: snapshot })] : [check];
    },
  },
  async handle(call, input) {
    const snapshot = input.DBSnapshotIdentifier
      ? identifierOf(input.DBSnapshotIdentifier, 'DBSnapshotIdentifier', 255)
      : undefined;
    const instance = await changeInstance(call, input.DBInstanceIdentifier, (known, tx) => {
      refuseShared(known, 'Stopping');
      if (snapshot) assertRoom(tx, snapshots, homeOf(call), snapshot);
      if (replicasOf(call, known.name).length > 0)
        throw faults.instanceState('Cannot stop a DB instance that has read replicas.');
      return to('stopping', 'available', ({ name }) =>
        faults.instanceState(`Instance ${name} is not in available state.`),
      )(known);
    });
    const desk = deskOf(call.plane);
    queueJob(call, instance, async (at) => {
      const made = snapshot && (await addSnapshot(desk, at, { type: 'manual', name: snapshot }));
      if (made) await finishSnapshot(desk, at, made);
      await stop(desk, at);
    });
    return { DBInstance: await shapeFor(call, instance) };
  },
});

export const startDbInstance = defineOperation<StartDBInstanceMessage, Result>({
  name: 'StartDBInstance',
  access: onNamed('StartDBInstance', instances, ({ DBInstanceIdentifier }) => DBInstanceIdentifier),
  async handle(call, input) {
    const instance = await changeInstance(call, input.DBInstanceIdentifier, (known) => {
      refuseShared(known, 'Starting');
      return to('starting', 'stopped', ({ name }) =>
        faults.instanceState(
          `Instance ${name} is not stopped or inaccessible-encryption-credentials-recoverable state.`,
        ),
      )(known);
    });
    queueJob(call, instance, (at) => start(deskOf(call.plane), at));
    return { DBInstance: await shapeFor(call, instance) };
  },
});
