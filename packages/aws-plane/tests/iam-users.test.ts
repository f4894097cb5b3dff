// Users, access keys and groups of IAM through the real client, and what their policies then allow.
import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteGroupCommand,
  DeleteGroupPolicyCommand,
  DeleteUserCommand,
  DetachGroupPolicyCommand,
  GetAccessKeyLastUsedCommand,
  GetGroupCommand,
  GetGroupPolicyCommand,
  GetLoginProfileCommand,
  GetUserCommand,
  ListAccessKeysCommand,
  ListAttachedGroupPoliciesCommand,
  ListGroupPoliciesCommand,
  ListGroupsCommand,
  ListGroupsForUserCommand,
  ListMFADevicesCommand,
  ListUsersCommand,
  ListUserTagsCommand,
  PutGroupPolicyCommand,
  PutUserPermissionsBoundaryCommand,
  RemoveUserFromGroupCommand,
  TagUserCommand,
  UpdateAccessKeyCommand,
  UpdateGroupCommand,
  UpdateUserCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allow, arn, type IamPlane, policy, startIamPlane, trustOf } from './iam-plane.ts';
import { refusalOf } from './plane.ts';

let plane: IamPlane;
beforeAll(async () => {
  plane = await startIamPlane();
});
afterAll(() => plane[Symbol.asyncDispose]());

const makeUser = (UserName: string, more: object = {}) =>
  plane.iam.send(new CreateUserCommand({ UserName, ...more }));
const makeGroup = (GroupName: string) => plane.iam.send(new CreateGroupCommand({ GroupName }));
const join = (UserName: string, GroupName: string) =>
  plane.iam.send(new AddUserToGroupCommand({ UserName, GroupName }));

describe('a user', () => {
  it('is made, shown, listed and tagged', async () => {
    const { User } = await makeUser('Ann', { Path: '/people/', Tags: [{ Key: 'team', Value: 'x' }] });
    expect(User).toMatchObject({
      Path: '/people/',
      Arn: arn('user/people/Ann'),
      Tags: [{ Key: 'team', Value: 'x' }],
    });
    expect(User?.UserId).toMatch(/^AIDA[A-Z2-7]{17}$/);
    const shown = await plane.iam.send(new GetUserCommand({ UserName: 'ann' }));
    expect(shown.User).toEqual(User);
    const listed = await plane.iam.send(new ListUsersCommand({ PathPrefix: '/people/' }));
    expect(listed.Users?.map((user) => user.UserName)).toEqual(['Ann']);
    expect(listed.Users?.[0]).not.toHaveProperty('Tags');
    await plane.iam.send(new TagUserCommand({ UserName: 'Ann', Tags: [{ Key: 'a', Value: 'b' }] }));
    expect((await plane.iam.send(new ListUserTagsCommand({ UserName: 'Ann' }))).Tags).toHaveLength(2);
    expect((await refusalOf(makeUser('ANN'))).message).toBe('User with name ANN already exists.');
  });

  it('is the caller when none is named; a role must name one', async () => {
    expect((await plane.iam.send(new GetUserCommand({}))).User?.UserName).toBe('admin');
    const { Role } = await plane.iam.send(
      new CreateRoleCommand({ RoleName: 'any', AssumeRolePolicyDocument: trustOf() }),
    );
    const { Credentials } = await plane
      .stsOf(plane.administrator)
      .send(new AssumeRoleCommand({ RoleArn: Role!.Arn!, RoleSessionName: 'test' }));
    const session = plane.iamOf({
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
    });
    // Without a permission the policies speak first.
    expect((await refusalOf(session.send(new GetUserCommand({})))).code).toBe('AccessDenied');
  });

  it('keeps its id, keys, groups and policies under a new name', async () => {
    const keys = await plane.userWith('before', [allow('iam:GetUser')]);
    const { User } = await plane.iam.send(new GetUserCommand({ UserName: 'before' }));
    await plane.iam.send(new UpdateUserCommand({ UserName: 'before', NewUserName: 'After', NewPath: '/q/' }));
    expect((await refusalOf(plane.iam.send(new GetUserCommand({ UserName: 'before' })))).code).toBe(
      'NoSuchEntity',
    );
    const own = await plane.iamOf(keys).send(new GetUserCommand({}));
    expect(own.User).toMatchObject({ UserName: 'After', UserId: User?.UserId, Arn: arn('user/q/After') });
    const rename = plane.iam.send(new UpdateUserCommand({ UserName: 'After', NewUserName: 'ADMIN' }));
    expect((await refusalOf(rename)).code).toBe('EntityAlreadyExists');
    await plane.iam.send(new UpdateUserCommand({ UserName: 'After', NewUserName: 'AFTER' }));
    expect((await plane.iamOf(keys).send(new GetUserCommand({}))).User?.UserName).toBe('AFTER');
  });

  it('goes only without keys, policies and groups', async () => {
    const UserName = 'leaving';
    const { accessKeyId: AccessKeyId } = await plane.userWith(UserName, []);
    await makeGroup('leavers');
    await join(UserName, 'leavers');
    const remove = () => plane.iam.send(new DeleteUserCommand({ UserName }));
    expect(await refusalOf(remove())).toMatchObject({
      code: 'DeleteConflict',
      message: 'Cannot delete entity, must delete access keys first.',
    });
    await plane.iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId }));
    expect((await refusalOf(remove())).message).toBe(
      'Cannot delete entity, must remove users from group first.',
    );
    await plane.iam.send(new RemoveUserFromGroupCommand({ UserName, GroupName: 'leavers' }));
    await remove();
  });

  it('has no password and no devices', async () => {
    await makeUser('plain');
    const profile = plane.iam.send(new GetLoginProfileCommand({ UserName: 'plain' }));
    expect(await refusalOf(profile)).toMatchObject({
      code: 'NoSuchEntity',
      status: 404,
      message: 'Login Profile for User plain cannot be found.',
    });
    expect((await plane.iam.send(new ListMFADevicesCommand({ UserName: 'plain' }))).MFADevices).toEqual([]);
  });
});

