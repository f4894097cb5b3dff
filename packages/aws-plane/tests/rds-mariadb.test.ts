// A MariaDB instance over the host's own server, from its creation to its end. MariaDB is not on npm: without the Debian
// packages there is nothing to test.
import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import {
  CreateDBInstanceCommand,
  CreateDBParameterGroupCommand,
  CreateDBSnapshotCommand,
  DeleteDBInstanceCommand,
  DescribeDBEngineVersionsCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  ModifyDBInstanceCommand,
  ModifyDBParameterGroupCommand,
  type RDSClient,
  RebootDBInstanceCommand,
  RestoreDBInstanceFromDBSnapshotCommand,
  StartDBInstanceCommand,
  StopDBInstanceCommand,
} from '@aws-sdk/client-rds';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgres, type RdsPlane, startRdsPlane, waitFor } from './rds-plane.ts';
import { type RealEngines, realEngines } from './real-engines.ts';

const hasMariadb = ['mariadbd', 'mariadb-install-db', 'mariadb'].every((name) => {
  try {
    execFileSync('/bin/sh', ['-c', `command -v ${name}`], { env: { PATH: '/usr/sbin:/usr/bin' } });
    return true;
  } catch {
    return false;
  }
});

describe
  .skipIf(!hasMariadb)
  .sequential('a MariaDB instance (skipped without mariadb-server-core and -client-core)', () => {
    let engines: RealEngines;
    let plane: RdsPlane;
    let client: RDSClient;
    let close: () => Promise<void>;

    beforeAll(async () => {
      engines = await realEngines();
      const host = await engines.open();
      plane = await startRdsPlane({ engines: host, path: engines.folder });
      client = plane.client();
      close = async () => {
        await plane[Symbol.asyncDispose]();
        await host[Symbol.asyncDispose]();
        await engines[Symbol.asyncDispose]();
      };
    });
    afterAll(() => close());

    const instance = { ...postgres, Engine: 'mariadb', EngineVersion: undefined, DBName: 'app' };
    const DBInstanceIdentifier = instance.DBInstanceIdentifier;

    async function sql(name: string, text: string, password = 'correct-horse'): Promise<string> {
      const { DBInstances } = await client.send(
        new DescribeDBInstancesCommand({ DBInstanceIdentifier: name }),
      );
      const { Address, Port } = DBInstances?.[0]?.Endpoint ?? {};
      const words = ['--no-defaults', '-BN', `-h${Address}`, `-P${Port}`, `-u${instance.MasterUsername}`];
      const { stdout } = await promisify(execFile)('mariadb', [...words, '--skip-ssl', '-e', text, 'app'], {
        env: { PATH: '/usr/bin:/bin', MYSQL_PWD: password },
      });
      return stdout.trim();
    }

    it('is offered in the version that the machine has, and takes connections when it is available', async () => {
      const { DBEngineVersions } = await client.send(
        new DescribeDBEngineVersionsCommand({ Engine: 'mariadb' }),
      );
      const [offered] = DBEngineVersions ?? [];
      expect(DBEngineVersions).toHaveLength(1);
      await client.send(
        new CreateDBParameterGroupCommand({
          DBParameterGroupName: 'tuned',
          DBParameterGroupFamily: offered?.DBParameterGroupFamily,
          Description: 'tuned',
        }),
      );
      await client.send(new CreateDBInstanceCommand({ ...instance, DBParameterGroupName: 'tuned' }));
      const made = await waitFor(client, 'orders', 'available');
      expect(made).toMatchObject({ Engine: 'mariadb', EngineVersion: offered?.EngineVersion, DBName: 'app' });
      expect(made.Endpoint?.Port).toBe(3_306);
      await sql('orders', 'create table orders (id int); insert into orders values (7)');
      expect(await sql('orders', 'select version()')).toContain(`${offered?.EngineVersion}-MariaDB`);
    });

    it('takes a changed parameter at once, or at the next reboot', async () => {
      await client.send(
        new ModifyDBParameterGroupCommand({
          DBParameterGroupName: 'tuned',
          Parameters: [
            { ParameterName: 'wait_timeout', ParameterValue: '123', ApplyMethod: 'immediate' },
            { ParameterName: 'back_log', ParameterValue: '33', ApplyMethod: 'pending-reboot' },
          ],
        }),
      );
      await expect.poll(() => sql('orders', 'select @@global.wait_timeout')).toBe('123');
      const status = async () =>
        (await waitFor(client, 'orders', 'available')).DBParameterGroups?.[0]?.ParameterApplyStatus;
      await expect.poll(status).toBe('pending-reboot');
      await client.send(new RebootDBInstanceCommand({ DBInstanceIdentifier }));
      await waitFor(client, 'orders', 'available');
      expect(await sql('orders', 'select @@back_log')).toBe('33');
      expect(await status()).toBe('in-sync');
    });

    it('is snapshotted and restored, stopped and started, and takes another password', async () => {
      const DBSnapshotIdentifier = 'before';
      await client.send(new CreateDBSnapshotCommand({ DBInstanceIdentifier, DBSnapshotIdentifier }));
      const status = async () =>
        (await client.send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier }))).DBSnapshots?.[0]
          ?.Status;
      await expect.poll(status).toBe('available');
      await sql('orders', 'insert into orders values (8)');
      await client.send(
        new RestoreDBInstanceFromDBSnapshotCommand({
          DBInstanceIdentifier: 'restored',
          DBSnapshotIdentifier,
        }),
      );
      await waitFor(client, 'restored', 'available');
      expect(await sql('restored', 'select id from orders')).toBe('7');
      await client.send(
        new ModifyDBInstanceCommand({
          DBInstanceIdentifier,
          MasterUserPassword: 'battery-staple',
          ApplyImmediately: true,
        }),
      );
      await expect
        .poll(() => sql('orders', 'select 1', 'battery-staple').catch((error: Error) => error.message))
        .toBe('1');
      await waitFor(client, 'orders', 'available');
      await client.send(new StopDBInstanceCommand({ DBInstanceIdentifier }));
      await waitFor(client, 'orders', 'stopped');
      await client.send(new StartDBInstanceCommand({ DBInstanceIdentifier }));
      await waitFor(client, 'orders', 'available');
      expect(await sql('orders', 'select count(*) from orders', 'battery-staple')).toBe('2');
    });

    it('refuses what it has not: login tokens, databases of its own names; and is deleted', async () => {
      await expect(
        client.send(
          new ModifyDBInstanceCommand({ DBInstanceIdentifier, EnableIAMDatabaseAuthentication: true }),
        ),
      ).rejects.toMatchObject({ name: 'NotImplemented' });
      await expect(
        client.send(
          new CreateDBInstanceCommand({ ...instance, DBInstanceIdentifier: 'other', DBName: 'mysql' }),
        ),
      ).rejects.toMatchObject({ name: 'InvalidParameterValue' });
      for (const name of ['orders', 'restored']) {
        await client.send(
          new DeleteDBInstanceCommand({ DBInstanceIdentifier: name, SkipFinalSnapshot: true }),
        );
      }
      const left = async () =>
        (await client.send(new DescribeDBInstancesCommand({}))).DBInstances?.length ?? 0;
      await expect.poll(left).toBe(0);
    });
  });
