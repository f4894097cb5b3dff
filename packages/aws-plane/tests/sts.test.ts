// STS through the SDK's client: who may assume which role, for how long, and what AWS says when not.
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  GetAccessKeyInfoCommand,
  GetCallerIdentityCommand,
} from '@aws-sdk/client-sts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fakeClock } from '@pergola/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  account,
  adminKey,
  guestKey,
  policyOf,
  refusalOf,
  rootKey,
  secretAccessKey,
  startTestPlane,
  type TestPlane,
} from './plane.ts';

/** Near the real time: the SDK corrects its own clock by the Date header of answers. */
const clock = fakeClock(Math.floor(Date.now() / 1000) * 1000);
const systemClockOffset = () => clock.nowMs() - Date.now();
let plane: TestPlane;
beforeAll(async () => {
  plane = await startTestPlane({ clock });
});
afterAll(() => plane[Symbol.asyncDispose]());

/** Clients sign with the plane's time. */
const sts = (accessKeyId = adminKey, sessionToken?: string, secret = secretAccessKey) =>
  plane.sts({
    credentials: { accessKeyId, secretAccessKey: secret, ...(sessionToken ? { sessionToken } : {}) },
    systemClockOffset: systemClockOffset(),
  });
const trusting = (principal: object, more: object = {}) => [
  {
    Effect: 'Allow',
    Principal: principal,
    Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
    ...more,
  },
];
const trustingAccount = trusting({ AWS: `arn:aws:iam::${account}:root` });

async function assume(RoleArn: string, input: Partial<AssumeRoleCommandInput> = {}, client = sts()) {
  const answer = await client.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test', ...input }));
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = answer.Credentials ?? {};
  return {
    ...answer,
    client: sts(AccessKeyId, SessionToken, SecretAccessKey),
    AccessKeyId,
    SecretAccessKey,
    SessionToken,
  };
}

describe('GetCallerIdentity', () => {
  it('names users and the root', async () => {
    expect(await sts().send(new GetCallerIdentityCommand())).toMatchObject({
      Account: account,
      Arn: `arn:aws:iam::${account}:user/admin`,
      UserId: 'AIDAadmin',
    });
    expect(await sts(rootKey).send(new GetCallerIdentityCommand())).toMatchObject({
      Arn: `arn:aws:iam::${account}:root`,
      UserId: account,
    });
  });

  it('needs no permission', async () => {
    const identity = await sts(guestKey).send(new GetCallerIdentityCommand());
    expect(identity.Arn).toBe(`arn:aws:iam::${account}:user/guest`);
  });
});