describe('access keys', () => {
  it('work, stop when inactive, work again, and are gone when deleted', async () => {
    const keys = await plane.userWith('holder', []);
    const call = () => plane.stsOf(keys).send(new GetCallerIdentityCommand());
    const update = (Status: 'Active' | 'Inactive') =>
      plane.iam.send(
        new UpdateAccessKeyCommand({ UserName: 'holder', AccessKeyId: keys.accessKeyId, Status }),
      );
    expect(keys.accessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/);
    expect(keys.secretAccessKey).toMatch(/^[A-Za-z0-9+/]{40}$/);
    await call();
    await update('Inactive');
    expect((await refusalOf(call())).code).toBe('InvalidClientTokenId');
    const listed = await plane.iam.send(new ListAccessKeysCommand({ UserName: 'holder' }));
    expect(listed.AccessKeyMetadata).toMatchObject([{ AccessKeyId: keys.accessKeyId, Status: 'Inactive' }]);
    expect(JSON.stringify(listed)).not.toContain(keys.secretAccessKey);
    await update('Active');
    await call();
    await plane.iam.send(new DeleteAccessKeyCommand({ UserName: 'holder', AccessKeyId: keys.accessKeyId }));
    expect((await refusalOf(call())).code).toBe('InvalidClientTokenId');
  });

  it('are at most two for each user', async () => {
    const UserName = 'collector';
    await plane.userWith(UserName, []);
    const more = () => plane.iam.send(new CreateAccessKeyCommand({ UserName }));
    await more();
    expect(await refusalOf(more())).toMatchObject({
      code: 'LimitExceeded',
      status: 409,
      message: 'Cannot exceed quota for AccessKeysPerUser: 2',
    });
  });

  it("are the user's own: nobody deletes them under another name", async () => {
    const { accessKeyId: AccessKeyId } = await plane.userWith('owner', []);
    await makeUser('other');
    const steal = plane.iam.send(new DeleteAccessKeyCommand({ UserName: 'other', AccessKeyId }));
    expect(await refusalOf(steal)).toMatchObject({
      code: 'NoSuchEntity',
      message: `The Access Key with id ${AccessKeyId} cannot be found.`,
    });
  });

  it('tell when they were last used', async () => {
    const { accessKeyId: unused } = await plane.userWith('idle', []);
    const lastUse = (AccessKeyId: string) => plane.iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }));
    const never = await lastUse(unused);
    expect(never.UserName).toBe('idle');
    expect(never.AccessKeyLastUsed).toMatchObject({ ServiceName: 'N/A', Region: 'N/A' });
    expect(never.AccessKeyLastUsed?.LastUsedDate).toBeUndefined();
    const used = await lastUse(plane.administrator.accessKeyId);
    expect(used.AccessKeyLastUsed).toMatchObject({ ServiceName: 'iam', Region: 'us-east-1' });
    expect(used.AccessKeyLastUsed?.LastUsedDate).toBeInstanceOf(Date);
    expect((await refusalOf(lastUse('AKIAUNKNOWN000000000'))).code).toBe('NoSuchEntity');
  });
});

