import {
  CreateDBClusterCommand,
  CreateDBClusterSnapshotCommand,
  CreateDBInstanceCommand,
  CreateGlobalClusterCommand,
  DeleteDBClusterCommand,
  DeleteDBInstanceCommand,
  DeleteGlobalClusterCommand,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeGlobalClustersCommand,
  FailoverDBClusterCommand,
  ModifyDBClusterCommand,
  type RDSClient,
  RestoreDBClusterFromSnapshotCommand,
  StartDBClusterCommand,
  StopDBClusterCommand,
} from '@aws-sdk/client-rds';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeEngines, fakeEngines } from './fake-engines.ts';
import { account, refusalOf } from './plane.ts';
import { type RdsPlane, startRdsPlane, waitFor } from './rds-plane.ts';

let engines: FakeEngines;
let plane: RdsPlane;
let client: RDSClient;
beforeEach(async () => {
  engines = fakeEngines();
  plane = await startRdsPlane({ engines });
  client = plane.client();
});
afterEach(() => plane[Symbol.asyncDispose]());

const Engine = 'aurora-postgresql';
const DBClusterIdentifier = 'bills';
const aurora = {
  DBClusterIdentifier,
  Engine,
  EngineVersion: '17',
  MasterUsername: 'myusername',
  MasterUserPassword: 'correct-horse',
  DatabaseName: 'bills',
};
const member = (DBInstanceIdentifier: string) =>
  client.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier,
      DBClusterIdentifier,
      Engine,
      DBInstanceClass: 'db.r6g.large',
    }),
  );

async function cluster(name = DBClusterIdentifier) {
  const { DBClusters } = await client.send(new DescribeDBClustersCommand({ DBClusterIdentifier: name }));
  return DBClusters?.[0];
}

async function available(name = DBClusterIdentifier) {
  await expect.poll(async () => (await cluster(name))?.Status).toBe('available');
  return await cluster(name);
}

describe('an Aurora cluster', () => {
  it('has one server that its members share', async () => {
    await client.send(new CreateDBClusterCommand(aurora));
    await member('bills-1');
    await member('bills-2');
    await waitFor(client, 'bills-1', 'available');
    const second = await waitFor(client, 'bills-2', 'available');
    const shown = await available();
    expect(shown).toMatchObject({
      DBClusterArn: `arn:aws:rds:us-east-1:${account}:cluster:bills`,
      Endpoint: '127.0.0.1',
      ReaderEndpoint: '127.0.0.1',
      Port: 5432,
      EngineVersion: '17.10',
      DBClusterMembers: [
        { DBInstanceIdentifier: 'bills-1', IsClusterWriter: true },
        { DBInstanceIdentifier: 'bills-2', IsClusterWriter: false },
      ],
    });
    expect(second.Endpoint).toMatchObject({ Address: shown?.Endpoint, Port: shown?.Port });
    expect(second).toMatchObject({
      DBClusterIdentifier,
      MasterUsername: 'myusername',
      StorageType: 'aurora',
    });
    expect(engines.databases.size).toBe(1);
    await client.send(new FailoverDBClusterCommand({ DBClusterIdentifier }));
    expect((await cluster())?.DBClusterMembers?.[0]).toMatchObject({ DBInstanceIdentifier: 'bills-2' });
  });

  it('stops and starts with its members', async () => {
    await client.send(new CreateDBClusterCommand(aurora));
    await member('bills-1');
    await waitFor(client, 'bills-1', 'available');
    await available();
    await client.send(new StopDBClusterCommand({ DBClusterIdentifier }));
    await waitFor(client, 'bills-1', 'stopped');
    expect([...engines.databases.values()].map(({ running }) => running)).toEqual([false]);
    await client.send(new StartDBClusterCommand({ DBClusterIdentifier }));
    await waitFor(client, 'bills-1', 'available');
    await available();
  });

  it('takes another password and port', async () => {
    await client.send(new CreateDBClusterCommand(aurora));
    await member('bills-1');
    await waitFor(client, 'bills-1', 'available');
    await available();
    const change = { MasterUserPassword: 'battery-staple', Port: 6000, ApplyImmediately: true };
    await client.send(new ModifyDBClusterCommand({ DBClusterIdentifier, ...change }));
    await available();
    expect([...engines.databases.values()][0]).toMatchObject({ password: 'battery-staple', port: 6000 });
    expect((await waitFor(client, 'bills-1', 'available')).Endpoint?.Port).toBe(6000);
  });

  it('is restored from its snapshot', async () => {
    await client.send(new CreateDBClusterCommand(aurora));
    await available();
    const DBClusterSnapshotIdentifier = 'kept';
    await client.send(
      new CreateDBClusterSnapshotCommand({ DBClusterIdentifier, DBClusterSnapshotIdentifier }),
    );
    const status = async () =>
      (await client.send(new DescribeDBClusterSnapshotsCommand({ DBClusterSnapshotIdentifier })))
        .DBClusterSnapshots?.[0]?.Status;
    await expect.poll(status).toBe('available');
    await client.send(
      new RestoreDBClusterFromSnapshotCommand({
        DBClusterIdentifier: 'again',
        SnapshotIdentifier: 'kept',
        Engine,
      }),
    );
    await available('again');
    expect([...engines.databases.values()].map(({ password }) => password)).toEqual([
      'correct-horse',
      'correct-horse',
    ]);
  });

  it('is deleted after its members', async () => {
    await client.send(new CreateDBClusterCommand(aurora));
    await member('bills-1');
    await waitFor(client, 'bills-1', 'available');
    await available();
    const remove = () =>
      client.send(new DeleteDBClusterCommand({ DBClusterIdentifier, SkipFinalSnapshot: true }));
    expect(await refusalOf(remove())).toMatchObject({
      code: 'InvalidDBClusterStateFault',
      message: 'Cluster cannot be deleted, it still contains DB instances in non-deleting state: bills-1.',
    });
    await client.send(
      new DeleteDBInstanceCommand({ DBInstanceIdentifier: 'bills-1', SkipFinalSnapshot: true }),
    );
    await remove();
    await expect
      .poll(() => client.send(new DescribeDBClustersCommand({})).then(({ DBClusters }) => DBClusters))
      .toEqual([]);
    expect((await client.send(new DescribeDBInstancesCommand({}))).DBInstances).toEqual([]);
    expect(engines.databases.size).toBe(0);
  });
});

it('a global cluster has a cluster at most, and ends without one', async () => {
  const GlobalClusterIdentifier = 'world';
  await client.send(new CreateGlobalClusterCommand({ GlobalClusterIdentifier, Engine, EngineVersion: '17' }));
  await client.send(
    new CreateDBClusterCommand({ ...aurora, EngineVersion: undefined, GlobalClusterIdentifier }),
  );
  await available();
  const { GlobalClusters } = await client.send(new DescribeGlobalClustersCommand({}));
  expect(GlobalClusters?.[0]?.GlobalClusterMembers).toMatchObject([{ IsWriter: true }]);
  const second = { ...aurora, DBClusterIdentifier: 'second', GlobalClusterIdentifier };
  expect((await refusalOf(client.send(new CreateDBClusterCommand(second)))).code).toBe('NotImplemented');
  const remove = () => client.send(new DeleteGlobalClusterCommand({ GlobalClusterIdentifier }));
  expect((await refusalOf(remove())).code).toBe('InvalidGlobalClusterStateFault');
  await client.send(new DeleteDBClusterCommand({ DBClusterIdentifier, SkipFinalSnapshot: true }));
  await remove();
});