describe('AssumeRole', () => {
  it('gives a session of the role', async () => {
    const arn = plane.directory.addRole('app', trustingAccount);
    const assumed = await assume(arn, { RoleSessionName: 'me@work' });
    expect(assumed.AssumedRoleUser).toEqual({
      AssumedRoleId: 'AROAAPP00000000000000:me@work',
      Arn: `arn:aws:sts::${account}:assumed-role/app/me@work`,
    });
    expect(assumed.Credentials?.Expiration).toEqual(new Date(clock.nowMs() + 3_600_000));
    expect(assumed.AccessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(assumed.SecretAccessKey).toHaveLength(40);
    expect(await assumed.client.send(new GetCallerIdentityCommand())).toMatchObject({
      Arn: `arn:aws:sts::${account}:assumed-role/app/me@work`,
      UserId: 'AROAAPP00000000000000:me@work',
    });
  });

  it('is denied by a trust policy that names someone else, and for a role that does not exist', async () => {
    const arn = plane.directory.addRole('other', trusting({ AWS: `arn:aws:iam::${account}:user/someone` }));
    expect(await refusalOf(assume(arn))).toMatchObject({
      code: 'AccessDenied',
      status: 403,
      message: `User: arn:aws:iam::${account}:user/admin is not authorized to perform: sts:AssumeRole on resource: ${arn} because no role trust policy allows the sts:AssumeRole action`,
    });
    const missing = `arn:aws:iam::${account}:role/missing`;
    const refusal = await refusalOf(assume(missing));
    expect(refusal).toMatchObject({ code: 'AccessDenied', status: 403 });
    const step = plane.records.find(refusal.requestId)?.steps.find((each) => each.outcome === 'failed');
    expect(step).toMatchObject({ check: 'sts.role', link: 'R7' });
  });

  it('knows a role by its whole ARN only', async () => {
    plane.directory.addRole('placed', trustingAccount, [], {
      arn: `arn:aws:iam::${account}:role/team/placed`,
    });
    const wrong = await refusalOf(assume(`arn:aws:iam::${account}:role/placed`));
    expect(wrong).toMatchObject({ code: 'AccessDenied', status: 403 });
    const steps = plane.records.find(wrong.requestId)?.steps ?? [];
    expect(steps.find((each) => each.outcome === 'failed')?.fix).toBe(
      `use arn:aws:iam::${account}:role/team/placed`,
    );
    expect((await assume(`arn:aws:iam::${account}:role/team/placed`)).AccessKeyId).toMatch(/^ASIA/);
  });

  it('needs an identity policy where the trust policy names only the account', async () => {
    const arn = plane.directory.addRole('delegated', trustingAccount);
    expect(await refusalOf(assume(arn, {}, sts(guestKey)))).toMatchObject({
      code: 'AccessDenied',
      message: expect.stringContaining('because no identity-based policy allows the sts:AssumeRole action'),
    });
    const named = plane.directory.addRole('named', trusting({ AWS: `arn:aws:iam::${account}:user/guest` }));
    expect((await assume(named, {}, sts(guestKey))).AccessKeyId).toMatch(/^ASIA/);
  });

  it('checks the external id, and lets nobody in as root', async () => {
    const condition = { Condition: { StringEquals: { 'sts:ExternalId': 'secret-handshake' } } };
    const arn = plane.directory.addRole(
      'external',
      trusting({ AWS: `arn:aws:iam::${account}:root` }, condition),
    );
    expect(await refusalOf(assume(arn))).toMatchObject({ code: 'AccessDenied' });
    expect((await assume(arn, { ExternalId: 'secret-handshake' })).AccessKeyId).toMatch(/^ASIA/);
    expect(await refusalOf(assume(arn, {}, sts(rootKey)))).toMatchObject({
      code: 'AccessDenied',
      message: 'Roles may not be assumed by root accounts.',
    });
    expect(
      await refusalOf(assume(arn, { SerialNumber: 'arn:aws:iam::1:mfa/x', TokenCode: '123456' })),
    ).toMatchObject({
      code: 'AccessDenied',
      message: expect.stringContaining('MultiFactorAuthentication failed'),
    });
  });

  it('holds sessions to the role maximum, and chained ones to an hour', async () => {
    const arn = plane.directory.addRole('long', trustingAccount, [], { maxSessionDurationSeconds: 7200 });
    const refusal = await refusalOf(assume(arn, { DurationSeconds: 7201 }));
    expect(refusal).toMatchObject({
      code: 'ValidationError',
      status: 400,
      message: 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    });
    expect(plane.records.find(refusal.requestId)?.steps.at(-1)).toMatchObject({
      link: 'R8',
      outcome: 'failed',
    });
    const first = await assume(arn, { DurationSeconds: 7200 });
    expect(first.Credentials?.Expiration).toEqual(new Date(clock.nowMs() + 7_200_000));
    plane.directory.rolePolicies.set('long', [
      policyOf('inline:all', [{ Effect: 'Allow', Action: '*', Resource: '*' }]),
    ]);
    expect(await refusalOf(assume(arn, { DurationSeconds: 3601 }, first.client))).toMatchObject({
      code: 'ValidationError',
      message:
        'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    });
    expect((await assume(arn, {}, first.client)).AccessKeyId).toMatch(/^ASIA/);
  });

  it('binds a session to its policies: inline, managed, and neither more than the role has', async () => {
    const allow = (Action: string) => [{ Effect: 'Allow', Action, Resource: '*' }];
    const arn = plane.directory.addRole('scoped', trustingAccount, allow('sts:GetAccessKeyInfo'));
    const info = new GetAccessKeyInfoCommand({ AccessKeyId: adminKey });
    expect((await (await assume(arn)).client.send(info)).Account).toBe(account);
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: allow('s3:*') });
    const inline = await assume(arn, { Policy });
    expect(inline.PackedPolicySize).toBeGreaterThan(0);
    expect(await refusalOf(inline.client.send(info))).toMatchObject({
      code: 'AccessDenied',
      message: expect.stringContaining('because no session policy allows the sts:GetAccessKeyInfo action'),
    });
    const managed = 'arn:aws:iam::aws:policy/Some';
    expect(await refusalOf(assume(arn, { PolicyArns: [{ arn: managed }] }))).toMatchObject({
      code: 'ValidationError',
    });
    plane.directory.managed.set(managed, policyOf(managed, allow('sts:*')));
    const both = await assume(arn, { Policy, PolicyArns: [{ arn: managed }] });
    expect((await both.client.send(info)).Account).toBe(account);
    plane.directory.managed.delete(managed);
    expect(await refusalOf(both.client.send(info))).toMatchObject({ code: 'AccessDenied' });
    expect(await refusalOf(assume(arn, { Policy: '{not json' }))).toMatchObject({
      code: 'MalformedPolicyDocument',
      status: 400,
    });
  });

  it('holds users and sessions to their permissions boundaries', async () => {
    const allow = (Action: string) => [{ Effect: 'Allow', Action, Resource: '*' }];
    const arn = plane.directory.addRole('bounded', trustingAccount, allow('*'));
    const info = new GetAccessKeyInfoCommand({ AccessKeyId: adminKey });
    const { client } = await assume(arn);
    await client.send(info);
    plane.directory.boundaries.set('bounded', policyOf('boundary', allow('s3:*')));
    const refusal = {
      code: 'AccessDenied',
      message: expect.stringContaining(
        'because no permissions boundary allows the sts:GetAccessKeyInfo action',
      ),
    };
    expect(await refusalOf(client.send(info))).toMatchObject(refusal);
    plane.directory.boundaries.set('admin', policyOf('boundary', allow('s3:*')));
    expect(await refusalOf(sts().send(info))).toMatchObject(refusal);
    plane.directory.boundaries.clear();
  });

  it('carries tags into conditions, and transitive ones through chains', async () => {
    const onTeam = { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'blue' } } };
    const Action = ['sts:GetAccessKeyInfo', 'sts:AssumeRole', 'sts:TagSession'];
    const allowed = [{ Effect: 'Allow', Action, Resource: '*', ...onTeam }];
    const arn = plane.directory.addRole('tagged', trustingAccount, allowed);
    const info = new GetAccessKeyInfoCommand({ AccessKeyId: adminKey });
    expect(await refusalOf((await assume(arn)).client.send(info))).toMatchObject({ code: 'AccessDenied' });
    const Tags = [{ Key: 'team', Value: 'blue' }];
    const first = await assume(arn, { Tags, TransitiveTagKeys: ['team'] });
    expect((await first.client.send(info)).Account).toBe(account);
    const second = await assume(arn, {}, first.client);
    expect((await second.client.send(info)).Account).toBe(account);
    expect(await refusalOf(assume(arn, { Tags }, second.client))).toMatchObject({
      code: 'InvalidParameterValue',
    });
    expect(await refusalOf(assume(arn, { Tags: [...Tags, { Key: 'TEAM', Value: 'x' }] }))).toMatchObject({
      code: 'InvalidParameterValue',
    });
  });

  it('lets nobody talk his way out of inherited tags or of who he is', async () => {
    const allowed = [
      { Effect: 'Allow', Action: 'sts:*', Resource: '*' },
      {
        Effect: 'Deny',
        Action: 'sts:GetAccessKeyInfo',
        Resource: '*',
        Condition: { StringNotEquals: { 'aws:PrincipalTag/team': 'blue' } },
      },
    ];
    const arn = plane.directory.addRole('chained', trustingAccount, allowed, { tags: { team: 'blue' } });
    const info = new GetAccessKeyInfoCommand({ AccessKeyId: adminKey });
    const first = await assume(arn, {
      Tags: [{ Key: 'Team', Value: 'red' }],
      TransitiveTagKeys: ['Team'],
      SourceIdentity: 'ann',
    });
    // The session's tag takes the place of the role's, though written otherwise.
    expect(await refusalOf(first.client.send(info))).toMatchObject({ code: 'AccessDenied' });
    const blue = { Tags: [{ Key: 'team', Value: 'blue' }] };
    expect(await refusalOf(assume(arn, blue, first.client))).toMatchObject({ code: 'InvalidParameterValue' });
    expect(await refusalOf(assume(arn, { SourceIdentity: 'bob' }, first.client))).toMatchObject({
      code: 'AccessDenied',
    });
    const second = await assume(arn, {}, first.client);
    expect(second.SourceIdentity).toBe('ann');
    expect(await refusalOf(second.client.send(info))).toMatchObject({ code: 'AccessDenied' });
    const strict = trusting({ AWS: `arn:aws:iam::${account}:root` }, { Action: 'sts:AssumeRole' });
    const bare = plane.directory.addRole('bare', strict);
    expect(await refusalOf(assume(bare, {}, first.client))).toMatchObject({
      code: 'AccessDenied',
      message: expect.stringContaining('sts:TagSession'),
    });
  });

  it('gives nothing to the sessions of a role that was made anew', async () => {
    const allow = [{ Effect: 'Allow', Action: '*', Resource: '*' }];
    const arn = plane.directory.addRole('reborn', trustingAccount, allow);
    const { client } = await assume(arn);
    plane.directory.addRole('reborn', trustingAccount, allow, { roleId: 'AROANEW00000000000000' });
    expect(
      await refusalOf(client.send(new GetAccessKeyInfoCommand({ AccessKeyId: adminKey }))),
    ).toMatchObject({
      code: 'AccessDenied',
    });
  });

  it('says what is wrong with a request', async () => {
    expect(await refusalOf(assume('arn:aws:iam::123456789012:user/not-a-role'))).toMatchObject({
      code: 'ValidationError',
      status: 400,
      message: 'arn:aws:iam::123456789012:user/not-a-role is invalid',
    });
  });
});

