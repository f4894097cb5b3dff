// Roles of IAM through the real client: their life, their trust, their policies, tags and boundaries.
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DeleteUserCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListInstanceProfilesForRoleCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  ListRoleTagsCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
  UpdateRoleDescriptionCommand,
  UpdateUserCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { account, allow, arn, type IamPlane, policy, startIamPlane, trustOf } from './iam-plane.ts';
import { refusalOf } from './plane.ts';

let plane: IamPlane;
beforeAll(async () => {
  plane = await startIamPlane();
});
afterAll(() => plane[Symbol.asyncDispose]());

const make = (RoleName: string, more: object = {}) =>
  plane.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trustOf(), ...more }));
const get = async (RoleName: string) => (await plane.iam.send(new GetRoleCommand({ RoleName }))).Role!;
const trustShown = async (RoleName: string) =>
  JSON.parse(decodeURIComponent((await get(RoleName)).AssumeRolePolicyDocument!)) as {
    Statement: { Principal: { AWS: unknown } }[];
  };

describe('a role', () => {
  it('is made with all it is given and shown with all that clients read', async () => {
    const Tags = [
      { Key: 'b', Value: '' },
      { Key: 'a', Value: '1' },
    ];
    const trust = `{ "Version":"2012-10-17",\n "Statement":[{"Effect":"Allow","Principal":{"AWS":"${account}"},"Action":"sts:AssumeRole"}]}`;
    const { Role } = await make('whole', {
      Path: '/team/',
      Description: "it's (a) role*",
      MaxSessionDuration: 7200,
      AssumeRolePolicyDocument: trust,
      PermissionsBoundary: 'arn:aws:iam::aws:policy/PowerUserAccess',
      Tags,
    });
    expect(Role).toMatchObject({ Path: '/team/', RoleName: 'whole', Arn: arn('role/team/whole') });
    expect(Role?.RoleId).toMatch(/^AROA[A-Z2-7]{17}$/);
    expect(Role).not.toHaveProperty('RoleLastUsed');
    const shown = await get('WHOLE');
    expect(shown).toMatchObject({
      RoleId: Role?.RoleId,
      CreateDate: Role?.CreateDate,
      Description: "it's (a) role*",
      MaxSessionDuration: 7200,
      RoleLastUsed: {},
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '' },
      ],
      PermissionsBoundary: {
        PermissionsBoundaryType: 'PermissionsBoundaryPolicy',
        PermissionsBoundaryArn: 'arn:aws:iam::aws:policy/PowerUserAccess',
      },
    });
    expect(shown.AssumeRolePolicyDocument).not.toMatch(/[ "*{}!'()]/);
    expect(decodeURIComponent(shown.AssumeRolePolicyDocument!)).toBe(trust);
    expect(shown.CreateDate!.getTime() % 1000).toBe(0);
  });

  it('leaves out of the answer to its creation what was not given, as AWS does', async () => {
    expect((await make('plain')).Role).not.toHaveProperty('MaxSessionDuration');
    const shown = await get('plain');
    expect(shown.MaxSessionDuration).toBe(3600);
    for (const absent of ['Description', 'Tags', 'PermissionsBoundary'])
      expect(shown).not.toHaveProperty(absent);
  });

  it('has a name that no other has in any case of letters', async () => {
    await make('Twin');
    expect(await refusalOf(make('tWIN'))).toMatchObject({
      code: 'EntityAlreadyExists',
      status: 409,
      message: 'Role with name tWIN already exists.',
    });
  });

  it('is listed by path and page by page, without its details', async () => {
    for (const name of ['p1', 'p2', 'p3'])
      await make(name, { Path: '/pages/', Tags: [{ Key: 'k', Value: 'v' }] });
    const first = await plane.iam.send(new ListRolesCommand({ PathPrefix: '/pages/', MaxItems: 2 }));
    expect(first.Roles?.map((role) => role.RoleName)).toEqual(['p1', 'p2']);
    expect(first.Roles?.[0]).not.toHaveProperty('Tags');
    expect(first.Roles?.[0]).not.toHaveProperty('RoleLastUsed');
    expect(first.IsTruncated).toBe(true);
    const second = await plane.iam.send(
      new ListRolesCommand({ PathPrefix: '/pages/', MaxItems: 2, Marker: first.Marker }),
    );
    expect(second.Roles?.map((role) => role.RoleName)).toEqual(['p3']);
    expect(second.IsTruncated).toBe(false);
    expect(second.Marker).toBeUndefined();
  });

  it('is changed in the parts that are given', async () => {
    await make('changing', { Description: 'old' });
    await plane.iam.send(new UpdateRoleCommand({ RoleName: 'changing', MaxSessionDuration: 43200 }));
    expect(await get('changing')).toMatchObject({ Description: 'old', MaxSessionDuration: 43200 });
    await plane.iam.send(new UpdateRoleDescriptionCommand({ RoleName: 'changing', Description: 'new' }));
    expect((await get('changing')).Description).toBe('new');
  });

  it('that is not there is NoSuchEntity', async () => {
    expect(await refusalOf(get('nobody'))).toMatchObject({
      code: 'NoSuchEntity',
      status: 404,
      message: 'The role with name nobody cannot be found.',
    });
  });

  it('goes only when nothing is attached', async () => {
    const RoleName = 'leaving';
    const PolicyArn = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess';
    const remove = () => plane.iam.send(new DeleteRoleCommand({ RoleName }));
    await make(RoleName);
    await plane.iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    const PolicyDocument = policy(allow('s3:*'));
    await plane.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument }));
    expect(await refusalOf(remove())).toMatchObject({
      code: 'DeleteConflict',
      status: 409,
      message: 'Cannot delete entity, must detach all policies first.',
    });
    await plane.iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
    expect((await refusalOf(remove())).message).toBe('Cannot delete entity, must delete policies first.');
    await plane.iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'own' }));
    await remove();
    expect((await refusalOf(remove())).code).toBe('NoSuchEntity');
  });

  it('has no instance profiles, but must be there to be asked', async () => {
    await make('profiled');
    const { InstanceProfiles } = await plane.iam.send(
      new ListInstanceProfilesForRoleCommand({ RoleName: 'profiled' }),
    );
    expect(InstanceProfiles).toEqual([]);
  });
});