describe('a group', () => {
  it('has members, who are in at most ten', async () => {
    const { Group } = await makeGroup('Devs');
    expect(Group).toMatchObject({ GroupName: 'Devs', Arn: arn('group/Devs'), Path: '/' });
    expect(Group?.GroupId).toMatch(/^AGPA[A-Z2-7]{17}$/);
    await makeUser('m1');
    await join('m1', 'devs');
    await join('m1', 'Devs');
    const shown = await plane.iam.send(new GetGroupCommand({ GroupName: 'Devs' }));
    expect(shown.Users?.map((user) => user.UserName)).toEqual(['m1']);
    const groups = await plane.iam.send(new ListGroupsForUserCommand({ UserName: 'm1' }));
    expect(groups.Groups).toEqual([Group]);
    for (let index = 0; index < 9; index++) {
      await makeGroup(`many${index}`);
      await join('m1', `many${index}`);
    }
    await makeGroup('eleventh');
    expect((await refusalOf(join('m1', 'eleventh'))).message).toBe(
      'Cannot exceed quota for GroupsPerUser: 10',
    );
    expect((await refusalOf(join('m1', 'absent'))).message).toBe(
      'The group with name absent cannot be found.',
    );
    const removal = plane.iam.send(new DeleteGroupCommand({ GroupName: 'Devs' }));
    expect(await refusalOf(removal)).toMatchObject({
      code: 'DeleteConflict',
      message: 'Cannot delete entity, must remove users from group first.',
    });
  });

  it('lends its policies to its members, and keeps them when it is renamed', async () => {
    const keys = await plane.userWith('member', []);
    const list = () => plane.iamOf(keys).send(new ListGroupsCommand({ PathPrefix: '/' }));
    await makeGroup('readers');
    await join('member', 'readers');
    expect((await refusalOf(list())).code).toBe('AccessDenied');
    const PolicyArn = 'arn:aws:iam::aws:policy/IAMReadOnlyAccess';
    await plane.iam.send(new AttachGroupPolicyCommand({ GroupName: 'readers', PolicyArn }));
    await list();
    await plane.iam.send(
      new UpdateGroupCommand({ GroupName: 'readers', NewGroupName: 'Lesende', NewPath: '/de/' }),
    );
    await list();
    const { Groups } = await plane.iam.send(new ListGroupsForUserCommand({ UserName: 'member' }));
    expect(Groups).toMatchObject([{ GroupName: 'Lesende', Arn: arn('group/de/Lesende') }]);
    const attached = await plane.iam.send(new ListAttachedGroupPoliciesCommand({ GroupName: 'Lesende' }));
    expect(attached.AttachedPolicies).toEqual([{ PolicyName: 'IAMReadOnlyAccess', PolicyArn }]);
    await plane.iam.send(new DetachGroupPolicyCommand({ GroupName: 'Lesende', PolicyArn }));
    expect((await refusalOf(list())).code).toBe('AccessDenied');
    const inline = { GroupName: 'Lesende', PolicyName: 'list' };
    const PolicyDocument = policy(allow('iam:ListGroups'));
    await plane.iam.send(new PutGroupPolicyCommand({ ...inline, PolicyDocument }));
    await list();
    const { PolicyNames } = await plane.iam.send(new ListGroupPoliciesCommand({ GroupName: 'Lesende' }));
    expect(PolicyNames).toEqual(['list']);
    expect(await plane.iam.send(new GetGroupPolicyCommand(inline))).toMatchObject(inline);
    await plane.iam.send(new DeleteGroupPolicyCommand(inline));
    expect((await refusalOf(list())).code).toBe('AccessDenied');
  });
});

