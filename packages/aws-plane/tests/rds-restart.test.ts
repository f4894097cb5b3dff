// What an end of the process leaves half done is ended by the next one. The end is played by turning a record back to
// what it was in the middle.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateDBClusterCommand,
  CreateDBInstanceCommand,
  CreateDBSnapshotCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
} from '@aws-sdk/client-rds';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clusters, instances, snapshots } from '../src/services/rds/kinds.ts';
import type { StoredCluster, StoredInstance, StoredSnapshot } from '../src/services/rds/records.ts';
import { keepPassword } from '../src/services/rds/runtime/passwords.ts';
import { readRecord, writeRecord } from '../src/services/rds/state.ts';
import { type FakeEngines, fakeEngines } from './fake-engines.ts';
import { account } from './plane.ts';
import { postgres, type RdsPlane, startRdsPlane, waitFor } from './rds-plane.ts';

const home = { account, region: 'us-east-1' };
let path: string;
let engines: FakeEngines;
let plane: RdsPlane;
const open = async () => {
  plane = await startRdsPlane({ engines, path });
};
beforeEach(async () => {
  path = mkdtempSync(join(tmpdir(), 'pergola-rds-'));
  engines = fakeEngines();
  await open();
  await plane.client().send(new CreateDBInstanceCommand(postgres));
  await waitFor(plane.client(), 'orders', 'available');
});
afterEach(async () => {
  await plane[Symbol.asyncDispose]();
  rmSync(path, { recursive: true, force: true });
});

/** Ends the plane, its servers with it, leaves the instance as `left`, and begins anew. */
async function endWith(left: Partial<StoredInstance>, password?: string): Promise<void> {
  await plane.test.plane.store.transact((tx) => {
    const instance = readRecord(tx, instances.table, home, 'orders');
    if (!instance) throw new Error('there is no instance');
    writeRecord(tx, instances.table, home, { ...instance, ...left });
    if (password !== undefined) keepPassword(tx, home, instance.resourceId, password);
  });
  await plane[Symbol.asyncDispose]();
  for (const database of engines.databases.values()) database.running = false;
  await open();
}

const database = () => [...engines.databases.values()][0];
const statusNow = async () =>
  (await plane.client().send(new DescribeDBInstancesCommand({}))).DBInstances?.[0]?.DBInstanceStatus;

describe('an end of the process', () => {
  it('while a database ran: it is not available before it runs again', async () => {
    let start = () => {};
    const real = engines.openDatabase.bind(engines);
    const gate = new Promise<void>((resolve) => {
      start = resolve;
    });
    engines.openDatabase = async (settings) => {
      await gate;
      return real(settings);
    };
    await endWith({});
    expect(await statusNow()).toBe('starting');
    start();
    await waitFor(plane.client(), 'orders', 'available');
    expect(database()?.running).toBe(true);
  });

  it('while it was made, before its server was', async () => {
    engines.databases.clear();
    await endWith({ status: 'creating' }, 'correct-horse');
    await waitFor(plane.client(), 'orders', 'available');
    expect(database()?.password).toBe('correct-horse');
  });

  it('while it was made, after its server was', async () => {
    await endWith({ status: 'creating' }, 'correct-horse');
    await waitFor(plane.client(), 'orders', 'available');
    expect(engines.databases.size).toBe(1);
  });

  it('while it was modified', async () => {
    await endWith(
      { status: 'modifying', applying: { port: 6000, instanceClass: 'db.t3.small' } },
      'battery-staple',
    );
    await expect
      .poll(async () => (await waitFor(plane.client(), 'orders', 'available')).DBInstanceClass)
      .toBe('db.t3.small');
    expect(database()).toMatchObject({ password: 'battery-staple', port: 6000 });
  });

  it('after it failed: it is tried again', async () => {
    await endWith({ status: 'failed' });
    await waitFor(plane.client(), 'orders', 'available');
    expect(database()?.running).toBe(true);
  });

  it('while it was stopped, stopping or being deleted', async () => {
    await endWith({ status: 'stopping' });
    await waitFor(plane.client(), 'orders', 'stopped');
    await endWith({ status: 'stopped' });
    expect(await statusNow()).toBe('stopped');
    expect(database()?.running).toBe(false);
    await endWith({ status: 'deleting', finalSnapshot: 'last' });
    await expect.poll(statusNow).toBeUndefined();
    expect(engines.databases.size).toBe(0);
    const { DBSnapshots } = await plane.client().send(new DescribeDBSnapshotsCommand({}));
    expect(DBSnapshots).toMatchObject([{ DBSnapshotIdentifier: 'last', Status: 'available' }]);
  });

  it('while a cluster was stopped: its members are stopped with it', async () => {
    const cluster = { DBClusterIdentifier: 'bills', Engine: 'aurora-postgresql' };
    const { MasterUsername, MasterUserPassword } = postgres;
    await plane.client().send(new CreateDBClusterCommand({ ...cluster, MasterUsername, MasterUserPassword }));
    const member = { ...cluster, DBInstanceIdentifier: 'bills-1', DBInstanceClass: 'db.r6g.large' };
    await plane.client().send(new CreateDBInstanceCommand(member));
    await waitFor(plane.client(), 'bills-1', 'available');
    await plane.test.plane.store.transact((tx) => {
      const bills = readRecord(tx, clusters.table, home, 'bills') as StoredCluster;
      writeRecord(tx, clusters.table, home, { ...bills, status: 'stopping' });
      const first = readRecord(tx, instances.table, home, 'bills-1') as StoredInstance;
      writeRecord(tx, instances.table, home, { ...first, status: 'stopping' });
    });
    await endWith({});
    await waitFor(plane.client(), 'bills-1', 'stopped');
  });

  it('while a snapshot was copied: it is failed', async () => {
    await plane
      .client()
      .send(new CreateDBSnapshotCommand({ DBInstanceIdentifier: 'orders', DBSnapshotIdentifier: 'half' }));
    await waitFor(plane.client(), 'orders', 'available');
    await plane.test.plane.store.transact((tx) => {
      const snapshot = readRecord(tx, snapshots.table, home, 'half') as StoredSnapshot;
      writeRecord(tx, snapshots.table, home, { ...snapshot, status: 'creating' });
    });
    await endWith({});
    const status = async () =>
      (await plane.client().send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: 'half' })))
        .DBSnapshots?.[0]?.Status;
    await expect.poll(status).toBe('failed');
  });
});
