import {
  CreateDBInstanceCommand,
  CreateDBParameterGroupCommand,
  CreateDBSnapshotCommand,
  DeleteDBInstanceCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  ModifyDBInstanceCommand,
  ModifyDBParameterGroupCommand,
  type RDSClient,
  RebootDBInstanceCommand,
  RestoreDBInstanceFromDBSnapshotCommand,
  RestoreDBInstanceToPointInTimeCommand,
  StartDBInstanceCommand,
  StopDBInstanceCommand,
} from '@aws-sdk/client-rds';
import type { EngineHost } from '@pergola/engines';
import { Client, type ClientConfig } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokenFor } from './login-token.ts';
import { postgres, type RdsPlane, startRdsPlane, waitFor } from './rds-plane.ts';
import { type RealEngines, realEngines } from './real-engines.ts';

// One database goes through all of it, as one in use does.
let engines: RealEngines;
let host: EngineHost;
let plane: RdsPlane;
let client: RDSClient;
const DBInstanceIdentifier = postgres.DBInstanceIdentifier;

async function open(): Promise<void> {
  host = await engines.open();
  plane = await startRdsPlane({ engines: host, path: engines.folder });
  client = plane.client();
}

async function close(): Promise<void> {
  await plane[Symbol.asyncDispose]();
  await host[Symbol.asyncDispose]();
}

beforeAll(async () => {
  engines = await realEngines();
  await open();
});
afterAll(async () => {
  await close();
  await engines[Symbol.asyncDispose]();
});

async function sql(name: string, text: string, login: Partial<ClientConfig> = {}): Promise<unknown[]> {
  const { DBInstances } = await client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: name }));
  const { Address, Port } = DBInstances?.[0]?.Endpoint ?? {};
  const user = postgres.MasterUsername;
  const connection = new Client({
    host: Address,
    port: Port,
    user,
    password: 'correct-horse',
    database: 'app',
    ...login,
  });
  connection.on('error', () => {});
  try {
    await connection.connect();
    return (await connection.query(text)).rows as unknown[];
  } finally {
    await connection.end().catch(() => {});
  }
}

