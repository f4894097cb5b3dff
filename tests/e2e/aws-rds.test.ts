// A database for the clients that people have: the command line with its waiters, boto3 with its login tokens.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsEndpoint, startAwsEndpoint } from './aws-endpoint.ts';
import { because, findProgram, hasBoto3, run } from './clients.ts';

let endpoint: AwsEndpoint;
beforeAll(async () => {
  endpoint = await startAwsEndpoint({ engines: true });
});
afterAll(() => endpoint[Symbol.asyncDispose]());

const cli = findProgram('aws');
const title = `aws rds${cli ? '' : because('the AWS command line')}`;

/** The command line reaches RDS in us-east-1 by this flag only. */
async function aws(...words: readonly string[]): Promise<string> {
  const ran = await run(cli ?? '', ['--endpoint-url', endpoint.plane.url, 'rds', ...words], {
    env: endpoint.env,
  });
  expect(ran.code, `aws rds ${words.join(' ')}\n${ran.stderr}`).toBe(0);
  return ran.stdout;
}

interface Place {
  readonly Address: string;
  readonly Port: number;
}

async function placeOf(name: string): Promise<Place> {
  const words = ['--db-instance-identifier', name, '--query', 'DBInstances[0].Endpoint'];
  return JSON.parse(await aws('describe-db-instances', ...words)) as Place;
}

async function sql(place: Place, login: object, text: string): Promise<unknown[]> {
  const client = new Client({ host: place.Address, port: place.Port, database: 'app', ...login });
  client.on('error', () => {});
  try {
    await client.connect();
    return (await client.query(text)).rows as unknown[];
  } finally {
    await client.end().catch(() => {});
  }
}

const named = ['--db-instance-identifier', 'orders'];
const master = { user: 'shop', password: 'correct-horse' };

const loginToken = `
import boto3, sys
client = boto3.client("rds", endpoint_url=sys.argv[1])
print(client.generate_db_auth_token(DBHostname=sys.argv[2], Port=int(sys.argv[3]), DBUsername="app"))
`;

describe.skipIf(!cli)(title, () => {
  it('makes a database, waits for it, keeps a snapshot and deletes it', async () => {
    await aws(
      'create-db-instance',
      ...named,
      ...'--engine postgres --engine-version 14 --db-instance-class db.t3.micro --allocated-storage 20'.split(
        ' ',
      ),
      ...'--db-name app --enable-iam-database-authentication'.split(' '),
      '--master-username',
      master.user,
      '--master-user-password',
      master.password,
    );
    await aws('wait', 'db-instance-available', ...named);
    const place = await placeOf('orders');
    expect(await sql(place, master, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await aws('create-db-snapshot', ...named, '--db-snapshot-identifier', 'kept');
    await aws('wait', 'db-snapshot-available', '--db-snapshot-identifier', 'kept');
  });

  it.skipIf(!hasBoto3())(`takes tokens of boto3${hasBoto3() ? '' : because('boto3')}`, async () => {
    const place = await placeOf('orders');
    await sql(place, master, 'CREATE USER app; GRANT rds_iam TO app');
    const script = join(endpoint.folder, 'login-token.py');
    writeFileSync(script, loginToken);
    const words = [script, endpoint.plane.url, place.Address, String(place.Port)];
    const { stdout, stderr } = await run('python3', words, { env: endpoint.env });
    expect(stderr).toBe('');
    const login = { user: 'app', password: stdout.trim(), ssl: { rejectUnauthorized: false } };
    expect(await sql(place, login, 'SELECT current_user AS who')).toEqual([{ who: 'app' }]);
  });

  it('deletes it', async () => {
    await aws('delete-db-instance', ...named, '--skip-final-snapshot');
    await aws('wait', 'db-instance-deleted', ...named);
    expect(JSON.parse(await aws('describe-db-instances'))).toEqual({ DBInstances: [] });
    expect(endpoint.bugs).toEqual([]);
  });
});
