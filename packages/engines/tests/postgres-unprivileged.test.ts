// The users that things run as: ourselves as nobody in particular, and root with programs that nobody else can reach.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EnginePlace } from '../src/index.ts';
import { prepareRuntime } from '../src/postgres/runtime/prepared-runtime.ts';
import { findRuntimes } from '../src/postgres/runtime/runtimes.ts';
import { serverAccount } from '../src/process/account.ts';
import { runTool } from '../src/process/tool.ts';
import { openTestHost, settingsOf, sql } from './host.ts';

const isRoot = process.getuid?.() === 0;
const because = isRoot ? '' : ' (skipped: only root can become another user)';
const nobody = 65_534;
const packaged = findRuntimes().find(({ movable }) => movable !== undefined);
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pergola-users-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

describe.skipIf(!isRoot)(`users${because}`, () => {
  it('gives the data to a user of its own, although the folders around it are closed', async () => {
    chmodSync(folder, 0o700);
    await using test = await openTestHost({ dataDir: join(folder, 'closed', 'engines') });
    chmodSync(join(folder, 'closed'), 0o700);
    const engine = await test.host.createDatabase(settingsOf('owned'));
    expect(await sql(engine, 'select 1 as one')).toEqual([{ one: 1 }]);
    const home = join(test.dataDir, 'postgres', 'databases', 'owned');
    const account = serverAccount()!;
    expect(statSync(join(home, 'data'))).toMatchObject({ uid: account.uid, gid: account.gid });
    expect(statSync(join(home, 'data')).mode & 0o777).toBe(0o700);
    expect(statSync(join(home, 'data', 'server.key')).mode & 0o777).toBe(0o600);
    // What the server could replace must not be what we believe.
    expect(statSync(home).uid).toBe(0);
    expect(statSync(join(home, 'database.json'))).toMatchObject({ uid: 0 });
    expect(statSync(join(test.dataDir, 'postgres', 'administrator')).mode & 0o777).toBe(0o600);
  });

  it('finds a database in a folder whose path is too long for a socket', async () => {
    await using test = await openTestHost({ dataDir: join(folder, 'x'.repeat(100), 'y'.repeat(60)) });
    const engine = await test.host.createDatabase(settingsOf('far-away'));
    expect(await sql(engine, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('runs everything as an unprivileged user', async () => {
    chownSync(folder, nobody, nobody);
    const script = join(import.meta.dirname, 'host-process.ts');
    const become = [`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'];
    const node = [process.execPath, '--import', 'tsx', script, join(folder, 'engines')];
    const child = spawn('setpriv', [...become, ...node], {
      cwd: join(import.meta.dirname, '../../..'),
      env: { PATH: process.env['PATH'], HOME: folder, TMPDIR: folder },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [line] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [
      Buffer | number,
    ];
    const place = JSON.parse(String(line)) as EnginePlace;
    expect(await sql({ place }, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(statSync(join(folder, 'engines/postgres/databases/killed/data')).uid).toBe(nobody);
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    await expect
      .poll(() => sql({ place }, 'select 1').then(String, (error: { code: string }) => error.code))
      .toBe('ECONNREFUSED');
  });
});

describe.skipIf(packaged === undefined)('programs of a package', () => {
  /** As npm unpacks it: without a single link. */
  const unpacked = () => {
    const movable = join(folder, 'package', 'native');
    mkdirSync(dirname(movable));
    cpSync(packaged!.movable!, movable, { recursive: true, verbatimSymlinks: true });
    const library = join(movable, 'lib');
    for (const entry of readdirSync(library, { withFileTypes: true }))
      if (entry.isSymbolicLink()) rmSync(join(library, entry.name));
    return { ...packaged!, movable, bin: join(movable, 'bin') };
  };
  const again = () => {
    const movable = join(folder, 'package', 'native');
    return { ...packaged!, movable, bin: join(movable, 'bin') };
  };
  const account = serverAccount();
  const versionOf = async (runtime: Awaited<ReturnType<typeof prepareRuntime>>) =>
    await runTool({
      program: join(runtime.bin, 'postgres'),
      words: () => ['--version'],
      folders: [],
      account,
      variables: () => ({ LD_LIBRARY_PATH: [runtime.links, runtime.libraries].filter(Boolean).join(':') }),
    });

  it('get the links that npm does not pack', async () => {
    chmodSync(folder, 0o755);
    const runtime = await prepareRuntime(unpacked(), join(folder, 'own'), account);
    expect(runtime.links).toBeUndefined();
    expect(await versionOf(runtime)).toContain(`PostgreSQL) ${packaged!.version}`);
  });

  it.skipIf(!isRoot)(`are copied when the servers' user cannot reach them${because}`, async () => {
    chmodSync(folder, 0o700);
    const runtime = await prepareRuntime(unpacked(), join(folder, 'own'), account);
    expect(runtime.bin.startsWith(folder)).toBe(false);
    expect(await versionOf(runtime)).toContain(`PostgreSQL) ${packaged!.version}`);
    // Found again, and believed only while nobody else may write there.
    const place = dirname(runtime.bin);
    expect((await prepareRuntime(again(), join(folder, 'own'), account)).bin).toBe(runtime.bin);
    chownSync(place, nobody, nobody);
    await expect(prepareRuntime(again(), join(folder, 'own'), account)).rejects.toThrow(
      'belongs to somebody else',
    );
    rmSync(place, { recursive: true });
  });
});
