// DeleteDBInstance: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBInstance.html
import type { DBInstance, DeleteDBInstanceMessage } from '@aws-sdk/client-rds';
import type { Call } from '../../../call.ts';
import { defineOperation } from '../../../operation.ts';
import { checkOn, homeOf } from '../access.ts';
import { faults } from '../faults.ts';
import { instances, named, snapshots } from '../kinds.ts';
import { identifierOf } from '../names.ts';
import type { StoredInstance } from '../records.ts';
import { findDatabase, ownerOf } from '../runtime/databases.ts';
import { remove } from '../runtime/lifecycle.ts';
import { deskOf } from '../runtime/rds-context.ts';
import { giveUpSecret } from '../secrets/managed-secret.ts';
import { assertRoom } from '../snapshots/snapshot-work.ts';
import { writeRecord } from '../state.ts';
import { leave } from './leave.ts';
import { instanceAt, replicasOf, shapeFor } from './instance-work.ts';

interface Result {
  readonly DBInstance: DBInstance;
}

export const deleteDbInstance = defineOperation<DeleteDBInstanceMessage, Result>({
  name: 'DeleteDBInstance',
  access: {
    iam(input, call) {
      const check = checkOn(call, 'DeleteDBInstance', instances, { name: input.DBInstanceIdentifier ?? '' });
      const final = input.FinalDBSnapshotIdentifier;
      return final ? [check, checkOn(call, 'CreateDBSnapshot', snapshots, { name: final })] : [check];
    },
  },
  async handle(call, input) {
    const home = homeOf(call);
    const keepsBackups = input.DeleteAutomatedBackups === false;
    const { value: instance } = await call.plane.store.transact((tx) => {
      const known = named(tx, instances, home, input.DBInstanceIdentifier);
      assertDeletable(call, known);
      const finalSnapshot = finalSnapshotOf(known, input);
      if (finalSnapshot !== undefined) assertRoom(tx, snapshots, home, finalSnapshot);
      return writeRecord(tx, instances.table, home, {
        ...known,
        status: 'deleting',
        finalSnapshot,
        keepsBackups,
      });
    });
    removeInBackground(call, instance);
    await giveUpSecret(call, instance.secret);
    return { DBInstance: await shapeFor(call, instance) };
  },
});

function assertDeletable(call: Call, { name, status, settings }: StoredInstance): void {
  if (settings.deletionProtection) throw faults.instanceProtected();
  if (status === 'deleting') throw faults.instanceState(`Instance ${name} is already being deleted.`);
  if (replicasOf(call, name).length > 0)
    throw faults.instanceState(`Cannot delete the DB instance ${name} while it has read replicas.`);
}

/** The snapshot that must be made first; undefined when none is wanted, or none could be. */
function finalSnapshotOf(instance: StoredInstance, input: DeleteDBInstanceMessage): string | undefined {
  const { SkipFinalSnapshot = false, FinalDBSnapshotIdentifier: final } = input;
  if (SkipFinalSnapshot && final !== undefined)
    throw faults.invalidCombination(
      'FinalDBSnapshotIdentifier can not be specified when deleting an instance and SkipFinalSnapshot is set.',
    );
  // The cluster keeps the data of its members, the source that of its replicas.
  if (SkipFinalSnapshot || instance.clusterName !== undefined) return undefined;
  if (instance.sourceName !== undefined || instance.status === 'failed' || instance.status === 'creating') {
    if (final === undefined) return undefined;
    throw faults.instanceState(
      `Cannot create a snapshot of the DB instance ${instance.name} in its status ${instance.status}.`,
    );
  }
  if (final === undefined)
    throw faults.invalidCombination(
      'FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.',
    );
  return identifierOf(final, 'FinalDBSnapshotIdentifier', 255);
}

function removeInBackground(call: Call, instance: StoredInstance): void {
  const desk = deskOf(call.plane);
  const at = instanceAt(call, instance);
  const owner = ownerOf(call.plane.store, at.home, instance);
  const queue = owner?.resourceId ?? instance.resourceId;
  void desk.queue(queue, async () => {
    if (queue !== instance.resourceId || !owner) {
      await leave(desk, at, findDatabase(call.plane.store, at) as StoredInstance | undefined);
      return;
    }
    await remove(desk, at);
  });
}
