// Pergola's own small psql against a real server: what it prints and how it ends. Where the machine has PostgreSQL's psql,
// both are run, and must agree.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DatabaseEngine, type EngineHost, openEngineHost } from '@pergola/engines';
import { silentLogger, systemClock, systemRandom } from '@pergola/kernel';
import { createCa, issueCertificate } from '@pergola/pki';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const pki = { clock: systemClock, random: systemRandom };
const stepsUp = join(import.meta.dirname, '../../..');
let folder: string;
let standIn: string;
let host: EngineHost;
let engine: DatabaseEngine;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pergola-psql-'));
  standIn = join(folder, 'psql.mjs');
  await build({
    entryPoints: [join(stepsUp, 'packages/cli/src/stand-ins/psql/main.ts')],
    outfile: standIn,
    bundle: true,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  const ca = await createCa(pki, 'psql-test');
  writeFileSync(join(folder, 'ca.pem'), ca.cert);
  host = await openEngineHost({
    ...pki,
    dataDir: join(folder, 'engines'),
    logger: silentLogger,
    durability: 'ephemeral',
    certify: (hosts) => issueCertificate(pki, ca, { commonName: 'test', hosts, usage: 'server' }),
  });
  engine = await host.createDatabase({
    id: 'psql',
    engine: 'postgres',
    version: '14',
    port: 5432,
    master: { user: 'master', password: 'pass word' },
    database: 'app',
    parameters: {},
  });
});

