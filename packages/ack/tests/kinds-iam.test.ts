// Kinds of IAM: their whole life on the real service.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AwsCall, JsonObject, Kind } from '../src/kind/kind.ts';
import { account, kindNamed, leftOver, settle, startTestAws, type TestAws, want } from './kind-life.ts';

let aws: TestAws;
const kinds = new Map<string, Kind>();

beforeAll(async () => {
  aws = await startTestAws();
  for (const name of ['Role', 'Policy', 'User', 'Group', 'InstanceProfile', 'OpenIDConnectProvider']) {
    kinds.set(name, await kindNamed('iam', name));
  }
});
afterAll(() => aws[Symbol.asyncDispose]());

function of(name: string): { kind: Kind; call: ReturnType<TestAws['callOf']> } {
  const kind = kinds.get(name);
  if (!kind) throw new Error(name);
  return { kind, call: aws.callOf(kind) };
}

function documentOf(...statements: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

const trust = documentOf({
  Effect: 'Allow',
  Principal: { Service: 'ec2.amazonaws.com' },
  Action: 'sts:AssumeRole',
});
const read = documentOf({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' });
const readOnly = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const s3Read = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess';

test('a role gets its policies, and a second application changes nothing', async () => {
  const { kind, call } = of('Role');
  const spec: JsonObject = {
    name: 'app',
    assumeRolePolicyDocument: trust,
    description: 'of the app',
    policies: [readOnly],
    inlinePolicies: { 'read.objects': read },
    tags: [{ key: 'team', value: 'web' }],
  };
  const observed = await settle(kind, call, want(spec));
  expect(observed.arn).toBe(`arn:aws:iam::${account}:role/app`);
  expect(observed.spec['policies']).toEqual([readOnly]);
  expect(observed.spec['inlinePolicies']).toEqual({ 'read.objects': read });
  expect(observed.status['roleID']).toMatch(/^AROA/);
  expect(await leftOver(kind, call, want(spec))).toEqual([]);

  const other = documentOf({ Effect: 'Allow', Action: ['s3:PutObject'], Resource: ['*'] });
  const changed = {
    ...spec,
    description: 'another',
    maxSessionDuration: 7200,
    policies: [s3Read],
    inlinePolicies: { write: other },
    tags: [{ key: 'team', value: 'api' }],
  };
  aws.calls.length = 0;
  await settle(kind, call, want(changed));
  expect(aws.writes()).toEqual([
    'UpdateRole',
    'PutRolePolicy',
    'DeleteRolePolicy',
    'AttachRolePolicy',
    'DetachRolePolicy',
    'TagRole',
  ]);
  expect(await leftOver(kind, call, want(changed))).toEqual([]);
});

test('documents are compared by what they mean', async () => {
  const { kind, call } = of('Role');
  await settle(kind, call, want({ name: 'meaning', assumeRolePolicyDocument: trust }));
  const same = `{ "Statement": {"Action": ["sts:AssumeRole"], "Effect": "Allow",
    "Principal": {"Service": ["ec2.amazonaws.com"]}}, "Version": "2012-10-17" }`;
  expect(await leftOver(kind, call, want({ name: 'meaning', assumeRolePolicyDocument: same }))).toEqual([]);
  const other = trust.replace('ec2', 'lambda');
  const wanted = want({ name: 'meaning', assumeRolePolicyDocument: other });
  aws.calls.length = 0;
  await settle(kind, call, wanted);
  expect(aws.writes()).toEqual(['UpdateAssumeRolePolicy']);
  expect(await leftOver(kind, call, wanted)).toEqual([]);
});

test('what a change does not mention of a role stays', async () => {
  const { kind, call } = of('Role');
  await settle(
    kind,
    call,
    want({ name: 'stays', assumeRolePolicyDocument: trust, description: 'kept', maxSessionDuration: 7200 }),
  );
  const observed = await settle(
    kind,
    call,
    want({ name: 'stays', assumeRolePolicyDocument: trust, maxSessionDuration: 3600 }),
  );
  expect(observed.spec).toMatchObject({ description: 'kept', maxSessionDuration: 3600 });
});

test('a boundary is set and taken away', async () => {
  const { kind, call } = of('Role');
  const spec = { name: 'bound', assumeRolePolicyDocument: trust, permissionsBoundary: readOnly };
  await settle(kind, call, want(spec));
  expect(await leftOver(kind, call, want(spec))).toEqual([]);
  const without = want({ ...spec, permissionsBoundary: '' });
  const observed = await settle(kind, call, without);
  expect(observed.spec['permissionsBoundary']).toBeUndefined();
});

test('a role is deleted with all that is attached to it', async () => {
  const { kind, call } = of('Role');
  const spec = {
    name: 'doomed',
    assumeRolePolicyDocument: trust,
    policies: [readOnly],
    inlinePolicies: { read },
  };
  const observed = await settle(kind, call, want(spec));
  await kind.remove(call, want(spec), observed);
  expect(await kind.read(call, want(spec))).toBeUndefined();
});

test('a policy changes by versions, of which the oldest goes', async () => {
  const { kind, call } = of('Policy');
  const documentFor = (action: string) => documentOf({ Effect: 'Allow', Action: action, Resource: '*' });
  const specFor = (action: string) => want({ name: 'versions', policyDocument: documentFor(action) });
  const observed = await settle(kind, call, specFor('s3:Get1'));
  expect(observed.arn).toBe(`arn:aws:iam::${account}:policy/versions`);
  for (const number of [2, 3, 4, 5, 6, 7]) {
    await settle(kind, call, specFor(`s3:Get${number}`));
    expect(await leftOver(kind, call, specFor(`s3:Get${number}`))).toEqual([]);
  }
  const { Versions } = await call('ListPolicyVersions', { PolicyArn: observed.arn });
  expect((Versions as { VersionId: string }[]).map(({ VersionId }) => VersionId).toSorted()).toEqual([
    'v3',
    'v4',
    'v5',
    'v6',
    'v7',
  ]);
  const wanted = specFor('s3:Get7');
  const last = await kind.read(call, wanted);
  if (last) await kind.remove(call, wanted, last);
  expect(await kind.read(call, wanted)).toBeUndefined();
});

test('a policy is found by its ARN as well', async () => {
  const { kind, call } = of('Policy');
  const { arn } = await settle(kind, call, want({ name: 'adopted', path: '/team/', policyDocument: read }));
  const wanted = want({}, kind.identify({ arn: arn ?? '' }));
  expect(await kind.read(call, wanted)).toMatchObject({ spec: { name: 'adopted', path: '/team/' } });
  expect(kind.lateInitialized({}, { spec: { path: '/team/' }, status: {}, arn })).toEqual({ path: '/team/' });
});

test('a user and a group', async () => {
  for (const name of ['User', 'Group']) {
    const { kind, call } = of(name);
    const spec = { name: 'people', path: '/a/', policies: [readOnly], inlinePolicies: { read } };
    await settle(kind, call, want(spec));
    expect(await leftOver(kind, call, want(spec))).toEqual([]);
    const changed = want({ ...spec, path: '/b/', policies: [] });
    await settle(kind, call, changed);
    expect(await leftOver(kind, call, changed)).toEqual([]);
    const observed = await kind.read(call, changed);
    expect(observed?.spec).toMatchObject({ path: '/b/' });
    expect(observed?.spec['policies']).toBeUndefined();
    if (observed) await kind.remove(call, changed, observed);
    expect(await kind.read(call, changed)).toBeUndefined();
  }
});

test('an instance profile changes its role', async () => {
  const { kind } = of('InstanceProfile');
  let roles: string[] = [];
  const writes: string[] = [];
  const call: AwsCall = (operation, input) => {
    if (operation === 'AddRoleToInstanceProfile') roles = [...roles, String(input['RoleName'])];
    if (operation === 'RemoveRoleFromInstanceProfile') roles = [];
    if (!operation.startsWith('Get')) writes.push(operation);
    const Roles = roles.map((RoleName) => ({ RoleName }));
    return Promise.resolve({ InstanceProfile: { InstanceProfileName: 'profile', Path: '/', Roles } });
  };
  await settle(kind, call, want({ name: 'profile', role: 'one' }, { defaultTags: {} }));
  const observed = await settle(kind, call, want({ name: 'profile', role: 'two' }, { defaultTags: {} }));
  expect(observed.spec['role']).toBe('two');
  await kind.remove(call, want({ name: 'profile' }), observed);
  expect(writes).toEqual([
    'AddRoleToInstanceProfile',
    'RemoveRoleFromInstanceProfile',
    'AddRoleToInstanceProfile',
    'RemoveRoleFromInstanceProfile',
    'DeleteInstanceProfile',
  ]);
});

test('a provider of tokens', async () => {
  const { kind, call } = of('OpenIDConnectProvider');
  const spec = {
    url: 'https://issuer.example.com/cluster',
    clientIDList: ['sts.amazonaws.com'],
    thumbprintList: ['A'.repeat(40)],
  };
  const observed = await settle(kind, call, want(spec));
  expect(observed.arn).toBe(`arn:aws:iam::${account}:oidc-provider/issuer.example.com/cluster`);
  expect(await leftOver(kind, call, want(spec))).toEqual([]);
  const changed = want({ ...spec, clientIDList: ['openshift'], thumbprintList: ['b'.repeat(40)] });
  await settle(kind, call, changed);
  expect(await leftOver(kind, call, changed)).toEqual([]);
  await kind.remove(call, changed, observed);
  expect(await kind.read(call, changed)).toBeUndefined();
});

test('errors that no repetition mends are known', async () => {
  const { kind, call } = of('Role');
  const refused = kind.create(call, want({ name: 'bad', assumeRolePolicyDocument: '{"Statement": 1}' }));
  await expect(refused).rejects.toSatisfy((error) => kind.isTerminal(error));
});