describe('sessions', () => {
  it('end on the second, and are refused in AWS words', async () => {
    const arn = plane.directory.addRole('brief', trustingAccount);
    const { AccessKeyId, SessionToken, SecretAccessKey } = await assume(arn, { DurationSeconds: 900 });
    const call = () => sts(AccessKeyId, SessionToken, SecretAccessKey).send(new GetCallerIdentityCommand());
    clock.advance(899_999);
    expect((await call()).Account).toBe(account);
    clock.advance(1);
    expect(await refusalOf(call())).toMatchObject({
      code: 'ExpiredToken',
      status: 403,
      message: 'The security token included in the request is expired',
    });
  });

  it('need their own token, whole and unchanged', async () => {
    const arn = plane.directory.addRole('sealed', trustingAccount);
    const one = await assume(arn);
    const two = await assume(arn);
    const invalid = {
      code: 'InvalidClientTokenId',
      status: 403,
      message: 'The security token included in the request is invalid.',
    };
    const call = (token?: string) =>
      refusalOf(sts(one.AccessKeyId, token, one.SecretAccessKey).send(new GetCallerIdentityCommand()));
    expect(await call()).toMatchObject(invalid);
    expect(await call(two.SessionToken)).toMatchObject(invalid);
    const at = 40;
    const flipped =
      one.SessionToken.slice(0, at) +
      (one.SessionToken[at] === 'A' ? 'B' : 'A') +
      one.SessionToken.slice(at + 1);
    expect(await call(flipped)).toMatchObject(invalid);
    expect(await call(`${one.SessionToken}\n`.trim().replace(/=*$/, '') + '=====')).toMatchObject(invalid);
    expect(await call('x')).toMatchObject(invalid);
  });

  it('outlive a restart of the plane', async () => {
    const path = mkdtempSync(join(tmpdir(), 'pergola-restart-'));
    try {
      const before = await startTestPlane({ path, clock });
      const RoleArn = before.directory.addRole('app', trustingAccount);
      const options = { systemClockOffset: systemClockOffset() };
      const { Credentials } = await before
        .sts(options)
        .send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test' }));
      await before[Symbol.asyncDispose]();
      await using after = await startTestPlane({ path, clock });
      const credentials = {
        accessKeyId: Credentials?.AccessKeyId ?? '',
        secretAccessKey: Credentials?.SecretAccessKey ?? '',
        sessionToken: Credentials?.SessionToken ?? '',
      };
      const identity = await after.sts({ ...options, credentials }).send(new GetCallerIdentityCommand());
      expect(identity.Arn).toBe(`arn:aws:sts::${account}:assumed-role/app/test`);
    } finally {
      rmSync(path, { recursive: true, force: true });
    }
  });

  it('tell their account by their key id', async () => {
    const { AccessKeyId } = await assume(plane.directory.addRole('id', trustingAccount));
    expect((await sts().send(new GetAccessKeyInfoCommand({ AccessKeyId }))).Account).toBe(account);
    expect(
      await refusalOf(sts().send(new GetAccessKeyInfoCommand({ AccessKeyId: 'AKIANOSUCHKEY0000000' }))),
    ).toMatchObject({ code: 'ValidationError' });
  });
});
