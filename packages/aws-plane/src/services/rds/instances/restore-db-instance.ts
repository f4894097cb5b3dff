// RestoreDBInstanceFromDBSnapshot and RestoreDBInstanceToPointInTime: new instances with the data of others.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBInstanceFromDBSnapshot.html
import type {
  DBInstance,
  RestoreDBInstanceFromDBSnapshotMessage,
  RestoreDBInstanceToPointInTimeMessage,
} from '@aws-sdk/client-rds';
import type { Call } from '../../../call.ts';
import { defineOperation } from '../../../operation.ts';
import { checkOn, homeOf } from '../access.ts';
import { arnOf } from '../arn.ts';
import { chooseVersion, engineOf } from '../catalogue/engines.ts';
import { faults } from '../faults.ts';
import { find, instances, named, snapshots } from '../kinds.ts';
import { identifierOf } from '../names.ts';
import type { ManagedSecret, StoredInstance, StoredSnapshot } from '../records.ts';
import { bringUp } from '../runtime/lifecycle.ts';
import { deskOf } from '../runtime/rds-context.ts';
import { masterPasswordFor } from '../secrets/master-password.ts';
import { drawDataId } from '../snapshots/snapshot-work.ts';
import { listRecords } from '../state.ts';
import { tagsOf } from '../tags.ts';
import { addInstance, instanceChecks, queueJob, refuseUnserved, shapeFor } from './instance-work.ts';
import { drawResourceId, type InstanceRequest, newSettings } from './new-instance.ts';
import { isCluster, ownerOf, findDatabase } from '../runtime/databases.ts';

interface Result {
  readonly DBInstance: DBInstance;
}

/** What both restores have in common. */
type RestoreRequest = Omit<
  RestoreDBInstanceFromDBSnapshotMessage,
  'DBSnapshotIdentifier' | 'DBInstanceIdentifier'
>;

/** What a restore is made of. */
type Origin = Pick<
  StoredSnapshot,
  | 'engine'
  | 'version'
  | 'masterUser'
  | 'database'
  | 'encrypted'
  | 'kmsKeyId'
  | 'port'
  | 'storageGb'
  | 'storageType'
  | 'iops'
  | 'throughput'
  | 'license'
  | 'iamAuth'
  | 'optionGroup'
> & { readonly dataId: string; readonly once: boolean };

async function restored(
  call: Call,
  target: string,
  origin: Origin,
  input: RestoreRequest,
): Promise<StoredInstance> {
  const { plane } = call;
  const engine = engineOf(origin.engine);
  if (input.Engine !== undefined && engineOf(input.Engine) !== engine)
    throw faults.invalidCombination(`Cannot restore a snapshot of ${engine.name} as ${input.Engine}.`);
  refuseUnserved(input);
  const settings = await newSettings(
    call,
    chooseVersion(plane, engine, origin.version),
    requestOf(origin, input),
  );
  const managed = input.ManageMasterUserPassword ?? false;
  const login = managed ? await managedLogin(call, target, origin, input) : undefined;
  const instance: StoredInstance = {
    name: target,
    tags: tagsOf(input.Tags),
    resourceId: drawResourceId(plane.random, 'db'),
    createdAt: new Date(call.nowMs).toISOString(),
    status: 'creating',
    engine: engine.name,
    masterUser: origin.masterUser,
    database: origin.database,
    encrypted: origin.encrypted,
    kmsKeyId: origin.kmsKeyId,
    secret: login?.secret,
    restoredFrom: origin.dataId,
    restoredOnce: origin.once || undefined,
    roles: [],
    settings,
    pending: {},
    parametersStatus: 'in-sync',
  };
  await addInstance(call, instance, login?.password);
  return instance;
}

function managedLogin(
  call: Call,
  target: string,
  { engine, masterUser }: Origin,
  input: RestoreRequest,
): Promise<{ readonly password: string; readonly secret?: ManagedSecret }> {
  const owner = {
    engine: engineOf(engine),
    arn: arnOf(homeOf(call), 'db', target),
    as: 'instance',
    masterUser,
  } as const;
  return masterPasswordFor(call, owner, input);
}

/** The settings of the origin, where the request has none. */
function requestOf(origin: Origin, input: RestoreRequest): InstanceRequest {
  const { Engine: _engine, AllocatedStorage, ...given } = input;
  const kept = input.StorageType === undefined || input.StorageType === origin.storageType;
  const standard: InstanceRequest = {
    DBInstanceClass: 'db.t3.micro',
    StorageType: origin.storageType,
    Iops: kept ? origin.iops : undefined,
    StorageThroughput: kept ? origin.throughput : undefined,
    Port: origin.port,
    EnableIAMDatabaseAuthentication: origin.iamAuth,
    OptionGroupName: origin.optionGroup,
    LicenseModel: origin.license,
  };
  const wanted = Object.entries(given).filter(([, value]) => value !== undefined);
  return {
    ...standard,
    ...Object.fromEntries(wanted),
    AllocatedStorage: Math.max(AllocatedStorage ?? 0, origin.storageGb),
  };
}

