// What ends without being asked: the process that holds the host, and the server itself.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EnginePlace } from '../src/index.ts';
import { describe, expect, it } from 'vitest';
import { openTestHost, settingsOf, sql } from './host.ts';

const scriptPath = join(import.meta.dirname, 'host-process.ts');

async function startHostProcess(dataDir: string) {
  const child = spawn(process.execPath, ['--import', 'tsx', scriptPath, dataDir], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, place: JSON.parse(line.toString()) as EnginePlace };
}

const pidFile = (dataDir: string, id: string) =>
  join(dataDir, 'postgres', 'databases', id, 'data', 'postmaster.pid');
const serverPid = (dataDir: string, id: string) =>
  Number(readFileSync(pidFile(dataDir, id), 'utf8').split('\n')[0]);

/** A process that has ended counts as dead although nobody has asked for its exit code yet. */
function isAlive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.startsWith('Z');
}

describe('a PostgreSQL database', () => {
  it('ends with the process that holds it, killed or not, and has all that was committed when it starts again', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'pergola-engines-'));
    try {
      const first = await startHostProcess(dataDir);
      await sql(first, 'create table kept as select 1 as number');
      // A statement that runs on, and one that waits.
      const busy = sql(first, 'select count(*) from generate_series(1, 100000000000)').catch(() => {});
      const idle = sql(first, 'select pg_sleep(1000)').catch(() => {});
      const pid = serverPid(dataDir, 'killed');
      first.child.kill('SIGKILL');
      await expect.poll(() => isAlive(pid)).toBe(false);
      await Promise.all([busy, idle]);
      await expect(sql(first, 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });

      const second = await startHostProcess(dataDir);
      expect(second.place).toEqual(first.place);
      expect(await sql(second, 'select number from kept')).toEqual([{ number: 1 }]);
      second.child.kill('SIGKILL');
      // At once, while the server may still be on its way out.
      const third = await startHostProcess(dataDir);
      expect(await sql(third, 'select number from kept')).toEqual([{ number: 1 }]);
      const lastPid = serverPid(dataDir, 'killed');
      third.child.kill('SIGTERM');
      await expect.poll(() => isAlive(lastPid)).toBe(false);
    } finally {
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
    }
  });

  it('is started again when it ends by itself', async () => {
    await using test = await openTestHost({ durability: 'durable' });
    const engine = await test.host.createDatabase(settingsOf('dies'));
    await sql(engine, 'create table kept as select 1 as number');
    const pid = serverPid(test.dataDir, 'dies');
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => sql(engine, 'select number from kept').catch(() => [])).toEqual([{ number: 1 }]);
    expect(serverPid(test.dataDir, 'dies')).not.toBe(pid);
    expect(engine.isRunning).toBe(true);
    await engine.stop();
    expect(engine.isRunning).toBe(false);
  });

  it('starts although its pid file names a process that is another program now', async () => {
    await using test = await openTestHost();
    const engine = await test.host.createDatabase(settingsOf('stale'));
    const content = readFileSync(pidFile(test.dataDir, 'stale'), 'utf8');
    await engine.stop();
    expect(existsSync(pidFile(test.dataDir, 'stale'))).toBe(false);
    writeFileSync(pidFile(test.dataDir, 'stale'), content.replace(/^\d+/, String(process.pid)));
    await engine.start();
    expect(await sql(engine, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('that was not finished when its maker ended is none, and can be made again', async () => {
    await using test = await openTestHost();
    const settings = settingsOf('half');
    const engine = await test.host.createDatabase(settings);
    await engine.stop();
    const record = join(test.dataDir, 'postgres', 'databases', 'half', 'database.json');
    writeFileSync(record, readFileSync(record, 'utf8').replace('"isComplete":true', '"isComplete":false'));
    const host = await test.reopen();
    expect(await host.openDatabase(settings)).toBeUndefined();
    const again = await host.createDatabase(settings);
    expect(await sql(again, 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});
