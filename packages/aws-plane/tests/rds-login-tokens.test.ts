import { CreateDBInstanceCommand, ModifyDBInstanceCommand, type RDSClient } from '@aws-sdk/client-rds';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeEngines, fakeEngines } from './fake-engines.ts';
import { account, guestKey, policyOf } from './plane.ts';
import { type TokenOptions, tokenFor } from './login-token.ts';
import { postgres, type RdsPlane, startRdsPlane, waitFor } from './rds-plane.ts';

let engines: FakeEngines;
let plane: RdsPlane;
let client: RDSClient;
let resourceId: string;
beforeEach(async () => {
  engines = fakeEngines();
  plane = await startRdsPlane({ engines });
  client = plane.client();
  await client.send(new CreateDBInstanceCommand({ ...postgres, EnableIAMDatabaseAuthentication: true }));
  resourceId = (await waitFor(client, 'orders', 'available')).DbiResourceId ?? '';
});
afterEach(() => plane[Symbol.asyncDispose]());

async function login(token: string, user = 'app') {
  const [database] = engines.databases.values();
  if (!database?.tokenCheck) throw new Error('the server takes no tokens');
  return await database.tokenCheck({ user, token });
}

describe('a login token', () => {
  it('lets in whom policies allow to connect, and is on record', async () => {
    expect(await login(await tokenFor())).toMatchObject({ allowed: true });
    const [record] = plane.test.records.list({ limit: 1 });
    expect(record).toMatchObject({
      service: 'rds-db',
      operation: 'connect',
      principal: `arn:aws:iam::${account}:user/admin`,
      resources: [`arn:aws:rds-db:us-east-1:${account}:dbuser:${resourceId}/app`],
      status: 200,
    });
  });

  it('needs a policy for that very user of that very database', async () => {
    const allow = (user: string) => {
      const Resource = `arn:aws:rds-db:us-east-1:${account}:dbuser:${resourceId}/${user}`;
      plane.test.directory.userPolicies.set('guest', [
        policyOf('connect', [{ Effect: 'Allow', Action: 'rds-db:connect', Resource }]),
      ]);
    };
    const token = await tokenFor({ key: guestKey });
    expect(await login(token)).toMatchObject({
      allowed: false,
      because: expect.stringContaining('is not authorized to perform: rds-db:connect'),
    });
    allow('other');
    expect(await login(token)).toMatchObject({ allowed: false });
    allow('app');
    expect(await login(token)).toMatchObject({ allowed: true });
  });

  const bad: readonly (readonly [why: string, options: TokenOptions, because: string])[] = [
    ['signed with another secret', { secret: 'x'.repeat(40) }, 'signature'],
    ['of an unknown key', { key: 'AKIANOBODY0000000000' }, 'security token'],
    ['for another user', { user: 'root' }, 'not for DBUser=app'],
    ['for another port', { place: '127.0.0.1:5433' }, 'not for 127.0.0.1:5432'],
    ['for another host', { place: 'orders.example.com:5432' }, 'not for 127.0.0.1:5432'],
    ['for another region', { region: 'eu-west-1' }, 'eu-west-1'],
    ['for another service', { service: 'rds' }, 'rds-db'],
    ['that lives too long', { expiresIn: 3_600 }, '15 minutes'],
    ['from an hour ago', { at: new Date(Date.now() - 3_600_000) }, ''],
  ];
  it.each(bad)('%s does not let in', async (_, options, because) => {
    const answer = await login(await tokenFor(options));
    expect(answer.allowed).toBe(false);
    expect(answer.because).toContain(because);
    const [record] = plane.test.records.list({ limit: 1 });
    expect(record?.status).toBeGreaterThanOrEqual(400);
  });

  it('that is none does not let in', async () => {
    const valid = await tokenFor();
    const garbage = [
      '',
      'secret',
      'x'.repeat(20_000),
      'host/?Action=connect',
      `${valid}&DBUser=root`,
      `${valid}#x`,
    ];
    for (const token of garbage) expect(await login(token)).toMatchObject({ allowed: false });
  });

  it('is asked for no longer once that is switched off', async () => {
    const [database] = engines.databases.values();
    await client.send(
      new ModifyDBInstanceCommand({
        DBInstanceIdentifier: 'orders',
        EnableIAMDatabaseAuthentication: false,
        ApplyImmediately: true,
      }),
    );
    await waitFor(client, 'orders', 'available');
    expect(database?.tokenCheck).toBeUndefined();
  });
});