describe('what policies see of IAM calls', () => {
  it('is the ARN of the identity with its path', async () => {
    await makeUser('inside', { Path: '/allowed/' });
    await makeUser('outside');
    const keys = await plane.userWith('reader', [allow('iam:GetUser', arn('user/allowed/*'))]);
    const get = (UserName: string) => plane.iamOf(keys).send(new GetUserCommand({ UserName }));
    await get('inside');
    expect(await refusalOf(get('outside'))).toMatchObject({
      code: 'AccessDenied',
      status: 403,
      message: `User: ${arn('user/reader')} is not authorized to perform: iam:GetUser on resource: ${arn('user/outside')} because no identity-based policy allows the iam:GetUser action`,
    });
    // One that is not there is denied as one that is.
    expect((await refusalOf(get('absent'))).code).toBe('AccessDenied');
  });

  it('is the tags it brings and the tags it finds', async () => {
    const keys = await plane.userWith('tagger', [
      allow('iam:CreateUser'),
      allow('iam:TagUser', '*', { Condition: { StringEquals: { 'aws:RequestTag/team': 'blue' } } }),
      allow('iam:DeleteUser', '*', { Condition: { StringEquals: { 'iam:ResourceTag/team': 'blue' } } }),
    ]);
    const own = plane.iamOf(keys);
    const make = (UserName: string, team: string) =>
      own.send(new CreateUserCommand({ UserName, Tags: [{ Key: 'team', Value: team }] }));
    await make('blue', 'blue');
    expect((await refusalOf(make('red', 'red'))).message).toContain('iam:TagUser');
    await makeUser('red', { Tags: [{ Key: 'team', Value: 'red' }] });
    await own.send(new DeleteUserCommand({ UserName: 'blue' }));
    expect((await refusalOf(own.send(new DeleteUserCommand({ UserName: 'red' })))).code).toBe('AccessDenied');
  });

  it('is the policy that is attached, and the boundary', async () => {
    const boundary = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
    const keys = await plane.userWith('delegate', [
      allow('iam:AttachGroupPolicy', '*', { Condition: { ArnEquals: { 'iam:PolicyARN': boundary } } }),
      allow('iam:CreateUser', '*', { Condition: { StringEquals: { 'iam:PermissionsBoundary': boundary } } }),
    ]);
    await makeGroup('delegated');
    const own = plane.iamOf(keys);
    const attach = (PolicyArn: string) =>
      own.send(new AttachGroupPolicyCommand({ GroupName: 'delegated', PolicyArn }));
    await attach(boundary);
    expect((await refusalOf(attach('arn:aws:iam::aws:policy/AdministratorAccess'))).code).toBe(
      'AccessDenied',
    );
    const create = (PermissionsBoundary?: string) =>
      own.send(new CreateUserCommand({ UserName: 'child', PermissionsBoundary }));
    expect((await refusalOf(create())).code).toBe('AccessDenied');
    await create(boundary);
  });

  it('is limited by the boundary of the caller', async () => {
    const keys = await plane.userWith('fenced', [allow('iam:*')]);
    const own = plane.iamOf(keys);
    await own.send(new CreateUserCommand({ UserName: 'fenced-1' }));
    await plane.iam.send(
      new PutUserPermissionsBoundaryCommand({
        UserName: 'fenced',
        PermissionsBoundary: 'arn:aws:iam::aws:policy/IAMReadOnlyAccess',
      }),
    );
    await own.send(new ListUsersCommand({}));
    expect((await refusalOf(own.send(new CreateUserCommand({ UserName: 'fenced-2' })))).message).toContain(
      'because no permissions boundary allows the iam:CreateUser action',
    );
  });
});