export const restoreDbInstanceFromDbSnapshot = defineOperation<
  RestoreDBInstanceFromDBSnapshotMessage,
  Result
>({
  name: 'RestoreDBInstanceFromDBSnapshot',
  access: {
    iam: (input, call) => [
      ...instanceChecks(call, 'RestoreDBInstanceFromDBSnapshot', input),
      checkOn(call, 'RestoreDBInstanceFromDBSnapshot', snapshots, { name: input.DBSnapshotIdentifier ?? '' }),
    ],
  },
  async handle(call, input) {
    const target = identifierOf(input.DBInstanceIdentifier, 'DBInstanceIdentifier');
    if (input.DBClusterSnapshotIdentifier !== undefined)
      throw faults.notImplemented('Restoring an instance from the snapshot of a cluster');
    const snapshot = named(call.plane.store, snapshots, homeOf(call), input.DBSnapshotIdentifier);
    if (snapshot.status !== 'available')
      throw faults.snapshotState(`The snapshot ${snapshot.name} is not in the available state.`);
    const instance = await restored(call, target, { ...snapshot, once: false }, input);
    queueJob(call, instance, (at) => bringUp(deskOf(call.plane), at));
    return { DBInstance: await shapeFor(call, instance) };
  },
});

function sourceOf(call: Call, input: RestoreDBInstanceToPointInTimeMessage): StoredInstance {
  const { SourceDBInstanceIdentifier, SourceDbiResourceId } = input;
  const home = homeOf(call);
  const { store } = call.plane;
  if (SourceDBInstanceIdentifier) return named(store, instances, home, SourceDBInstanceIdentifier);
  const found = listRecords(store, instances.table, home).find(
    ({ resourceId }) => resourceId === SourceDbiResourceId,
  );
  if (!found) throw faults.noSuchInstance(SourceDbiResourceId ?? '');
  return found;
}

/** Of one that is named by its resource id; `*` when there is none. */
function nameOfSource(call: Call, { SourceDbiResourceId }: RestoreDBInstanceToPointInTimeMessage): string {
  const all = listRecords(call.plane.store, instances.table, homeOf(call));
  return all.find(({ resourceId }) => resourceId === SourceDbiResourceId)?.name ?? '*';
}

/** The latest restorable time is now: the source is copied as it is. No earlier time can be met exactly. */
export const restoreDbInstanceToPointInTime = defineOperation<RestoreDBInstanceToPointInTimeMessage, Result>({
  name: 'RestoreDBInstanceToPointInTime',
  access: {
    iam(input, call) {
      const action = 'RestoreDBInstanceToPointInTime';
      const { TargetDBInstanceIdentifier: DBInstanceIdentifier } = input;
      return [
        ...instanceChecks(call, action, { ...input, DBInstanceIdentifier }),
        checkOn(call, action, instances, {
          name: input.SourceDBInstanceIdentifier || nameOfSource(call, input),
        }),
      ];
    },
  },
  async handle(call, input) {
    const target = identifierOf(input.TargetDBInstanceIdentifier, 'TargetDBInstanceIdentifier');
    const source = sourceOf(call, input);
    if (find(call.plane.store, instances, homeOf(call), target)) throw faults.instanceExists();
    if (input.RestoreTime !== undefined && input.UseLatestRestorableTime)
      throw faults.invalidCombination(
        'Only one of RestoreTime and UseLatestRestorableTime can be specified.',
      );
    if (input.RestoreTime !== undefined) throw faults.notImplemented('Restoring to a time in the past');
    if (!input.UseLatestRestorableTime)
      throw faults.invalidCombination('Either RestoreTime or UseLatestRestorableTime must be specified.');
    if (source.settings.backupDays === 0)
      throw faults.instanceState(`Automated backups are not enabled for the DB instance ${source.name}.`);
    if (source.status !== 'available') throw faults.notAvailable(source.name);
    const { settings } = source;
    const dataId = drawDataId(deskOf(call.plane));
    const origin = { ...source, ...settings, dataId, once: true };
    const instance = await restored(call, target, origin, {
      ...input,
      DBInstanceClass: input.DBInstanceClass ?? settings.instanceClass,
    });
    copyAndBringUp(call, source, instance, dataId);
    return { DBInstance: await shapeFor(call, instance) };
  },
});

/** The source's server is copied in its turn, and the copy brought up in that of the new one. */
export function copyAndBringUp(
  call: Call,
  source: StoredInstance,
  instance: StoredInstance,
  dataId: string,
): void {
  const { plane } = call;
  const desk = deskOf(plane);
  const owner = ownerOf(plane.store, homeOf(call), source);
  const copied = desk.queue(owner?.resourceId ?? source.resourceId, async () => {
    const engine = owner && desk.engine(owner.resourceId);
    const known = owner && findDatabase(plane.store, owner);
    if (engine && known && !isCluster(known)) await engine.snapshot(dataId);
  });
  queueJob(call, instance, async (at) => {
    await copied;
    await bringUp(desk, at);
  });
}
