import { Sha256 } from '@aws-crypto/sha256-js';
import {
  CreateReplicationGroupCommand,
  CreateUserCommand,
  CreateUserGroupCommand,
  DeleteUserCommand,
  DeleteUserGroupCommand,
  DescribeReplicationGroupsCommand,
  DescribeUserGroupsCommand,
  DescribeUsersCommand,
  ModifyUserCommand,
  ModifyUserGroupCommand,
} from '@aws-sdk/client-elasticache';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { account, type CachePlane, startCachePlane } from './elasticache-plane.ts';
import { refusalOf } from './plane.ts';

let plane: CachePlane;
beforeAll(async () => {
  plane = await startCachePlane();
});
afterAll(async () => {
  await plane[Symbol.asyncDispose]();
  expect(plane.bugs).toEqual([]);
});

const password = 'a-long-password-of-app';

describe('users', () => {
  it('are made, with the default one there from the start', async () => {
    const { elasticache } = plane;
    const made = await elasticache.send(
      new CreateUserCommand({
        UserId: 'app',
        UserName: 'app',
        Engine: 'redis',
        AccessString: 'on ~app:* +@all',
        Passwords: [password],
      }),
    );
    expect(made).toMatchObject({ Authentication: { Type: 'password', PasswordCount: 1 }, Status: 'active' });
    const { Users } = await elasticache.send(new DescribeUsersCommand({}));
    expect(Users?.map(({ UserId }) => UserId)).toEqual(['default', 'app']);
  });

  it.each([
    [{ Passwords: ['short'] }, 'InvalidParameterValue'],
    [{}, 'InvalidParameterValue'],
    [{ Passwords: [password], NoPasswordRequired: true }, 'InvalidParameterCombination'],
    [{ Passwords: [password], AccessString: 'on ~* +@nothing' }, 'InvalidParameterValue'],
    [{ Passwords: [password], AccessString: 'on >sneaky ~* +@all' }, 'InvalidParameterValue'],
    [{ AuthenticationMode: { Type: 'iam' as const } }, 'InvalidParameterValue'],
  ])('are refused: %j', async (changes, code) => {
    const input = {
      UserId: 'bad',
      UserName: 'other',
      Engine: 'redis',
      AccessString: 'on ~* +@all',
      ...changes,
    };
    expect(await refusalOf(plane.elasticache.send(new CreateUserCommand(input)))).toMatchObject({ code });
  });

  it('are in groups, of which one has a default user and no name twice', async () => {
    const { elasticache } = plane;
    const group = { UserGroupId: 'app', Engine: 'redis' };
    const refused = (UserIds: string[]) =>
      refusalOf(elasticache.send(new CreateUserGroupCommand({ ...group, UserIds })));
    expect(await refused(['app'])).toMatchObject({ code: 'DefaultUserRequired' });
    expect(await refused(['default', 'nobody'])).toMatchObject({ code: 'UserNotFound', status: 404 });
    await elasticache.send(new CreateUserGroupCommand({ ...group, UserIds: ['default', 'app'] }));
    const { UserGroups } = await elasticache.send(new DescribeUserGroupsCommand({ UserGroupId: 'app' }));
    expect(UserGroups?.[0]).toMatchObject({ UserIds: ['default', 'app'], Status: 'active' });
  });
});

describe('a cache with users', () => {
  const endpoint = async () => {
    const { ReplicationGroups } = await plane.elasticache.send(
      new DescribeReplicationGroupsCommand({ ReplicationGroupId: 'guarded' }),
    );
    return ReplicationGroups?.[0]?.NodeGroups?.[0]?.PrimaryEndpoint;
  };
  const clientAs = async (username: string, secret: string) =>
    plane.redis(await endpoint(), {
      tls: { ca: plane.ca },
      username,
      password: secret,
      retryStrategy: () => null,
    });

  it('lets them in by password, and forgets an old one at once', async () => {
    await plane.elasticache.send(
      new CreateReplicationGroupCommand({
        ReplicationGroupId: 'guarded',
        ReplicationGroupDescription: 'with users',
        CacheNodeType: 'cache.t3.micro',
        NumCacheClusters: 1,
        TransitEncryptionEnabled: true,
        UserGroupIds: ['app'],
      }),
    );
    await plane.groupIsUp('guarded');
    const app = await clientAs('app', password);
    expect(await app.set('app:1', 'x')).toBe('OK');
    await expect(app.set('other', 'x')).rejects.toThrow('NOPERM');
    const next = 'another-long-password';
    await plane.elasticache.send(new ModifyUserCommand({ UserId: 'app', Passwords: [next] }));
    await expect((await clientAs('app', password)).get('app:1')).rejects.toThrow('WRONGPASS');
    expect(await (await clientAs('app', next)).get('app:1')).toBe('x');
  });

  it('lets in by IAM token whoever may connect, and nobody else', async () => {
    const { elasticache } = plane;
    const iam = { UserId: 'robot', UserName: 'robot', Engine: 'redis', AccessString: 'on ~* +@all' };
    await elasticache.send(new CreateUserCommand({ ...iam, AuthenticationMode: { Type: 'iam' } }));
    await elasticache.send(new ModifyUserGroupCommand({ UserGroupId: 'app', UserIdsToAdd: ['robot'] }));
    const arn = (rest: string) => `arn:aws:elasticache:us-east-1:${account}:${rest}`;
    const allowed = {
      Effect: 'Allow',
      Action: 'elasticache:Connect',
      Resource: [arn('replicationgroup:guarded'), arn('user:robot')],
    };
    const may = await plane.userWith('may', [allowed]);
    const mayNot = await plane.userWith('may-not', [{ ...allowed, Resource: [arn('user:robot')] }]);
    const tokenOf = async (keys: { accessKeyId: string; secretAccessKey: string }, cache = 'guarded') => {
      const signer = new SignatureV4({
        service: 'elasticache',
        region: 'us-east-1',
        credentials: keys,
        sha256: Sha256,
      });
      const request = {
        method: 'GET',
        protocol: 'http:',
        hostname: cache,
        path: '/',
        query: { Action: 'connect', User: 'robot' },
        headers: { host: cache },
      };
      const signed = await signer.presign(request, { expiresIn: 900 });
      return `${cache}/?${new URLSearchParams(signed.query as Record<string, string>)}`;
    };
    expect(await (await clientAs('robot', await tokenOf(may.keys))).get('a')).toBeNull();
    for (const token of [
      await tokenOf(mayNot.keys),
      await tokenOf(may.keys, 'another'),
      'guarded/?Action=connect',
    ]) {
      await expect((await clientAs('robot', token)).get('a')).rejects.toThrow('WRONGPASS');
    }
  });

  it('keeps its group from being deleted, and loses a user with its connections', async () => {
    const { elasticache } = plane;
    expect(
      await refusalOf(elasticache.send(new DeleteUserGroupCommand({ UserGroupId: 'app' }))),
    ).toMatchObject({
      code: 'InvalidUserGroupState',
    });
    const app = await clientAs('app', 'another-long-password');
    await app.ping().catch(() => 'not allowed');
    const closed = new Promise((resolve) => app.once('close', resolve));
    await elasticache.send(new DeleteUserCommand({ UserId: 'app' }));
    await closed;
    const { UserGroups } = await elasticache.send(new DescribeUserGroupsCommand({ UserGroupId: 'app' }));
    expect(UserGroups?.[0]?.UserIds).toEqual(['default', 'robot']);
  });
});
