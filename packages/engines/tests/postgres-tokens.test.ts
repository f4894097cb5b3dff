// Logins by IAM token: who must show one, who is refused and how, and everybody else's logins through the same door.
import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { Client, type ClientConfig } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DatabaseEngine } from '../src/index.ts';
import { openTestHost, settingsOf, sql, type TestHost } from './host.ts';

let test: TestHost;
const engines = new Map<string, DatabaseEngine>();
const asked: { user: string; token: string }[] = [];

/** A token is good when it is its user's name, forwards and backwards. */
const check = (login: { user: string; token: string }) => {
  asked.push(login);
  const allowed = login.token === `${login.user}/${[...login.user].toReversed().join('')}`;
  return Promise.resolve({ allowed, because: allowed ? 'it is its own' : 'the signature does not match' });
};

beforeAll(async () => {
  test = await openTestHost();
  for (const version of ['14', '17']) {
    const engine = await test.host.createDatabase(settingsOf(`tokens-${version}`, { version }));
    await engine.setTokenCheck(check);
    engines.set(version, engine);
    for (const statement of [
      'create role jane login',
      "create role sam login password 'sam-password'",
      'grant rds_iam to jane',
    ]) {
      await sql(engine, statement, { ssl: { ca: test.caPem } });
    }
  }
});

afterAll(() => test[Symbol.asyncDispose]());

