// A MariaDB database's life, with the host's server and its client. Without them there is nothing to test: MariaDB is not
// on npm.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { DatabaseEngine, DatabaseSettings } from '../src/index.ts';
import { openTestHost, settingsOf, type TestHost } from './host.ts';
import { hasMariadb, mariadb } from './mariadb-client.ts';

const settings = (id: string, more: Partial<DatabaseSettings> = {}) =>
  settingsOf(id, { engine: 'mariadb', version: '10.11', port: 3306, ...more });

describe.skipIf(!hasMariadb)(
  'a MariaDB database (skipped without mariadb-server-core and -client-core)',
  () => {
    let test: TestHost;
    let caFile: string;
    let version: string;

    beforeAll(async () => {
      test = await openTestHost();
      caFile = join(test.dataDir, 'ca.pem');
      writeFileSync(caFile, test.caPem);
      version = test.host.versions().find(({ engine }) => engine === 'mariadb')?.version ?? '';
    });

    afterAll(() => test[Symbol.asyncDispose]());

    const create = (id: string, more: Partial<DatabaseSettings> = {}) =>
      test.host.createDatabase(settings(id, { version, ...more }));
    const one = async (engine: DatabaseEngine, expression: string) =>
      (await mariadb(engine, `select ${expression}`))[0]?.[0];

    it('takes its master user by password, encrypted or not, and nobody else', async () => {
      const engine = await create('basic');
      expect(
        await mariadb(engine, 'select current_user(), database(), version(), @@version_ssl_library <> ""', {
          caFile,
        }),
      ).toEqual([['master@%', 'app', expect.stringContaining(version) as string, '1']]);
      expect((await mariadb(engine, "show status like 'Ssl_cipher'", { caFile }))[0]?.[1]).toContain('_');
      expect(await one(engine, '1')).toBe('1');
      await expect(mariadb(engine, 'select 1', { password: 'wrong' })).rejects.toThrow('ERROR 1045 (28000)');
      for (const user of ['root', 'rdsadmin', 'mysql', 'mariadb.sys', '']) {
        await expect(mariadb(engine, 'select 1', { user, password: '' }), user).rejects.toThrow(/1045|4151/);
      }
      await engine.remove();
      expect(readdirSync(join(test.dataDir, 'mariadb', 'databases'))).not.toContain('basic');
    });

    it("has a master user with RDS's rights: users, grants and tables, but no files, programs or superuser's rights", async () => {
      const engine = await create('rights');
      await mariadb(
        engine,
        "create table t (a int primary key); create user worker@'%' identified by 'worker-password';" +
          "grant select, insert on *.* to worker@'%'; create database other; insert into t values (7)",
      );
      expect(
        await mariadb(engine, 'select a from t', { user: 'worker', password: 'worker-password' }),
      ).toEqual([['7']]);
      for (const statement of [
        "select load_file('/etc/passwd') into outfile '/tmp/x'",
        "load data infile '/etc/passwd' into table t",
        'set global max_connections = 5',
        'shutdown',
        "grant super on *.* to worker@'%'",
      ]) {
        await expect(mariadb(engine, statement), statement).rejects.toThrow(/ERROR 1(045|227)/);
      }
      await engine.remove();
    });

    it('keeps files and programs from whoever takes all rights, and its administrator comes back', async () => {
      const engine = await create('taken');
      // RDS's rights include writing to the tables of the server itself, which RDS's own server guards.
      await mariadb(
        engine,
        "update mysql.global_priv set Priv = json_set(Priv, '$.access', 549755813887) where User = 'master'; flush privileges",
      );
      expect(await one(engine, "load_file('/etc/passwd')")).toBe('NULL');
      await expect(mariadb(engine, "select 1 into outfile '/tmp/pergola-out'")).rejects.toThrow('1290');
      await expect(mariadb(engine, "install soname 'auth_pam'")).rejects.toThrow('ERROR 1126');
      await mariadb(engine, "drop user rdsadmin@'localhost'");
      await expect(engine.setMasterPassword('second-password')).rejects.toThrow('Access denied');
      await engine.stop();
      await engine.start();
      await engine.setMasterPassword('second-password');
      expect(await mariadb(engine, 'select 1', { password: 'second-password' })).toEqual([['1']]);
      await engine.remove();
    });

    it('keeps its data, its place and its master password over a stop and over the end of the host', async () => {
      const engine = await create('keeps');
      await mariadb(engine, 'create table kept as select 42 as answer');
      await engine.setMasterPassword("it's new \\ and ü");
      const login = { password: "it's new \\ and ü" };
      await expect(mariadb(engine, 'select 1')).rejects.toThrow('1045');
      await engine.stop();
      expect(engine.isRunning).toBe(false);
      const { place } = engine;

      const host = await test.reopen();
      const found = await host.openDatabase(settings('keeps', { version }));
      await found?.start();
      expect(found?.place).toEqual(place);
      expect(await mariadb(found!, 'select answer from kept', login)).toEqual([['42']]);
      await found?.stop();
      await found?.setMasterPassword('changed-at-rest');
      await found?.start();
      expect(await mariadb(found!, 'select 1', { password: 'changed-at-rest' })).toEqual([['1']]);
      expect(await found!.sizeBytes()).toBeGreaterThan(10_000_000);
      await found?.remove();
      expect(await host.openDatabase(settings('keeps', { version }))).toBeUndefined();
    });

    it('makes the master user anew when its password is set', async () => {
      const engine = await create('again');
      await mariadb(engine, "drop user master@'%'");
      await engine.setMasterPassword('second-password');
      expect(await mariadb(engine, 'select 1', { password: 'second-password' })).toEqual([['1']]);
      await engine.remove();
    });

    it('applies parameters at once where it can, names those that wait, and takes none that the server refuses', async () => {
      const engine = await create('parameters', {
        parameters: { max_connections: '77', character_set_client: 'latin1' },
      });
      expect(await one(engine, '@@global.max_connections')).toBe('77');
      expect(await one(engine, '@@global.character_set_client')).toBe('latin1');
      expect(
        await engine.setParameters({ wait_timeout: '100', back_log: '90', max_allowed_packet: '2M' }),
      ).toEqual({ waiting: ['back_log'] });
      const values = '@@global.wait_timeout, @@global.max_connections, @@global.max_allowed_packet';
      expect(await mariadb(engine, `select ${values}`)).toEqual([['100', '151', '2097152']]);
      for (const [parameters, words] of [
        [{ wait_timeout: 'much' }, 'wait_timeout'],
        [{ sql_mode: 'STRICT_TRANS_TABLES', wait_timeout: '5', tx_isolation: 'NONE' }, "'NONE'"],
        [{ plugin_dir: '/tmp' }, "unknown variable 'plugin_dir'"],
        [{ 'plugin-d': '/tmp' }, 'unknown variable'],
        [{ init_file: '/tmp/x' }, "unknown variable 'init_file'"],
        [{ sql_mode: 'ANSI\nplugin_dir=/tmp' }, 'line end'],
        [{ character_set_client: "latin1'; drop user x; '" }, 'is no value'],
      ] as const) {
        await expect(engine.setParameters(parameters), JSON.stringify(parameters)).rejects.toThrow(words);
      }
      expect(await mariadb(engine, `select ${values}`)).toEqual([['100', '151', '2097152']]);
      await engine.stop();
      await engine.start();
      expect(await mariadb(engine, `select ${values}, @@back_log`)).toEqual([
        ['100', '151', '2097152', '90'],
      ]);
      expect(await engine.setParameters({ require_secure_transport: '1' })).toEqual({
        waiting: ['back_log'],
      });
      await expect(one(engine, '1')).rejects.toThrow(/ERROR \d+/);
      expect(await mariadb(engine, 'select 1', { caFile })).toEqual([['1']]);
      await engine.remove();
    });

    it('is snapshotted while it writes, and restored with whole transactions and another password', async () => {
      const engine = await create('source');
      await mariadb(
        engine,
        'create table a (n int primary key) engine=InnoDB; create table b (n int primary key) engine=InnoDB;' +
          'create table c (n int) engine=Aria; insert into c values (1)',
      );
      const writing = { goesOn: true };
      const written = (async () => {
        for (let n = 0; writing.goesOn; n += 20) {
          const pairs = Array.from({ length: 20 }, (_, at) => n + at).map(
            (row) => `begin; insert into a values (${row}); insert into b values (${row}); commit`,
          );
          await mariadb(engine, pairs.join(';'));
        }
      })();
      await expect.poll(async () => Number(await one(engine, '(select count(*) from b)'))).toBeGreaterThan(0);
      await engine.snapshot('snap');
      writing.goesOn = false;
      await written;
      await expect(engine.snapshot('snap')).rejects.toThrow('already');
      expect(await test.host.copySnapshot.call(test.host, 'snap', 'copy')).toBeUndefined();
      await test.host.removeSnapshot('snap');
      const restored = await test.host.restoreDatabase(
        settings('restored', { version, master: { user: 'master', password: 'restored-password' } }),
        'copy',
      );
      const login = { password: 'restored-password' };
      const [counts] = await mariadb(
        restored,
        'select count(*) > 0, count(*) = (select count(*) from b), (select count(*) from c) from a',
        login,
      );
      expect(counts).toEqual(['1', '1', '1']);
      expect(await mariadb(restored, 'check table a, b, c', login)).toEqual(
        ['a', 'b', 'c'].map((name) => [`app.${name}`, 'check', 'status', 'OK']),
      );
      await expect(mariadb(restored, 'select 1')).rejects.toThrow('1045');
      await Promise.all([engine.remove(), restored.remove()]);
      await test.host.removeSnapshot('copy');
    });

    it('loses nothing that was committed when its server is killed, and is started again', async () => {
      const engine = await create('killed');
      await mariadb(engine, 'create table t (n int); insert into t values (1), (2)');
      const pidFile = join(test.dataDir, 'mariadb', 'databases', 'killed', 'data', 'server.pid');
      const pid = Number(readFileSync(pidFile, 'utf8'));
      // It serves as a user of its own, who may do nothing else.
      if (process.getuid?.() === 0) {
        const status = readFileSync(`/proc/${pid}/status`, 'utf8');
        expect(status).toMatch(/^Uid:\s+64831\s+64831\s+64831\s+64831$/m);
        expect(status).toMatch(/^CapBnd:\s+0+$/m);
        expect(status).toMatch(/^Groups:\s*$/m);
      }
      process.kill(pid, 'SIGKILL');
      await vi.waitFor(async () => expect(await mariadb(engine, 'select count(*) from t')).toEqual([['2']]), {
        timeout: 20_000,
        interval: 100,
      });
      await engine.remove();
    });

    it('moves to another port, and keeps passwords out of its command line, its files and its log', async () => {
      const engine = await create('moves');
      await engine.setPort(3_307);
      expect(engine.place.port).toBe(3_307);
      expect(await one(engine, '1')).toBe('1');
      const home = join(test.dataDir, 'mariadb', 'databases', 'moves');
      const secret = readFileSync(join(test.dataDir, 'mariadb', 'administrator'), 'utf8');
      for (const password of ['first-password', secret]) {
        const found = execFileSync('/bin/sh', ['-c', `grep -rlF "$1" "$2" || true; ps axww -o args | grep -F "$1" | grep -v grep || true`, 'sh', password, home], { encoding: 'utf8' }); // biome-ignore format: one command
        expect(found).toBe('');
      }
      for (const folder of ['data', 'run', 'files']) {
        expect(statSync(join(home, folder)).mode & 0o777, folder).toBe(0o700);
      }
      await engine.remove();
    });

    it('is not made twice, and names the package of a version that is not here', async () => {
      const engine = await create('unique');
      await expect(create('unique')).rejects.toThrow('already');
      await engine.remove();
      await expect(create('old', { version: '5.5' })).rejects.toMatchObject({
        name: 'EngineMissingError',
        debianPackage: 'mariadb-server-core',
      });
      await expect(create('mysql', { engine: 'mysql', version: '8.0' })).rejects.toMatchObject({
        name: 'EngineMissingError',
      });
    });
  },
);
