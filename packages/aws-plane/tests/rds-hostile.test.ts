// Who would get at databases that are not theirs, and what happens when things happen at once.
import {
  CreateDBInstanceCommand,
  CreateDBSnapshotCommand,
  DeleteDBInstanceCommand,
  DescribeDBInstancesCommand,
  DescribeEventsCommand,
  ListTagsForResourceCommand,
  ModifyDBInstanceCommand,
  type RDSClient,
  RestoreDBInstanceToPointInTimeCommand,
  StopDBInstanceCommand,
} from '@aws-sdk/client-rds';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeEngines, fakeEngines } from './fake-engines.ts';
import { account, guestKey, policyOf, refusalOf, secretAccessKey, strangerKey } from './plane.ts';
import { postgres, type RdsPlane, startRdsPlane, waitFor } from './rds-plane.ts';

let engines: FakeEngines;
let plane: RdsPlane;
let client: RDSClient;
let guest: RDSClient;
beforeEach(async () => {
  engines = fakeEngines();
  plane = await startRdsPlane({ engines });
  client = plane.client();
  guest = plane.client({ credentials: { accessKeyId: guestKey, secretAccessKey } });
});
afterEach(() => plane[Symbol.asyncDispose]());

const DBInstanceIdentifier = postgres.DBInstanceIdentifier;
const arn = `arn:aws:rds:us-east-1:${account}:db:orders`;
const create = (changes: object = {}, by = client) =>
  by.send(new CreateDBInstanceCommand({ ...postgres, ...changes }));
const letGuest = (...statements: object[]) =>
  plane.test.directory.userPolicies.set('guest', [policyOf('guest', statements)]);
const remove = (by: RDSClient, name: string) =>
  refusalOf(by.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: name, SkipFinalSnapshot: true })));

describe('a policy about one database', () => {
  it.each([arn, arn.replace(':orders', ':ORDERS'), arn.replace('arn:aws:', 'arn:aws-cn:'), 'Orders'])(
    'holds for it as %s',
    async (name) => {
      await create();
      const resourceId = (await waitFor(client, 'orders', 'available')).DbiResourceId;
      letGuest(
        { Effect: 'Allow', Action: 'rds:*', Resource: '*' },
        { Effect: 'Deny', Action: 'rds:*', Resource: arn },
      );
      expect((await remove(guest, name)).code).toBe('AccessDenied');
      const tags = name === 'Orders' ? arn : name;
      const listing = guest.send(new ListTagsForResourceCommand({ ResourceName: tags }));
      expect((await refusalOf(listing)).code).toBe('AccessDenied');
      const copy = new RestoreDBInstanceToPointInTimeCommand({
        SourceDbiResourceId: resourceId,
        TargetDBInstanceIdentifier: 'mine',
        UseLatestRestorableTime: true,
      });
      expect((await refusalOf(guest.send(copy))).code).toBe('AccessDenied');
    },
  );

  it('does not open those of other accounts', async () => {
    await create();
    await waitFor(client, 'orders', 'available');
    const stranger = plane.client({ credentials: { accessKeyId: strangerKey, secretAccessKey } });
    expect((await stranger.send(new DescribeDBInstancesCommand({}))).DBInstances).toEqual([]);
    expect((await remove(stranger, 'orders')).code).toBe('DBInstanceNotFound');
    expect((await remove(stranger, arn)).status).toBeGreaterThanOrEqual(400);
    const listing = stranger.send(new ListTagsForResourceCommand({ ResourceName: arn }));
    expect((await refusalOf(listing)).code).toBe('InvalidParameterValue');
    await create({}, stranger);
    await waitFor(stranger, 'orders', 'available');
    expect(engines.databases.size).toBe(2);
  });
});

it('roles for monitoring must be passed', async () => {
  const MonitoringRoleArn = `arn:aws:iam::${account}:role/monitoring`;
  const monitored = { MonitoringInterval: 60, MonitoringRoleArn };
  letGuest({ Effect: 'Allow', Action: 'rds:*', Resource: '*' });
  expect((await refusalOf(create(monitored, guest))).message).toContain('iam:PassRole');
  const Condition = { StringEquals: { 'iam:PassedToService': 'monitoring.rds.amazonaws.com' } };
  letGuest(
    { Effect: 'Allow', Action: 'rds:*', Resource: '*' },
    { Effect: 'Allow', Action: 'iam:PassRole', Resource: MonitoringRoleArn, Condition },
  );
  await create(monitored, guest);
});

describe('at once', () => {
  it('one that is deleted while it is made is never available', async () => {
    let open = () => {};
    engines.gate = new Promise((resolve) => {
      open = resolve;
    });
    await create();
    await client.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier, SkipFinalSnapshot: true }));
    const seen = new Set<string | undefined>();
    open();
    const status = async () => {
      const { DBInstances } = await client.send(new DescribeDBInstancesCommand({}));
      seen.add(DBInstances?.[0]?.DBInstanceStatus);
      return DBInstances?.length;
    };
    await expect.poll(status, { interval: 1 }).toBe(0);
    expect([...seen]).toEqual(['deleting', undefined]);
    expect([engines.databases.size, engines.snapshots.size]).toEqual([0, 0]);
  });

  it('a name that was taken while a change waited stays with who took it', async () => {
    await create();
    await waitFor(client, 'orders', 'available');
    const NewDBInstanceIdentifier = 'bills';
    await client.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier, NewDBInstanceIdentifier }));
    await create({ DBInstanceIdentifier: 'bills', DBName: 'bills' });
    await waitFor(client, 'bills', 'available');
    await client.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier, ApplyImmediately: true }));
    const failures = async () => {
      const { Events } = await client.send(
        new DescribeEventsCommand({ SourceType: 'db-instance', EventCategories: ['failure'] }),
      );
      return Events?.map(({ Message }) => Message);
    };
    await expect.poll(failures).toEqual([expect.stringContaining('the identifier bills is taken')]);
    expect((await waitFor(client, 'bills', 'available')).DBName).toBe('bills');
    expect((await waitFor(client, 'orders', 'available')).DBName).toBeUndefined();
  });
});

it('a stop with a snapshot asks for a name that fits and is free', async () => {
  await create();
  await waitFor(client, 'orders', 'available');
  const named = { DBInstanceIdentifier, DBSnapshotIdentifier: 'kept' };
  await client.send(new CreateDBSnapshotCommand(named));
  await waitFor(client, 'orders', 'available');
  const stop = (DBSnapshotIdentifier: string, by = client) =>
    refusalOf(by.send(new StopDBInstanceCommand({ DBInstanceIdentifier, DBSnapshotIdentifier })));
  expect((await stop('../kept')).code).toBe('InvalidParameterValue');
  expect((await stop('KEPT')).code).toBe('DBSnapshotAlreadyExists');
  letGuest({ Effect: 'Allow', Action: 'rds:StopDBInstance', Resource: '*' });
  expect((await stop('mine', guest)).message).toContain('rds:CreateDBSnapshot');
});
