import {
  CreateDBInstanceCommand,
  DeleteDBInstanceCommand,
  DescribeDBInstancesCommand,
  DescribeEventsCommand,
  ModifyDBInstanceCommand,
  type RDSClient,
  RebootDBInstanceCommand,
  StartDBInstanceCommand,
  StopDBInstanceCommand,
} from '@aws-sdk/client-rds';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeEngines, fakeEngines } from './fake-engines.ts';
import { account, refusalOf } from './plane.ts';
import { postgres, type RdsPlane, startRdsPlane, waitFor } from './rds-plane.ts';

let engines: FakeEngines;
let plane: RdsPlane;
let client: RDSClient;
beforeEach(async () => {
  engines = fakeEngines();
  plane = await startRdsPlane({ engines });
  client = plane.client();
});
afterEach(() => plane[Symbol.asyncDispose]());

const DBInstanceIdentifier = postgres.DBInstanceIdentifier;
const create = (changes: object = {}) =>
  client.send(new CreateDBInstanceCommand({ ...postgres, ...changes }));
const theDatabase = () => {
  const [database] = engines.databases.values();
  if (!database) throw new Error('there is no server');
  return database;
};

describe('an instance', () => {
  it('is available when its server is, not before, and shows where that listens', async () => {
    let open = () => {};
    engines.gate = new Promise((resolve) => {
      open = resolve;
    });
    const { DBInstance } = await create();
    expect(DBInstance).toMatchObject({
      DBInstanceIdentifier,
      DBInstanceStatus: 'creating',
      DBInstanceArn: `arn:aws:rds:us-east-1:${account}:db:orders`,
      DbiResourceId: expect.stringMatching(/^db-[A-Z2-7]{26}$/),
      EngineVersion: '14.23',
      MasterUsername: 'myusername',
      DBParameterGroups: [{ DBParameterGroupName: 'default.postgres14', ParameterApplyStatus: 'in-sync' }],
      OptionGroupMemberships: [{ OptionGroupName: 'default:postgres-14', Status: 'in-sync' }],
    });
    expect(DBInstance?.Endpoint).toBeUndefined();
    const seen = await client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier }));
    expect(seen.DBInstances?.[0]?.DBInstanceStatus).toBe('creating');
    open();
    const instance = await waitFor(client, 'orders', 'available');
    expect(instance.Endpoint).toEqual({ Address: '127.0.0.1', Port: 5432, HostedZoneId: 'Z2R2ITUGPM61AM' });
    expect(theDatabase().password).toBe('correct-horse');
    expect(JSON.stringify(instance)).not.toContain('correct-horse');
  });

  it('that cannot be made is failed, and can be deleted', async () => {
    engines.failure = new Error('no space left');
    await create();
    await waitFor(client, 'orders', 'failed');
    await client.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier, SkipFinalSnapshot: true }));
    await expect
      .poll(() => client.send(new DescribeDBInstancesCommand({})).then(({ DBInstances }) => DBInstances))
      .toEqual([]);
  });

  it('that does not come back from a reboot is failed, and an event says why', async () => {
    await create({ BackupRetentionPeriod: 0 });
    await waitFor(client, 'orders', 'available');
    engines.failure = new Error('no shared memory');
    await client.send(new RebootDBInstanceCommand({ DBInstanceIdentifier }));
    await waitFor(client, 'orders', 'failed');
    const { Events } = await client.send(
      new DescribeEventsCommand({ SourceType: 'db-instance', EventCategories: ['failure'] }),
    );
    expect(Events?.map(({ Message }) => Message)).toEqual([
      'DB instance could not be restarted: no shared memory',
    ]);
  });

  it('is stopped, started and rebooted, each only from where it may', async () => {
    await create();
    await waitFor(client, 'orders', 'available');
    expect(await refusalOf(client.send(new StartDBInstanceCommand({ DBInstanceIdentifier })))).toMatchObject({
      code: 'InvalidDBInstanceState',
      status: 400,
    });
    await client.send(new StopDBInstanceCommand({ DBInstanceIdentifier }));
    await waitFor(client, 'orders', 'stopped');
    expect(theDatabase().running).toBe(false);
    expect(await refusalOf(client.send(new RebootDBInstanceCommand({ DBInstanceIdentifier })))).toMatchObject(
      {
        message: 'Instance orders is not in available state.',
      },
    );
    await client.send(new StartDBInstanceCommand({ DBInstanceIdentifier }));
    await waitFor(client, 'orders', 'available');
    await client.send(new RebootDBInstanceCommand({ DBInstanceIdentifier }));
    await waitFor(client, 'orders', 'available');
    expect(theDatabase().running).toBe(true);
  });

  it('changes at once what may, and keeps the rest for the maintenance window', async () => {
    await create();
    await waitFor(client, 'orders', 'available');
    const modify = (changes: object) =>
      client.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier, ...changes }));
    const first = await modify({ DBInstanceClass: 'db.t3.small', CopyTagsToSnapshot: true });
    expect(first.DBInstance?.PendingModifiedValues).toMatchObject({ DBInstanceClass: 'db.t3.small' });
    const pending = await waitFor(client, 'orders', 'available');
    expect(pending).toMatchObject({ DBInstanceClass: 'db.t3.micro', CopyTagsToSnapshot: true });
    await modify({ AllocatedStorage: 30, ApplyImmediately: true });
    const after = await waitFor(client, 'orders', 'available');
    expect(after).toMatchObject({ DBInstanceClass: 'db.t3.small', AllocatedStorage: 30 });
    expect(after.PendingModifiedValues).toEqual({});
    await modify({ MasterUserPassword: 'battery-staple' });
    await waitFor(client, 'orders', 'available');
    expect(theDatabase().password).toBe('battery-staple');
  });

  it('takes another name and port', async () => {
    await create();
    await waitFor(client, 'orders', 'available');
    await client.send(
      new ModifyDBInstanceCommand({
        DBInstanceIdentifier,
        NewDBInstanceIdentifier: 'bills',
        DBPortNumber: 6000,
        ApplyImmediately: true,
      }),
    );
    const bills = await waitFor(client, 'bills', 'available');
    expect(bills.Endpoint?.Port).toBe(6000);
    expect(await refusalOf(client.send(new RebootDBInstanceCommand({ DBInstanceIdentifier })))).toMatchObject(
      {
        code: 'DBInstanceNotFound',
        status: 404,
        message: 'DBInstance orders not found.',
      },
    );
  });

  it('is kept from deletion by its protection and by what is not said about its data', async () => {
    await create({ DeletionProtection: true });
    await waitFor(client, 'orders', 'available');
    const remove = (changes: object = {}) =>
      client.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier, ...changes }));
    expect((await refusalOf(remove({ SkipFinalSnapshot: true }))).message).toContain('protected DB Instance');
    await client.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier, DeletionProtection: false }));
    await waitFor(client, 'orders', 'available');
    expect(await refusalOf(remove())).toMatchObject({
      code: 'InvalidParameterCombination',
      message: 'FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.',
    });
    const { DBInstance } = await remove({ FinalDBSnapshotIdentifier: 'last' });
    expect(DBInstance?.DBInstanceStatus).toBe('deleting');
    await expect.poll(() => engines.databases.size).toBe(0);
    expect(engines.snapshots.size).toBeGreaterThan(0);
  });
});