describe.sequential('a PostgreSQL instance', () => {
  it('takes connections when it is available', async () => {
    await client.send(
      new CreateDBParameterGroupCommand({
        DBParameterGroupName: 'tuned',
        DBParameterGroupFamily: 'postgres14',
        Description: 'tuned',
      }),
    );
    await client.send(
      new CreateDBInstanceCommand({ ...postgres, DBName: 'app', DBParameterGroupName: 'tuned' }),
    );
    await waitFor(client, 'orders', 'available');
    await sql('orders', 'CREATE TABLE orders (id int); INSERT INTO orders VALUES (7)');
    expect(await sql('orders', 'SELECT id FROM orders')).toEqual([{ id: 7 }]);
    expect(await sql('orders', 'SHOW server_version')).toEqual([
      { server_version: expect.stringMatching(/^14\./) },
    ]);
    await expect(sql('orders', 'SELECT 1', { password: 'wrong' })).rejects.toThrow(
      'password authentication failed',
    );
  });

  it('takes a changed parameter at once, or at the next reboot', async () => {
    await client.send(
      new ModifyDBParameterGroupCommand({
        DBParameterGroupName: 'tuned',
        Parameters: [
          { ParameterName: 'work_mem', ParameterValue: '8192', ApplyMethod: 'immediate' },
          { ParameterName: 'max_connections', ParameterValue: '33', ApplyMethod: 'pending-reboot' },
        ],
      }),
    );
    await expect.poll(() => sql('orders', 'SHOW work_mem')).toEqual([{ work_mem: '8MB' }]);
    const status = async () =>
      (await waitFor(client, 'orders', 'available')).DBParameterGroups?.[0]?.ParameterApplyStatus;
    await expect.poll(status).toBe('pending-reboot');
    expect(await sql('orders', 'SHOW max_connections')).not.toEqual([{ max_connections: '33' }]);
    await client.send(new RebootDBInstanceCommand({ DBInstanceIdentifier }));
    await waitFor(client, 'orders', 'available');
    expect(await sql('orders', 'SHOW max_connections')).toEqual([{ max_connections: '33' }]);
    expect(await status()).toBe('in-sync');
  });

  it('keeps a snapshot that others are restored from, with their own later', async () => {
    const DBSnapshotIdentifier = 'before';
    await client.send(new CreateDBSnapshotCommand({ DBInstanceIdentifier, DBSnapshotIdentifier }));
    const status = async () =>
      (await client.send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier }))).DBSnapshots?.[0]?.Status;
    await expect.poll(status).toBe('available');
    await sql('orders', 'INSERT INTO orders VALUES (8)');
    await client.send(
      new RestoreDBInstanceFromDBSnapshotCommand({ DBInstanceIdentifier: 'restored', DBSnapshotIdentifier }),
    );
    await client.send(
      new RestoreDBInstanceToPointInTimeCommand({
        SourceDBInstanceIdentifier: 'orders',
        TargetDBInstanceIdentifier: 'latest',
        UseLatestRestorableTime: true,
      }),
    );
    await waitFor(client, 'restored', 'available');
    expect(await sql('restored', 'SELECT id FROM orders')).toEqual([{ id: 7 }]);
    await waitFor(client, 'latest', 'available');
    expect(await sql('latest', 'SELECT id FROM orders ORDER BY id')).toEqual([{ id: 7 }, { id: 8 }]);
  });

  it('takes another password', async () => {
    await client.send(
      new ModifyDBInstanceCommand({ DBInstanceIdentifier, MasterUserPassword: 'battery-staple' }),
    );
    await waitFor(client, 'orders', 'available');
    await expect(sql('orders', 'SELECT 1')).rejects.toThrow('password authentication failed');
    expect(await sql('orders', 'SELECT 1 AS one', { password: 'battery-staple' })).toEqual([{ one: 1 }]);
  });

  it('lets users with rds_iam in by token, and by nothing else', async () => {
    await client.send(
      new ModifyDBInstanceCommand({
        DBInstanceIdentifier,
        EnableIAMDatabaseAuthentication: true,
        ApplyImmediately: true,
      }),
    );
    const { Endpoint } = await waitFor(client, 'orders', 'available');
    const place = `${Endpoint?.Address}:${Endpoint?.Port}`;
    const master = { password: 'battery-staple' };
    await sql('orders', 'CREATE USER app; GRANT rds_iam TO app', master);
    const login = { user: 'app', ssl: { rejectUnauthorized: false } };
    const password = await tokenFor({ place });
    const who = await sql('orders', 'SELECT current_user AS who', { ...login, password });
    expect(who).toEqual([{ who: 'app' }]);
    const forged = await tokenFor({ place, secret: 'x'.repeat(40) });
    await expect(sql('orders', 'SELECT 1', { ...login, password: forged })).rejects.toThrow(
      'authentication failed',
    );
    expect(await sql('orders', 'SELECT 1 AS one', master)).toEqual([{ one: 1 }]);
  });

  it('is not there while it is stopped', async () => {
    await client.send(new StopDBInstanceCommand({ DBInstanceIdentifier }));
    await waitFor(client, 'orders', 'stopped');
    await expect(sql('orders', 'SELECT 1', { password: 'battery-staple' })).rejects.toThrow('ECONNREFUSED');
    await client.send(new StartDBInstanceCommand({ DBInstanceIdentifier }));
    await waitFor(client, 'orders', 'available');
    expect(await sql('orders', 'SELECT 1 AS one', { password: 'battery-staple' })).toEqual([{ one: 1 }]);
  });

  it('is there again after a restart, when it ran; with its snapshots', async () => {
    await client.send(new StopDBInstanceCommand({ DBInstanceIdentifier: 'latest' }));
    await waitFor(client, 'latest', 'stopped');
    await close();
    await open();
    await waitFor(client, 'orders', 'available');
    await waitFor(client, 'latest', 'stopped');
    const rows = await sql('orders', 'SELECT id FROM orders ORDER BY id', { password: 'battery-staple' });
    expect(rows).toEqual([{ id: 7 }, { id: 8 }]);
    const { DBSnapshots } = await client.send(new DescribeDBSnapshotsCommand({ SnapshotType: 'manual' }));
    expect(DBSnapshots).toMatchObject([{ DBSnapshotIdentifier: 'before', Status: 'available' }]);
  });

  it('ends with its data', async () => {
    for (const name of ['orders', 'restored', 'latest'])
      await client.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: name, SkipFinalSnapshot: true }));
    await expect
      .poll(() => client.send(new DescribeDBInstancesCommand({})).then(({ DBInstances }) => DBInstances))
      .toEqual([]);
  });
});