const psql = (() => {
  try {
    return execFileSync('sh', ['-c', 'command -v psql'], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
})();

describe.each(['14', '17'])('PostgreSQL %s', (version) => {
  const engine = () => engines.get(version)!;
  const tls = () => ({ ssl: { ca: test.caPem } });
  const as = (user: string, password: string, more: Partial<ClientConfig> = {}) =>
    sql(engine(), 'select current_user as me, session_user as really', { ...tls(), user, password, ...more });

  it('lets members of rds_iam in with a good token, as themselves', async () => {
    expect(await as('jane', 'jane/enaj')).toEqual([{ me: 'jane', really: 'jane' }]);
    expect(asked.at(-1)).toEqual({ user: 'jane', token: 'jane/enaj' });
  });

  it('refuses a bad token, an empty one, and a good one without encryption, in the words of RDS', async () => {
    const refused = { code: '28000', message: 'PAM authentication failed for user "jane"' };
    await expect(as('jane', 'jane/jane')).rejects.toMatchObject(refused);
    await expect(as('jane', 'sam/mas')).rejects.toMatchObject(refused);
    await expect(as('jane', 'x'.repeat(5_000))).rejects.toMatchObject(refused);
    await expect(as('jane', 'jane/enaj', { ssl: false })).rejects.toMatchObject({
      code: '28000',
      message: expect.stringMatching(/^no pg_hba.conf entry for host .* no encryption$/) as string,
    });
    await expect(as('jane', 'jane/enaj', { database: 'rdsadmin' })).rejects.toMatchObject({ code: '28000' });
  });

  it('takes everybody else by password, also the master user, and never by token', async () => {
    const count = asked.length;
    expect(await as('sam', 'sam-password')).toEqual([{ me: 'sam', really: 'sam' }]);
    expect(await as('master', 'first-password')).toEqual([{ me: 'master', really: 'master' }]);
    await expect(as('sam', 'sam/mas')).rejects.toMatchObject({ code: '28P01' });
    await expect(as('nobody', 'nobody/ydobon')).rejects.toMatchObject({ code: '28P01' });
    await expect(as('rdsadmin', 'rdsadmin/nimdasdr')).rejects.toMatchObject({ code: '28000' });
    expect(asked.length).toBe(count);
    if (version === '14') expect(await as('sam', 'sam-password', { ssl: false })).toHaveLength(1);
    else await expect(as('sam', 'sam-password', { ssl: false })).rejects.toMatchObject({ code: '28000' });
  });

  it('knows of a membership at once, and of its end', async () => {
    await sql(engine(), 'grant rds_iam to sam', tls());
    await expect(as('sam', 'sam-password')).rejects.toMatchObject({ code: '28000' });
    expect(await as('sam', 'sam/mas')).toHaveLength(1);
    await sql(engine(), 'revoke rds_iam from sam', tls());
    expect(await as('sam', 'sam-password')).toHaveLength(1);
    // By way of another role, as RDS knows it too.
    await sql(engine(), 'create role readers; grant rds_iam to readers; grant readers to sam', tls());
    await expect(as('sam', 'sam-password')).rejects.toMatchObject({ code: '28000' });
    await sql(engine(), 'drop role readers', tls());
  });

  it('gives a token login no way to become somebody else', async () => {
    const client = new Client({
      ...engine().place,
      ...tls(),
      user: 'jane',
      password: 'jane/enaj',
      database: 'app',
    });
    await client.connect();
    await expect(client.query('set session authorization master')).rejects.toMatchObject({ code: '42501' });
    await client.query('reset session authorization');
    expect((await client.query('select session_user as me')).rows).toEqual([{ me: 'jane' }]);
    await client.end();
  });

  it('passes cancel requests and large answers', async () => {
    const client = new Client({
      ...engine().place,
      ...tls(),
      user: 'jane',
      password: 'jane/enaj',
      database: 'app',
    });
    await client.connect();
    const { processID, secretKey } = client as unknown as { processID: number; secretKey: number };
    const sleeping = client.query('select pg_sleep(600)').catch((error: unknown) => error);
    const request = Buffer.alloc(16);
    [16, 80_877_102, processID, secretKey].forEach((value, index) => request.writeInt32BE(value, index * 4));
    await expect
      .poll(
        async () =>
          (await sql(engine(), "select 1 from pg_stat_activity where wait_event = 'PgSleep'", tls())).length,
      )
      .toBe(1);
    const socket = connect(engine().place);
    socket.end(request);
    await once(socket, 'close');
    expect(await sleeping).toMatchObject({ code: '57014' });
    const { rows } = await client.query("select repeat('x', 5000000) as big");
    expect((rows[0] as { big: string }).big.length).toBe(5_000_000);
    await client.end();
  });

  it('ends what makes no sense, and goes on', async () => {
    const answers = async (bytes: Buffer) => {
      const socket = connect(engine().place);
      let text = '';
      socket.on('data', (chunk) => (text += chunk.toString('latin1')));
      socket.on('error', () => {});
      socket.write(bytes);
      await once(socket, 'close');
      return text;
    };
    const framed = (code: number, body: string) => {
      const head = Buffer.alloc(8);
      head.writeUInt32BE(8 + body.length);
      head.writeUInt32BE(code, 4);
      return Buffer.concat([head, Buffer.from(body)]);
    };
    const sslRequest = framed(80_877_103, '');
    expect(await answers(Buffer.from('GET / HTTP/1.1\r\n\r\n'))).toContain('08P01');
    expect(await answers(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0]))).toContain('08P01');
    expect(await answers(framed(196_608, 'user\0jane'))).toContain('08P01');
    expect(await answers(framed(196_608, 'database\0app\0\0'))).toContain('no PostgreSQL user name');
    expect(await answers(framed(131_072, 'user\0jane\0\0'))).toContain('08P01');
    // Bytes sent ahead of the handshake are not taken for encrypted ones.
    expect(await answers(Buffer.concat([sslRequest, framed(196_608, 'user\0jane\0\0')]))).toContain(
      'received unencrypted data after SSL request',
    );
    expect(await as('jane', 'jane/enaj')).toHaveLength(1);
  });

  it.skipIf(psql === undefined)('serves psql with every sslmode (skipped without psql)', async () => {
    const { host, port } = engine().place;
    // Not the blocking kind: the proxy is in this process.
    const run = async (mode: string, user: string, password: string) => {
      const words = ['-h', host, '-p', String(port), '-U', user, '-d', 'app', '-Atc', 'select current_user'];
      const env = { PATH: process.env['PATH'], PGPASSWORD: password, PGSSLMODE: mode, HOME: '/nonexistent' };
      return (await promisify(execFile)(psql!, words, { env })).stdout.trim();
    };
    expect(await run('require', 'jane', 'jane/enaj')).toBe('jane');
    expect(await run('prefer', 'sam', 'sam-password')).toBe('sam');
    expect(await run('prefer', 'jane', 'jane/enaj')).toBe('jane');
    await expect(run('disable', 'jane', 'jane/enaj')).rejects.toThrow('no encryption');
  });
});

describe('the check', () => {
  it('may come and go: without it the server takes no tokens, and its own door is open again', async () => {
    const engine = engines.get('14')!;
    const login = { ssl: { ca: test.caPem }, user: 'jane', password: 'jane/enaj' };
    await engine.setTokenCheck(undefined);
    await expect(sql(engine, 'select 1', login)).rejects.toMatchObject({ code: '28000' });
    expect(await sql(engine, 'select 1 as one')).toEqual([{ one: 1 }]);
    await engine.setTokenCheck(check);
    expect(await sql(engine, 'select 1 as one', login)).toEqual([{ one: 1 }]);
    await engine.stop();
    await engine.start();
    expect(await sql(engine, 'select 1 as one', login)).toEqual([{ one: 1 }]);
    await engine.setMasterPassword('second-password');
    expect(await sql(engine, 'select 1 as one', { password: 'second-password' })).toEqual([{ one: 1 }]);
  });
});
