// A PostgreSQL database's life: made, used, changed, stopped, started, found again, removed.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestHost, settingsOf, sql, type TestHost } from './host.ts';

let test: TestHost;

beforeAll(async () => {
  test = await openTestHost();
});

afterAll(() => test[Symbol.asyncDispose]());

const versions = () => test.host.versions().map(({ version }) => version);

describe('a PostgreSQL database', () => {
  it.each(['14', '17'])(
    '%s takes its master user by password, encrypted or not as RDS has it',
    async (major) => {
      const engine = await test.host.createDatabase(settingsOf(`basic-${major}`, { version: major }));
      expect(versions().some((version) => version.startsWith(`${major}.`))).toBe(true);
      const encrypted = { ssl: { ca: test.caPem } };
      expect(
        await sql(engine, 'select current_user as me, current_database() as here, version()', encrypted),
      ).toEqual([
        { me: 'master', here: 'app', version: expect.stringContaining(`PostgreSQL ${major}.`) as string },
      ]);
      await expect(sql(engine, 'select 1', { ...encrypted, password: 'wrong' })).rejects.toMatchObject({
        code: '28P01',
        message: 'password authentication failed for user "master"',
      });
      // rds.force_ssl is on by default from 15 on.
      if (major === '14') expect(await sql(engine, 'select 1 as one')).toEqual([{ one: 1 }]);
      else await expect(sql(engine, 'select 1')).rejects.toMatchObject({ code: '28000' });
      await engine.remove();
    },
  );

  it('has a master user that is no superuser, but owns, makes roles and databases, and adds extensions', async () => {
    const engine = await test.host.createDatabase(settingsOf('rights', { version: '17' }));
    const login = { ssl: { ca: test.caPem } };
    const [row] = await sql(
      engine,
      "select rolsuper, pg_has_role('rds_superuser', 'member') as rds from pg_roles where rolname = current_user",
      login,
    );
    expect(row).toEqual({ rolsuper: false, rds: true });
    for (const statement of [
      'create table t (a int)',
      'create extension pgcrypto',
      'create database other',
      "create role worker login password 'worker-password'",
      'grant rds_iam to worker',
      'revoke rds_iam from worker',
      'grant pg_monitor to worker',
    ]) {
      await sql(engine, statement, login);
    }
    await expect(sql(engine, 'create role boss superuser', login)).rejects.toMatchObject({ code: '42501' });
    await expect(sql(engine, "copy t from program 'id'", login)).rejects.toMatchObject({ code: '42501' });
    await expect(sql(engine, "select pg_read_file('/etc/passwd')", login)).rejects.toMatchObject({
      code: '42501',
    });
    expect(
      await sql(engine, 'select 1 as one', { ...login, user: 'worker', password: 'worker-password' }),
    ).toEqual([{ one: 1 }]);
    // The administrator and its database are nobody's to log in to.
    await expect(sql(engine, 'select 1', { ...login, user: 'rdsadmin' })).rejects.toMatchObject({
      code: '28000',
    });
    await expect(sql(engine, 'select 1', { ...login, database: 'rdsadmin' })).rejects.toMatchObject({
      code: '28000',
    });
    await engine.remove();
  });

  it('keeps its data, its place and its master password over a stop and over the end of the host', async () => {
    const settings = settingsOf('keeps');
    const engine = await test.host.createDatabase(settings);
    await sql(engine, 'create table kept as select 42 as answer');
    await engine.setMasterPassword("it's new \\ and ü");
    const login = { password: "it's new \\ and ü" };
    await expect(sql(engine, 'select 1')).rejects.toMatchObject({ code: '28P01' });
    await engine.stop();
    expect(engine.isRunning).toBe(false);
    await expect(sql(engine, 'select 1', login)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    const { place } = engine;

    const host = await test.reopen();
    const found = await host.openDatabase(settings);
    expect(found?.isRunning).toBe(false);
    await found?.start();
    expect(found?.place).toEqual(place);
    expect(await sql(found!, 'select answer from kept', login)).toEqual([{ answer: 42 }]);
    await found?.stop();
    // A password changed while it is stopped is in force when it starts.
    await found?.setMasterPassword('changed at rest');
    await found?.start();
    expect(await sql(found!, 'select 1 as one', { password: 'changed at rest' })).toEqual([{ one: 1 }]);
    expect(await found!.sizeBytes()).toBeGreaterThan(20_000_000);

    await found?.remove();
    expect(await host.openDatabase(settings)).toBeUndefined();
    expect(readdirSync(join(test.dataDir, 'postgres', 'databases'))).not.toContain('keeps');
  });

  it('applies parameters at once where it can, names those that wait, and takes none that the server refuses', async () => {
    const engine = await test.host.createDatabase(
      settingsOf('parameters', { parameters: { work_mem: '5000' } }),
    );
    const show = async (name: string) =>
      (await sql(engine, `select current_setting('${name}') as value`))[0]?.['value'];
    expect(await show('work_mem')).toBe('5000kB');
    expect(await engine.setParameters({ work_mem: '6000', max_connections: '55' })).toEqual({
      waiting: ['max_connections'],
    });
    expect(await show('work_mem')).toBe('6000kB');
    expect(await show('max_connections')).toBe('100');
    await expect(engine.setParameters({ work_mem: 'much' })).rejects.toThrow(
      'invalid value for parameter "work_mem": "much"',
    );
    await expect(engine.setParameters({ no_such: '1' })).rejects.toThrow(
      'unrecognized configuration parameter "no_such"',
    );
    await expect(engine.setParameters({ archive_command: 'id' })).rejects.toThrow('cannot be changed');
    await expect(engine.setParameters({ work_mem: "1MB'\nlisten_addresses='*" })).rejects.toThrow();
    expect(await show('work_mem')).toBe('6000kB');
    await engine.stop();
    await engine.start();
    expect(await show('max_connections')).toBe('55');
    expect(await engine.setParameters({ 'rds.force_ssl': '1' })).toEqual({ waiting: ['max_connections'] });
    await expect(sql(engine, 'select 1')).rejects.toMatchObject({ code: '28000' });
    expect(await sql(engine, 'select 1 as one', { ssl: { ca: test.caPem } })).toEqual([{ one: 1 }]);
    await engine.remove();
  });

  it('moves to another port', async () => {
    const engine = await test.host.createDatabase(settingsOf('moves'));
    const { host } = engine.place;
    await engine.setPort(5_544);
    expect(engine.place).toEqual({ host, port: 5_544 });
    expect(await sql(engine, 'select 1 as one')).toEqual([{ one: 1 }]);
    await engine.remove();
  });

  it('begins with a copy made in advance, which is no less its own', async () => {
    const spare = join(test.dataDir, 'postgres', 'templates');
    const first = await test.host.createDatabase(settingsOf('in-advance-1'));
    await expect.poll(() => readdirSync(spare).filter((name) => name.endsWith('.spare'))).not.toEqual([]);
    const second = await test.host.createDatabase(settingsOf('in-advance-2', { database: undefined }));
    await sql(first, 'create table t (a int)');
    const login = { database: 'postgres' };
    const names = `select datname as name from pg_database where not datistemplate order by 1`;
    expect(await sql(first, names)).toEqual([{ name: 'app' }, { name: 'postgres' }, { name: 'rdsadmin' }]);
    expect(await sql(second, names, login)).toEqual([{ name: 'postgres' }, { name: 'rdsadmin' }]);
    await Promise.all([first.remove(), second.remove()]);
  });

  it('is made five times at once, each at a place of its own', async () => {
    const engines = await Promise.all(
      [1, 2, 3, 4, 5].map((number) => test.host.createDatabase(settingsOf(`many-${number}`))),
    );
    expect(new Set(engines.map(({ place }) => `${place.host}:${place.port}`)).size).toBe(5);
    const answers = await Promise.all(engines.map((engine) => sql(engine, 'select 1 as one')));
    expect(answers.flat()).toEqual(Array.from({ length: 5 }, () => ({ one: 1 })));
    await Promise.all(engines.map((engine) => engine.remove()));
  });

  it('is not made twice, and says what this machine has when it has not what was asked for', async () => {
    const engine = await test.host.createDatabase(settingsOf('unique'));
    await expect(test.host.createDatabase(settingsOf('unique'))).rejects.toThrow('already');
    expect(await sql(engine, 'select 1 as one')).toEqual([{ one: 1 }]);
    await engine.remove();
    await expect(test.host.createDatabase(settingsOf('old', { version: '9.6' }))).rejects.toMatchObject({
      name: 'EngineMissingError',
      debianPackage: 'postgresql-9',
    });
  });

  it('names its folder after any id, and never outside of its own', async () => {
    await expect(
      test.host.createDatabase(settingsOf('../../escaped', { version: '14' })),
    ).resolves.toMatchObject({
      isRunning: true,
    });
    expect(existsSync(join(test.dataDir, 'escaped'))).toBe(false);
    expect(readdirSync(join(test.dataDir, 'postgres', 'databases'))).toContain('%2e%2e%2f%2e%2e%2fescaped');
    await (await test.host.openDatabase(settingsOf('../../escaped')))?.remove();
  });

  it('shows its passwords in no file and in no process list', async () => {
    const password = 'findable-0123456789';
    const engine = await test.host.createDatabase(
      settingsOf('secret', { master: { user: 'master', password }, parameters: { log_statement: 'all' } }),
    );
    await engine.setMasterPassword(`${password}-2`);
    expect(execFileSync('ps', ['axeww'], { encoding: 'utf8' })).not.toContain(password);
    expect(spawnSync('grep', ['-rl', password, test.dataDir], { encoding: 'utf8' })).toMatchObject({
      status: 1,
      stdout: '',
    });
    await engine.remove();
  });
});