describe('what is refused', () => {
  const cases: readonly (readonly [why: string, changes: object, code: string, message: string])[] = [
    ['an engine that RDS has not', { Engine: 'mongodb' }, 'InvalidParameterValue', 'Invalid DB engine'],
    [
      'a version that is not here',
      { EngineVersion: '9.6' },
      'InvalidParameterCombination',
      'Cannot find version 9.6 for postgres',
    ],
    [
      'an engine without a server',
      { Engine: 'mysql', EngineVersion: '8.0' },
      'InvalidParameterCombination',
      'mariadb-server',
    ],
    [
      'a class',
      { DBInstanceClass: 'db.t3.tiny' },
      'InvalidParameterValue',
      'Invalid DB Instance class: db.t3.tiny',
    ],
    [
      'too little storage',
      { AllocatedStorage: 5 },
      'InvalidParameterValue',
      'Invalid storage size for engine name postgres and storage type gp2: 5',
    ],
    [
      'a short password',
      { MasterUserPassword: 'short' },
      'InvalidParameterValue',
      'The parameter MasterUserPassword is not a valid password because it is shorter than 8 characters.',
    ],
    [
      'a password with a slash',
      { MasterUserPassword: 'with/slashes' },
      'InvalidParameterValue',
      "Only printable ASCII characters besides '/', '@', '\"', ' ' may be used.",
    ],
    [
      'a reserved user',
      { MasterUsername: 'admin' },
      'InvalidParameterValue',
      'MasterUsername admin cannot be used as it is a reserved word used by the engine',
    ],
    [
      'an identifier',
      { DBInstanceIdentifier: 'a--b' },
      'InvalidParameterValue',
      'The parameter DBInstanceIdentifier is not a valid identifier.',
    ],
    [
      'a port',
      { Port: 80 },
      'InvalidParameterValue',
      'Invalid value 80 for Port. Must be between 1150 and 65535',
    ],
    [
      'a parameter group',
      { DBParameterGroupName: 'nope' },
      'DBParameterGroupNotFound',
      'DBParameterGroup not found: nope',
    ],
    [
      'a subnet group',
      { DBSubnetGroupName: 'nope' },
      'DBSubnetGroupNotFoundFault',
      "DB subnet group 'nope' does not exist.",
    ],
    [
      'what is not implemented',
      { Timezone: 'UTC' },
      'NotImplemented',
      'The parameter Timezone is not implemented by this endpoint.',
    ],
  ];
  it.each(cases)('%s', async (_, changes, code, message) => {
    const refusal = await refusalOf(create(changes));
    expect(refusal.code).toBe(code);
    expect(refusal.message).toContain(message);
    expect(engines.databases.size).toBe(0);
    expect((await client.send(new DescribeDBInstancesCommand({}))).DBInstances).toEqual([]);
  });

  it('a name that is taken', async () => {
    await create();
    expect(await refusalOf(create({ DBInstanceIdentifier: 'ORDERS' }))).toMatchObject({
      code: 'DBInstanceAlreadyExists',
      message: 'DB instance already exists',
    });
  });
});
