// Snapshots of PostgreSQL databases: consistent while writers write, restored beside the original, copied, removed.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestHost, settingsOf, sql, type TestHost } from './host.ts';

let test: TestHost;

beforeAll(async () => {
  test = await openTestHost({ durability: 'durable' });
});

afterAll(() => test[Symbol.asyncDispose]());

describe('a snapshot', () => {
  it.each(['14', '17'])('of a running PostgreSQL %s holds whole transactions only', async (version) => {
    const login = { ssl: { ca: test.caPem } };
    const engine = await test.host.createDatabase(settingsOf(`source-${version}`, { version }));
    await sql(engine, 'create table pairs (a bigserial primary key, b bigint, filler text)', login);
    const writing = { goesOn: true };
    let written = 0;
    const write = async () => {
      while (writing.goesOn) {
        await sql(
          engine,
          "insert into pairs (b, filler) select a, repeat('x', 500) from generate_series(1, 500) a",
          login,
        );
        written += 500;
      }
    };
    const writers = [write(), write()];
    await expect.poll(() => written).toBeGreaterThan(2_000);
    const before = written;
    await engine.snapshot(`snap-${version}`);
    writing.goesOn = false;
    await Promise.all(writers);
    const restored = await test.host.restoreDatabase(
      settingsOf(`restored-${version}`, { version, master: { user: 'master', password: 'other' } }),
      `snap-${version}`,
    );
    expect(restored.place).not.toEqual(engine.place);
    const [row] = await sql(
      restored,
      'select count(*)::int as rows, (count(*) % 500)::int as rest, min(length(filler)) as filler from pairs',
      { ...login, password: 'other' },
    );
    expect(row).toMatchObject({ rest: 0, filler: 500 });
    expect(row?.['rows']).toBeGreaterThanOrEqual(before);
    await expect(sql(restored, 'select 1', login)).rejects.toMatchObject({ code: '28P01' });
    // The original goes on by itself.
    await sql(engine, 'drop table pairs', login);
    expect(
      await sql(restored, 'select count(*)::int % 500 as rest from pairs', { ...login, password: 'other' }),
    ).toEqual([{ rest: 0 }]);
    await engine.remove();
    await restored.remove();
  });

  it('is taken of a stopped database, outlives it and the host, is copied and removed', async () => {
    const engine = await test.host.createDatabase(settingsOf('short-lived'));
    await sql(engine, 'create table t as select 7 as seven');
    await engine.stop();
    await engine.snapshot('rds:final-2026-11-27');
    await engine.remove();
    const host = await test.reopen();
    await host.copySnapshot('rds:final-2026-11-27', 'copy');
    await host.removeSnapshot('rds:final-2026-11-27');
    await expect(host.copySnapshot('rds:final-2026-11-27', 'other')).rejects.toThrow('no snapshot');
    await expect(host.restoreDatabase(settingsOf('none'), 'rds:final-2026-11-27')).rejects.toThrow(
      'no snapshot',
    );
    const restored = await host.restoreDatabase(settingsOf('short-lived'), 'copy');
    expect(await sql(restored, 'select seven from t')).toEqual([{ seven: 7 }]);
    await expect(host.restoreDatabase(settingsOf('newer', { version: '17' }), 'copy')).rejects.toThrow(
      'which 17.10 cannot read',
    );
    await restored.remove();
    await host.removeSnapshot('copy');
    expect(readdirSync(join(test.dataDir, 'postgres', 'snapshots'))).not.toContain('copy');
  });

  it('taken twice under one name is refused and harms nothing', async () => {
    const engine = await test.host.createDatabase(settingsOf('twice'));
    await engine.snapshot('same');
    await expect(engine.snapshot('same')).rejects.toThrow('already');
    expect(await sql(engine, 'select 1 as one')).toEqual([{ one: 1 }]);
    await engine.remove();
  });
});

/** A file system with room for a template, but not for a second database. */
function smallDisk(): { folder: string; whyNot: string | undefined } {
  const folder = mkdtempSync(join(tmpdir(), 'pergola-small-'));
  if (process.getuid?.() !== 0) return { folder, whyNot: 'only root can mount a small disk' };
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=120m', 'tmpfs', folder], { stdio: 'ignore' });
    return { folder, whyNot: undefined };
  } catch {
    return { folder, whyNot: 'this machine mounts no small disk' };
  }
}

const disk = smallDisk();

describe.skipIf(disk.whyNot)(`a full disk${disk.whyNot ? ` (skipped: ${disk.whyNot})` : ''}`, () => {
  afterAll(() => {
    execFileSync('umount', [disk.folder]);
    rmSync(disk.folder, { recursive: true, force: true });
  });

  it('makes creations and snapshots fail with the reason, and leaves nothing of them', async () => {
    const small = await openTestHost({ dataDir: join(disk.folder, 'engines'), durability: 'durable' });
    const engine = await small.host.createDatabase(settingsOf('fits'));
    await expect(
      (async () => {
        for (const number of [1, 2, 3]) await engine.snapshot(`snap-${number}`);
      })(),
    ).rejects.toThrow('No space left on device');
    const folder = join(small.dataDir, 'postgres');
    await expect(small.host.createDatabase(settingsOf('does-not-fit'))).rejects.toThrow(
      /No space left on device/,
    );
    expect(readdirSync(join(folder, 'databases'))).toEqual(['fits']);
    expect(readdirSync(join(folder, 'snapshots')).filter((name) => name.includes('partial'))).toEqual([]);
    expect(existsSync(join(folder, 'databases', 'does-not-fit'))).toBe(false);
    await sql(engine, 'select 1');
    await small[Symbol.asyncDispose]();
  });
});