describe('a trust policy', () => {
  const bad = async (AssumeRolePolicyDocument: string) =>
    refusalOf(make('never-made', { AssumeRolePolicyDocument }));

  it('must be JSON, of the language, and short enough', async () => {
    expect(await bad('{')).toMatchObject({
      code: 'MalformedPolicyDocument',
      status: 400,
      message: 'This policy contains invalid Json',
    });
    expect(await bad(policy({ Effect: 'Allow', Action: 'sts:AssumeRole' }))).toMatchObject({
      message: 'Missing required field Principal',
    });
    const many = Array.from({ length: 60 }, (_, index) => `arn:aws:iam::${100000000000 + index}:root`);
    expect(await bad(trustOf(many))).toMatchObject({
      code: 'LimitExceeded',
      status: 409,
      message: 'Cannot exceed quota for ACLSizePerRole: 2048',
    });
  });

  it('names users and roles that exist', async () => {
    for (const name of ['user/ghost', 'role/ghost', 'role/elsewhere/plain'])
      expect(await bad(trustOf(arn(name)))).toMatchObject({
        code: 'MalformedPolicyDocument',
        message: `Invalid principal in policy: "AWS":"${arn(name)}"`,
      });
    expect((await bad(trustOf(`AROA${'A'.repeat(17)}`))).code).toBe('MalformedPolicyDocument');
    await make('trusts-abroad', { AssumeRolePolicyDocument: trustOf('arn:aws:iam::999988887777:role/any') });
  });

  it('means the identity and not its name: shows the id of one that is gone, follows one that is renamed', async () => {
    const { User } = await plane.iam.send(new CreateUserCommand({ UserName: 'trusted' }));
    await make('truster', { AssumeRolePolicyDocument: trustOf([account, User!.Arn!]) });
    await plane.iam.send(
      new UpdateUserCommand({ UserName: 'trusted', NewUserName: 'renamed', NewPath: '/n/' }),
    );
    expect((await trustShown('truster')).Statement[0]?.Principal.AWS).toEqual([
      account,
      arn('user/n/renamed'),
    ]);
    await plane.iam.send(new DeleteUserCommand({ UserName: 'renamed' }));
    await plane.iam.send(new CreateUserCommand({ UserName: 'renamed', Path: '/n/' }));
    expect((await trustShown('truster')).Statement[0]?.Principal.AWS).toEqual([account, User!.UserId]);
    const PolicyDocument = JSON.stringify(await trustShown('truster'));
    const save = plane.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'truster', PolicyDocument }));
    expect((await refusalOf(save)).message).toBe(`Invalid principal in policy: "AWS":"${User!.UserId}"`);
  });

  it('decides who may assume the role, from the next call on', async () => {
    const keys = await plane.userWith('assumer', [allow('sts:AssumeRole')]);
    await make('assumed', { AssumeRolePolicyDocument: trustOf(arn('user/assumer')) });
    const assume = () =>
      plane
        .stsOf(keys)
        .send(new AssumeRoleCommand({ RoleArn: arn('role/assumed'), RoleSessionName: 'test' }));
    expect((await assume()).AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${account}:assumed-role/assumed/test`);
    await plane.iam.send(
      new UpdateAssumeRolePolicyCommand({
        RoleName: 'assumed',
        PolicyDocument: trustOf(plane.administrator.arn),
      }),
    );
    expect((await refusalOf(assume())).code).toBe('AccessDenied');
  });
});

describe('policies of a role', () => {
  it('are attached by ARN, in order, twice without error, and at most ten', async () => {
    const RoleName = 'attached';
    await make(RoleName);
    const attach = (PolicyArn: string) =>
      plane.iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    const names = [
      'AmazonS3FullAccess',
      'ReadOnlyAccess',
      'job-function/Billing',
      'service-role/ROSAWorkerInstancePolicy',
      'IAMFullAccess',
      'IAMReadOnlyAccess',
      'AmazonSQSFullAccess',
      'SecurityAudit',
      'AmazonEC2FullAccess',
      'AmazonRDSFullAccess',
    ];
    for (const name of [...names, 'ReadOnlyAccess']) await attach(`arn:aws:iam::aws:policy/${name}`);
    expect(await refusalOf(attach('arn:aws:iam::aws:policy/AmazonSNSFullAccess'))).toMatchObject({
      code: 'LimitExceeded',
      status: 409,
      message: 'Cannot exceed quota for PoliciesPerRole: 10',
    });
    const list = (more: object) => plane.iam.send(new ListAttachedRolePoliciesCommand({ RoleName, ...more }));
    const all = await list({});
    expect(all.AttachedPolicies).toHaveLength(10);
    expect(all.AttachedPolicies?.[2]).toEqual({
      PolicyName: 'Billing',
      PolicyArn: 'arn:aws:iam::aws:policy/job-function/Billing',
    });
    expect((await list({ PathPrefix: '/service-role/' })).AttachedPolicies).toHaveLength(1);
  });

  it('must exist, and be named by an ARN', async () => {
    await make('bare');
    const attach = (PolicyArn: string) =>
      refusalOf(plane.iam.send(new AttachRolePolicyCommand({ RoleName: 'bare', PolicyArn })));
    expect(await attach('longpolicynamebutnoarn')).toMatchObject({
      code: 'InvalidInput',
      status: 400,
      message: 'ARN longpolicynamebutnoarn is not valid.',
    });
    expect(await attach(arn('policy/none'))).toMatchObject({
      code: 'NoSuchEntity',
      message: `Policy ${arn('policy/none')} does not exist or is not attachable.`,
    });
    const PolicyArn = 'arn:aws:iam::aws:policy/AmazonS3FullAccess';
    const detach = plane.iam.send(new DetachRolePolicyCommand({ RoleName: 'bare', PolicyArn }));
    expect(await refusalOf(detach)).toMatchObject({
      code: 'NoSuchEntity',
      message: `Policy ${PolicyArn} was not found.`,
    });
  });

  it('are kept inline under any name, and bounded in size without white space', async () => {
    const RoleName = 'inline';
    await make(RoleName);
    const put = (PolicyName: string, PolicyDocument: string) =>
      plane.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
    const getOne = (PolicyName: string) => plane.iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
    const document = policy(allow('s3:GetObject', 'arn:aws:s3:::b/*'));
    for (const name of ['__proto__', 'constructor'])
      expect((await refusalOf(getOne(name))).message).toBe(
        `The role policy with name ${name} cannot be found.`,
      );
    for (const name of ['z', '__proto__', 'a']) await put(name, document);
    const names = await plane.iam.send(new ListRolePoliciesCommand({ RoleName }));
    expect(names.PolicyNames).toEqual(['__proto__', 'a', 'z']);
    const got = await getOne('__proto__');
    expect(got).toMatchObject({ RoleName, PolicyName: '__proto__' });
    expect(decodeURIComponent(got.PolicyDocument!)).toBe(document);
    await put('z', `${' '.repeat(20_000)}${document}`);
    const long = policy(
      allow(
        's3:GetObject',
        Array.from({ length: 300 }, (_, i) => `arn:aws:s3:::a-bucket-name-${i}/*`),
      ),
    );
    expect(await refusalOf(put('long', long))).toMatchObject({
      code: 'LimitExceeded',
      status: 409,
      message: 'Maximum policy size of 10240 bytes exceeded for role inline',
    });
    expect((await refusalOf(put('bad', policy({ Effect: 'Allow', Action: 's3:*' })))).code).toBe(
      'MalformedPolicyDocument',
    );
    await plane.iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: '__proto__' }));
    expect((await refusalOf(getOne('__proto__'))).code).toBe('NoSuchEntity');
  });
});

describe('tags of a role', () => {
  it('are set, replaced without regard to case, taken away, and listed by key', async () => {
    const RoleName = 'tagged';
    await make(RoleName);
    const tag = (...Tags: { Key: string; Value: string }[]) =>
      plane.iam.send(new TagRoleCommand({ RoleName, Tags }));
    const list = async (more: object = {}) => plane.iam.send(new ListRoleTagsCommand({ RoleName, ...more }));
    expect((await list()).Tags).toEqual([]);
    await tag({ Key: 'Zone', Value: 'a' }, { Key: '__proto__', Value: 'x' });
    await tag({ Key: 'zone', Value: 'b' });
    expect((await list()).Tags).toEqual([
      { Key: '__proto__', Value: 'x' },
      { Key: 'zone', Value: 'b' },
    ]);
    expect((await list({ MaxItems: 1 })).IsTruncated).toBe(true);
    await plane.iam.send(new UntagRoleCommand({ RoleName, TagKeys: ['ZONE', 'absent'] }));
    expect((await list()).Tags).toEqual([{ Key: '__proto__', Value: 'x' }]);
    expect(await refusalOf(tag({ Key: 'a', Value: '' }, { Key: 'A', Value: '' }))).toMatchObject({
      code: 'InvalidInput',
      message: 'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    });
    const many = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: '' }));
    expect((await refusalOf(tag(...many))).message).toBe('Cannot exceed quota for TagsPerResource: 50');
  });
});

describe('the boundary of a role', () => {
  it('is set and taken away, and must be a policy', async () => {
    const RoleName = 'bounded';
    await make(RoleName);
    const put = (PermissionsBoundary: string) =>
      plane.iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary }));
    expect(await refusalOf(put(arn('policy/absent')))).toMatchObject({
      code: 'NoSuchEntity',
      status: 404,
      message: `Scope ARN: ${arn('policy/absent')} does not exist or is not attachable.`,
    });
    await put('arn:aws:iam::aws:policy/ReadOnlyAccess');
    expect((await get(RoleName)).PermissionsBoundary?.PermissionsBoundaryArn).toMatch(/ReadOnlyAccess$/);
    await plane.iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName }));
    expect(await get(RoleName)).not.toHaveProperty('PermissionsBoundary');
  });
});
