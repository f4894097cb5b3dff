// Sessions from STS: of a token file that changes, and of a role behind a role.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fakeClock, seededRandom } from '@pergola/kernel';
import { expect, test } from 'vitest';
import {
  assumedRoleCredentials,
  environmentCredentials,
  fixedCredentials,
  providedCredentials,
  tokenFileReader,
  webIdentityCredentials,
} from '../src/index.ts';
import { answer, startEndpoint } from './http-endpoint.ts';

const session = (name: string, expiration: string) =>
  answer(
    200,
    `<R><Credentials><AccessKeyId>${name}</AccessKeyId><SecretAccessKey>s/+=</SecretAccessKey><SessionToken>t&amp;t</SessionToken><Expiration>${expiration}</Expiration></Credentials></R>`,
  );

function contextOf(endpoint: string) {
  const clock = fakeClock(Date.parse('2026-11-27T00:00:00Z'));
  const env = { AWS_ENDPOINT_URL_STS: endpoint };
  return { clock, random: seededRandom(), env, region: 'us-east-1' };
}

const formOf = (body: Buffer | undefined) => Object.fromEntries(new URLSearchParams(body?.toString()));

test('a web identity is read anew for each session, and sent unsigned', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pergola-token-'));
  const path = join(folder, 'token');
  await using sts = await startEndpoint(
    session('ONE', '2026-11-27T01:00:00Z'),
    session('TWO', '2026-11-27T02:00:00Z'),
  );
  const context = contextOf(sts.url);
  const env = {
    AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/r',
    AWS_WEB_IDENTITY_TOKEN_FILE: path,
    AWS_ROLE_SESSION_NAME: 'me',
  };
  const source = environmentCredentials(context, env);
  await expect(source?.get()).rejects.toMatchObject({ code: 'TokenUnreadable', status: 0 });
  await writeFile(path, 'first\n');
  expect(await source?.get()).toEqual({
    accessKeyId: 'ONE',
    secretAccessKey: 's/+=',
    sessionToken: 't&t',
    expiresAtMs: Date.parse('2026-11-27T01:00:00Z'),
  });
  await writeFile(path, 'second');
  source?.invalidate();
  expect((await source?.get())?.accessKeyId).toBe('TWO');
  expect(sts.seen.map(({ body }) => formOf(body))).toMatchObject([
    { Action: 'AssumeRoleWithWebIdentity', WebIdentityToken: 'first', RoleSessionName: 'me' },
    { Action: 'AssumeRoleWithWebIdentity', WebIdentityToken: 'second' },
  ]);
  expect(sts.seen[0]?.headers['authorization']).toBeUndefined();
  await rm(folder, { recursive: true });
});

test('a role behind a role is assumed with the first one’s session and its external id', async () => {
  await using sts = await startEndpoint(session('CHAINED', '2026-11-27T01:00:00Z'));
  const source = assumedRoleCredentials(contextOf(sts.url), {
    source: fixedCredentials({ accessKeyId: 'FIRST', secretAccessKey: 'x', sessionToken: 'tok' }),
    roleArn: 'arn:aws:iam::999999999999:role/far',
    sessionName: 'output-cw',
    externalId: 'ext',
    durationSeconds: 900,
  });
  expect((await source.get()).accessKeyId).toBe('CHAINED');
  expect(formOf(sts.seen[0]?.body)).toMatchObject({
    Action: 'AssumeRole',
    RoleArn: 'arn:aws:iam::999999999999:role/far',
    ExternalId: 'ext',
    DurationSeconds: '900',
  });
  expect(sts.seen[0]?.headers).toMatchObject({
    'x-amz-security-token': 'tok',
    authorization: expect.stringContaining('Credential=FIRST/') as string,
  });
});

test('an answer without credentials and a refusal are errors', async () => {
  const refusal =
    '<E><Error><Code>AccessDenied</Code><Message>Not authorized to perform sts:AssumeRoleWithWebIdentity</Message></Error></E>';
  await using sts = await startEndpoint(answer(200, '<R/>'), answer(403, refusal));
  const source = webIdentityCredentials(contextOf(sts.url), {
    roleArn: 'r',
    sessionName: 's',
    readToken: async () => 'token',
  });
  await expect(source.get()).rejects.toMatchObject({ code: 'InvalidAnswer' });
  await expect(source.get()).rejects.toMatchObject({ code: 'AccessDenied', status: 403 });
  const empty = { roleArn: 'r', sessionName: 's', readToken: async () => ' \n' };
  await expect(webIdentityCredentials(contextOf(sts.url), empty).get()).rejects.toMatchObject({
    code: 'TokenUnreadable',
  });
  await expect(tokenFileReader('/nowhere/token')()).rejects.toThrow('cannot read the web identity token');
});

test('keys in the environment win; nothing there is nothing', async () => {
  const context = contextOf('http://127.0.0.1:1');
  expect(environmentCredentials(context, {})).toBeUndefined();
  const keys = { AWS_ACCESS_KEY_ID: 'A', AWS_SECRET_ACCESS_KEY: 'B', AWS_ROLE_ARN: 'r' };
  expect(await environmentCredentials(context, keys)?.get()).toMatchObject({ accessKeyId: 'A' });
});

test('a provider of the SDK is asked again before its credentials end', async () => {
  const { clock, random } = contextOf('');
  let asked = 0;
  const source = providedCredentials(
    async () => ({
      accessKeyId: `K${++asked}`,
      secretAccessKey: 's',
      expiration: new Date(clock.nowMs() + 60_000),
    }),
    { clock, random },
  );
  expect((await source.get()).accessKeyId).toBe('K1');
  clock.advance(59_000);
  expect((await source.get()).accessKeyId).toBe('K2');
});