afterAll(async () => {
  await host[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

interface Run {
  readonly words: readonly string[];
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

function run(program: string, first: readonly string[], { words, input = '', env = {} }: Run) {
  const { host: address, port } = engine.place;
  const variables = { PGHOST: address, PGPORT: String(port), PGUSER: 'master', PGDATABASE: 'app' };
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(
      program,
      [...first, ...words],
      {
        cwd: folder,
        env: {
          PATH: process.env['PATH'],
          HOME: folder,
          LC_ALL: 'C.UTF-8',
          ...variables,
          PGPASSWORD: 'pass word',
          ...env,
        },
      },
      (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

const ours = (words: readonly string[], more: Omit<Run, 'words'> = {}) =>
  run(process.execPath, [standIn], { words, ...more });

const realPath = (() => {
  const root = '/usr/lib/postgresql';
  const folders = existsSync(root) ? readdirSync(root) : [];
  return folders.map((name) => join(root, name, 'bin', 'psql')).find((path) => existsSync(path));
})();

const script = `-- a comment; with a semicolon
create table words (id serial primary key, word text not null, size numeric(8,2));
insert into words (word, size) values ('one; two', 1.5), ('it''s', null), (E'two\\nlines', 20);
select * from words order by id;
select nothing from words;
do $$ begin raise notice 'said; so'; end $$;
update words set size = 3 where id = 2;
table words;
drop table words;
`;

const cases: readonly (readonly [string, Run])[] = [
  [
    'a table',
    { words: ['-c', "select 1 as n, 'text' as word, null as none, 2.50::numeric as price, true as yes"] },
  ],
  ['no rows', { words: ['-c', 'select 1 as one where false'] }],
  ['two rows', { words: ['-c', 'select generate_series(9, 10) as n'] }],
  ['several lines in a cell', { words: ['-c', "select E'a\\nbcd' as x, 1 as y"] }],
  ['tuples only', { words: ['-t', '-c', "select 1 as n, 'x' as y"] }],
  ['unaligned', { words: ['-A', '-c', "select 1 as n, null as y, 'z' as z"] }],
  ['unaligned tuples', { words: ['-Atc', "select 1 as n, 'z'"] }],
  ['another separator', { words: ['-At', '-F', ',', '-c', 'select 1, 2'] }],
  [
    'commands',
    { words: ['-c', 'create table t (a int)', '-c', 'insert into t values (1), (2)', '-c', 'drop table t'] },
  ],
  ['several statements in one', { words: ['-c', 'select 1 as a; select 2 as b'] }],
  ['quiet', { words: ['-q', '-c', 'create table q (a int)', '-c', 'drop table q'] }],
  ['an error', { words: ['-c', 'select no_such from pg_class'] }],
  ['an error, then more', { words: ['-c', 'select no_such', '-c', 'select 1 as one'] }],
  [
    'an error that stops',
    { words: ['-v', 'ON_ERROR_STOP=1', '-c', 'select no_such', '-c', 'select 1 as one'] },
  ],
  ['a script', { words: ['-f', 'script.sql'] }],
  ['a script that stops', { words: ['-v', 'ON_ERROR_STOP=1', '-f', 'script.sql'] }],
  ['standard input', { words: [], input: 'select 1 as one;\nselect 2 as two' }],
  ['standard input that stops', { words: ['-v', 'ON_ERROR_STOP=1'], input: 'select no_such;\nselect 2;' }],
  [
    'variables',
    {
      words: ['-v', "name=it's", '-v', 'n=3'],
      input: "select :'name' as name, :n + 1 as n, ':n' as raw, 5::int as cast;",
    },
  ],
  ['a file that is not there', { words: ['-f', 'none.sql'] }],
  ['a wrong password', { words: ['-c', 'select 1'], env: { PGPASSWORD: 'wrong' } }],
  ['no server', { words: ['-h', '127.0.0.1', '-p', '1', '-c', 'select 1'] }],
  ['a database that is not there', { words: ['-d', 'none', '-c', 'select 1'] }],
  [
    'settings in one word',
    {
      words: [
        'user=master dbname=app sslmode=disable',
        '-Atc',
        'select ssl from pg_stat_ssl where pid = pg_backend_pid()',
      ],
    },
  ],
  [
    'encryption',
    {
      words: ['-Atc', 'select ssl from pg_stat_ssl where pid = pg_backend_pid()'],
      env: { PGSSLMODE: 'require' },
    },
  ],
  ['encryption by default', { words: ['-Atc', 'select ssl from pg_stat_ssl where pid = pg_backend_pid()'] }],
  [
    'a certificate that is checked',
    { words: ['-Atc', 'select 1'], env: { PGSSLMODE: 'verify-full', PGSSLROOTCERT: 'ca.pem' } },
  ],
  ['one transaction', { words: ['-1', '-c', 'create table gone (a int)', '-c', 'select no_such'] }],
];

describe('psql', () => {
  it.each(cases)('%s', async (_name, given) => {
    writeFileSync(join(folder, 'script.sql'), script);
    const mine = await run(process.execPath, [standIn], given);
    expect(mine.code).toBeLessThan(4);
    if (realPath === undefined) return;
    await ours(['-qc', 'drop table if exists words, t, q'], {});
    const real = await run(realPath, ['-X'], given);
    // libpq before 17 tried a refused password once more without encryption, and says so.
    const plain = (text: string) =>
      text.replace(/^\S*psql: error/, 'psql: error').replace(/(connection to server .*\n)\1/, '$1');
    expect({ ...mine, stderr: plain(mine.stderr) }).toEqual({ ...real, stderr: plain(real.stderr) });
  });

  it('takes a URI, and the words of an ordinary script line', async () => {
    const { host: address, port } = engine.place;
    const uri = `postgresql://master:pass%20word@${address}:${port}/app?sslmode=require`;
    const env = { PGHOST: '', PGUSER: '', PGPASSWORD: '', PGPORT: '', PGDATABASE: '' };
    expect(await ours([uri, '-tAc', 'select current_database()'], { env })).toEqual({
      code: 0,
      stdout: 'app\n',
      stderr: '',
    });
    expect(
      await ours(
        [`--host=${address}`, '--port', String(port), '--username=master', '-At', '-c', 'select 7', 'app'],
        { env: { ...env, PGPASSWORD: 'pass word' } },
      ),
    ).toMatchObject({
      code: 0,
      stdout: '7\n',
    });
  });

  it('says what it does not have', async () => {
    expect(await ours(['-c', 'select 1', '--csv'])).toMatchObject({ code: 1 });
    expect(await ours(['-v', 'ON_ERROR_STOP=1'], { input: '\\dt\n' })).toMatchObject({
      code: 3,
      stderr: 'error: this small psql has no \\dt\n',
    });
    expect((await ours(['--version'])).stdout).toContain('Pergola');
  });

  it('refuses a certificate that it cannot trust', async () => {
    const env = { PGSSLMODE: 'verify-full', PGSSLROOTCERT: '' };
    expect(await ours(['-c', 'select 1'], { env })).toMatchObject({ code: 2, stdout: '' });
  });
});
