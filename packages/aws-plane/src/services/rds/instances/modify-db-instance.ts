// ModifyDBInstance: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html
import type { DBInstance, ModifyDBInstanceMessage } from '@aws-sdk/client-rds';
import type { Transaction } from '@pergola/store';
import type { Call } from '../../../call.ts';
import { defineOperation } from '../../../operation.ts';
import { checkOn, homeOf, MONITORING, passRole } from '../access.ts';
import { arnOf } from '../arn.ts';
import { engineOf } from '../catalogue/engines.ts';
import { faults } from '../faults.ts';
import { find, instances, named, optionGroups, parameterGroups } from '../kinds.ts';
import type { StoredInstance } from '../records.ts';
import { ownerOf } from '../runtime/databases.ts';
import { keepPassword } from '../runtime/passwords.ts';
import { deskOf } from '../runtime/rds-context.ts';
import { withSecret } from '../secrets/managed-secret.ts';
import { newPasswordFor } from '../secrets/password-change.ts';
import { writeRecord } from '../state.ts';
import { applyChanges } from './apply-changes.ts';
import { changesOf, type SplitChanges } from './changes.ts';
import { instanceAt, refuseUnserved, shapeFor } from './instance-work.ts';

interface Result {
  readonly DBInstance: DBInstance;
}

export const modifyDbInstance = defineOperation<ModifyDBInstanceMessage, Result>({
  name: 'ModifyDBInstance',
  access: {
    iam(input, call) {
      const action = 'ModifyDBInstance';
      const {
        DBInstanceIdentifier: name = '',
        OptionGroupName: options,
        DBParameterGroupName: group,
      } = input;
      return [
        checkOn(call, action, instances, { name, context: contextOf(input) }),
        ...passRole(input.MonitoringRoleArn, MONITORING),
        ...(options ? [checkOn(call, action, optionGroups, { name: options })] : []),
        ...(group ? [checkOn(call, action, parameterGroups, { name: group })] : []),
      ];
    },
  },
  validate: refuseUnserved,
  async handle(call, input) {
    const { resourceId } = named(call.plane.store, instances, homeOf(call), input.DBInstanceIdentifier);
    const instance = await deskOf(call.plane).exclusive(resourceId, () => planChanges(call, input));
    if (instance.status !== 'available') applyInBackground(call, instance);
    return { DBInstance: await shapeFor(call, instance) };
  },
});

/** The instance with its changes laid up. */
async function planChanges(call: Call, input: ModifyDBInstanceMessage): Promise<StoredInstance> {
  const home = homeOf(call);
  const { store } = call.plane;
  const known = named(store, instances, home, input.DBInstanceIdentifier);
  assertModifiable(known, input);
  const split = await changesOf(call, known, input);
  assertNameFree(call, split);
  const owner = {
    engine: engineOf(known.engine),
    arn: arnOf(home, 'db', known.name),
    as: 'instance',
    masterUser: known.masterUser,
    secret: known.secret,
  } as const;
  const changed = await newPasswordFor(call, owner, input);
  const made = known.secret ? undefined : changed?.secret;
  const write = (tx: Transaction) => {
    const now = named(tx, instances, home, known.name);
    assertModifiable(now, input);
    const withPassword = changed?.password !== undefined;
    if (withPassword) keepPassword(tx, home, now.resourceId, changed.password);
    const planned = withChanges(now, split, input.ApplyImmediately ?? false, withPassword);
    const secret = changed ? changed.secret : planned.secret;
    return writeRecord(tx, instances.table, home, { ...planned, secret });
  };
  return (await withSecret(call, made, () => store.transact(write))).value;
}

function contextOf(input: ModifyDBInstanceMessage): Record<string, string> {
  const context: Record<string, string> = {};
  if (input.DBInstanceClass !== undefined) context['rds:DatabaseClass'] = input.DBInstanceClass;
  if (input.MultiAZ !== undefined) context['rds:MultiAz'] = String(input.MultiAZ);
  if (input.AllocatedStorage !== undefined) context['rds:StorageSize'] = String(input.AllocatedStorage);
  if (input.Iops !== undefined) context['rds:Piops'] = String(input.Iops);
  if (input.ManageMasterUserPassword !== undefined)
    context['rds:ManageMasterUserPassword'] = String(input.ManageMasterUserPassword);
  return context;
}

/** What only the cluster may change. */
const ofCluster: readonly (keyof ModifyDBInstanceMessage)[] = [
  'MasterUserPassword',
  'ManageMasterUserPassword',
  'BackupRetentionPeriod',
  'DBPortNumber',
  'VpcSecurityGroupIds',
  'EngineVersion',
  'EnableIAMDatabaseAuthentication',
  'DeletionProtection',
  'AllocatedStorage',
];

function assertModifiable(instance: StoredInstance, input: ModifyDBInstanceMessage): void {
  if (instance.status !== 'available') throw faults.notAvailable(instance.name);
  if (instance.clusterName !== undefined) {
    const member = ofCluster.find((name) => input[name] !== undefined && input[name] !== false);
    if (member !== undefined)
      throw faults.invalidCombination(
        `${member} cannot be modified for an instance of a DB cluster; modify the DB cluster ${instance.clusterName} instead.`,
      );
  }
  if (
    instance.sourceName !== undefined &&
    (input.MasterUserPassword !== undefined || input.DBPortNumber !== undefined)
  )
    throw faults.notImplemented(
      'Another password or port for a read replica, which shares the server of its source,',
    );
}

function assertNameFree(call: Call, { windowed }: SplitChanges): void {
  if (windowed.name !== undefined && find(call.plane.store, instances, homeOf(call), windowed.name))
    throw faults.instanceExists();
}

/** The record with the changes laid up: those to be made now, and those that wait. */
function withChanges(
  instance: StoredInstance,
  { atOnce, windowed }: SplitChanges,
  immediately: boolean,
  withPassword: boolean,
): StoredInstance {
  const applying = immediately ? { ...instance.pending, ...atOnce, ...windowed } : atOnce;
  const pending = immediately ? {} : { ...instance.pending, ...windowed };
  const planned = { ...instance, pending };
  if (Object.keys(applying).length > 0)
    return { ...planned, applying, status: applying.name === undefined ? 'modifying' : 'renaming' };
  return withPassword ? { ...planned, status: 'resetting-master-credentials' } : planned;
}

function applyInBackground(call: Call, instance: StoredInstance): void {
  const desk = deskOf(call.plane);
  const at = instanceAt(call, instance);
  const owner = ownerOf(call.plane.store, at.home, instance);
  void desk.queue(owner?.resourceId ?? instance.resourceId, () => applyChanges(desk, at));
}
