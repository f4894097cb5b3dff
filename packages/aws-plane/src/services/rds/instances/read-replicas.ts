// Read replicas. A replica shares the server of its source: it is there at once and never behind. Promotion gives it a
// server of its own, with a copy of the data.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstanceReadReplica.html
import type {
  CreateDBInstanceReadReplicaMessage,
  DBInstance,
  PromoteReadReplicaMessage,
} from '@aws-sdk/client-rds';
import { defineOperation } from '../../../operation.ts';
import { checkOn, homeOf, onNamed } from '../access.ts';
import { chooseVersion, engineOf } from '../catalogue/engines.ts';
import { faults } from '../faults.ts';
import { instances, named } from '../kinds.ts';
import { identifierOf } from '../names.ts';
import type { StoredInstance } from '../records.ts';
import { patchDatabase } from '../runtime/databases.ts';
import { deskOf } from '../runtime/rds-context.ts';
import { drawDataId } from '../snapshots/snapshot-work.ts';
import { tagsOf } from '../tags.ts';
import {
  addInstance,
  changeInstance,
  instanceAt,
  instanceChecks,
  replicasOf,
  shapeFor,
} from './instance-work.ts';
import { drawResourceId, newSettings } from './new-instance.ts';
import { checkBackupDays } from './rules.ts';
import { copyAndBringUp } from './restore-db-instance.ts';

interface Result {
  readonly DBInstance: DBInstance;
}

const REPLICAS_MAX = 15;

export const createDbInstanceReadReplica = defineOperation<CreateDBInstanceReadReplicaMessage, Result>({
  name: 'CreateDBInstanceReadReplica',
  access: {
    iam: (input, call) => [
      ...instanceChecks(call, 'CreateDBInstanceReadReplica', input),
      checkOn(call, 'CreateDBInstanceReadReplica', instances, {
        name: input.SourceDBInstanceIdentifier ?? '',
      }),
    ],
  },
  async handle(call, input) {
    const { plane } = call;
    const name = identifierOf(input.DBInstanceIdentifier, 'DBInstanceIdentifier');
    if (input.SourceDBClusterIdentifier !== undefined)
      throw faults.notImplemented('A read replica of a cluster');
    const source = named(plane.store, instances, homeOf(call), input.SourceDBInstanceIdentifier);
    assertSource(source, replicasOf(call, source.name).length);
    const { settings } = source;
    const own = await newSettings(call, chooseVersion(plane, engineOf(source.engine), settings.version), {
      ...input,
      DBInstanceClass: input.DBInstanceClass ?? settings.instanceClass,
      AllocatedStorage: input.AllocatedStorage ?? settings.storageGb,
      StorageType: input.StorageType ?? settings.storageType,
      Iops: input.Iops ?? settings.iops,
      StorageThroughput: input.StorageThroughput ?? settings.throughput,
      Port: input.Port ?? settings.port,
      DBSubnetGroupName: input.DBSubnetGroupName ?? settings.subnetGroup,
      DBParameterGroupName: input.DBParameterGroupName ?? settings.parameterGroup,
      OptionGroupName: input.OptionGroupName ?? settings.optionGroup,
      BackupRetentionPeriod: 0,
    });
    const replica: StoredInstance = {
      name,
      tags: tagsOf(input.Tags),
      resourceId: drawResourceId(plane.random, 'db'),
      createdAt: new Date(call.nowMs).toISOString(),
      status: 'creating',
      engine: source.engine,
      masterUser: source.masterUser,
      database: source.database,
      encrypted: source.encrypted,
      kmsKeyId: source.kmsKeyId,
      roles: [],
      settings: own,
      pending: {},
      parametersStatus: 'in-sync',
      sourceName: source.name,
    };
    await addInstance(call, replica, undefined);
    void deskOf(plane).queue(source.resourceId, () =>
      patchDatabase(
        plane,
        instanceAt(call, replica),
        { status: 'available' },
        {
          message: 'DB instance created',
          categories: ['creation'],
        },
      ),
    );
    return { DBInstance: await shapeFor(call, replica) };
  },
});

function assertSource(source: StoredInstance, replicas: number): void {
  if (source.clusterName !== undefined)
    throw faults.invalidCombination('Read replicas of the members of a DB cluster are further members.');
  if (source.status !== 'available') throw faults.notAvailable(source.name);
  if (source.settings.backupDays === 0)
    throw faults.instanceState(
      `Automated backups are not enabled for this database instance. To enable automated backups, use ModifyDBInstance to set the backup retention period to a non-zero value.`,
    );
  if (source.sourceName !== undefined) throw faults.notImplemented('A read replica of a read replica');
  if (replicas >= REPLICAS_MAX) throw faults.instanceQuota();
}

export const promoteReadReplica = defineOperation<PromoteReadReplicaMessage, Result>({
  name: 'PromoteReadReplica',
  access: onNamed('PromoteReadReplica', instances, ({ DBInstanceIdentifier }) => DBInstanceIdentifier),
  async handle(call, input) {
    const desk = deskOf(call.plane);
    const home = homeOf(call);
    const dataId = drawDataId(desk);
    const backupDays = checkBackupDays(input.BackupRetentionPeriod ?? 1, 0);
    const before = named(call.plane.store, instances, home, input.DBInstanceIdentifier);
    const source = before.sourceName && named(call.plane.store, instances, home, before.sourceName);
    if (!source) throw faults.instanceState(`DB Instance ${before.name} is not a read replica`);
    const instance = await changeInstance(call, before.name, (replica) => {
      if (replica.status !== 'available') throw faults.notAvailable(replica.name);
      const { sourceName: _, ...own } = replica;
      const settings = {
        ...own.settings,
        backupDays,
        backupWindow: input.PreferredBackupWindow ?? own.settings.backupWindow,
      };
      return { ...own, settings, status: 'creating', restoredFrom: dataId, restoredOnce: true };
    });
    copyAndBringUp(call, source, instance, dataId);
    return { DBInstance: await shapeFor(call, { ...instance, status: 'modifying' }) };
  },
});
