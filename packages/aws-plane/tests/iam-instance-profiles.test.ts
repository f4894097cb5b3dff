// Instance profiles and service-linked roles, through the SDK.
import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  CreateServiceLinkedRoleCommand,
  DeleteInstanceProfileCommand,
  DeleteRoleCommand,
  DeleteServiceLinkedRoleCommand,
  GetInstanceProfileCommand,
  GetRoleCommand,
  GetServiceLinkedRoleDeletionStatusCommand,
  type IAMClient,
  ListInstanceProfilesCommand,
  ListInstanceProfilesForRoleCommand,
  ListInstanceProfileTagsCommand,
  PutRolePolicyCommand,
  RemoveRoleFromInstanceProfileCommand,
  TagInstanceProfileCommand,
  TagRoleCommand,
  UntagInstanceProfileCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allow, arn, type IamPlane, policy, startIamPlane, trustOf } from './iam-plane.ts';
import { refusalOf } from './plane.ts';

let plane: IamPlane;
let iam: IAMClient;
beforeAll(async () => {
  plane = await startIamPlane();
  iam = plane.iam;
});
afterAll(() => plane[Symbol.asyncDispose]());

const newRole = (RoleName: string) =>
  iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trustOf() }));

describe('an instance profile', () => {
  test('is made with tags, holds one role, and goes when it is empty', async () => {
    const InstanceProfileName = 'web';
    const { InstanceProfile } = await iam.send(
      new CreateInstanceProfileCommand({
        InstanceProfileName,
        Path: '/shop/',
        Tags: [{ Key: 'team', Value: 'shop' }],
      }),
    );
    expect(InstanceProfile).toMatchObject({
      Arn: arn('instance-profile/shop/web'),
      InstanceProfileId: expect.stringMatching(/^AIPA[A-Z2-7]{17}$/) as string,
      Roles: [],
      Tags: [{ Key: 'team', Value: 'shop' }],
    });
    await Promise.all(['first', 'second'].map(newRole));
    const add = (RoleName: string) =>
      iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName }));
    await add('first');
    expect(await refusalOf(add('second'))).toMatchObject({
      code: 'LimitExceeded',
      status: 409,
      message: 'Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1',
    });
    const shown = await iam.send(new GetInstanceProfileCommand({ InstanceProfileName }));
    expect(shown.InstanceProfile?.Roles).toMatchObject([{ RoleName: 'first', Arn: arn('role/first') }]);
    const ofRole = await iam.send(new ListInstanceProfilesForRoleCommand({ RoleName: 'first' }));
    expect(ofRole.InstanceProfiles).toHaveLength(1);
    for (const refused of [
      new DeleteRoleCommand({ RoleName: 'first' }),
      new DeleteInstanceProfileCommand({ InstanceProfileName }),
    ])
      expect(await refusalOf(iam.send(refused as DeleteRoleCommand))).toMatchObject({
        code: 'DeleteConflict',
        message: 'Cannot delete entity, must remove roles from instance profile first.',
      });
    const remove = new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName, RoleName: 'first' });
    await iam.send(remove);
    expect(await refusalOf(iam.send(remove))).toMatchObject({ code: 'NoSuchEntity' });
    await iam.send(new DeleteInstanceProfileCommand({ InstanceProfileName }));
    expect(await refusalOf(iam.send(new GetInstanceProfileCommand({ InstanceProfileName })))).toMatchObject({
      code: 'NoSuchEntity',
      status: 404,
      message: 'Instance Profile web cannot be found.',
    });
  });

  test('is tagged, and listed below its path', async () => {
    const InstanceProfileName = 'tagged';
    await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName, Path: '/listed/' }));
    const again = new CreateInstanceProfileCommand({ InstanceProfileName: 'TAGGED' });
    expect(await refusalOf(iam.send(again))).toMatchObject({ code: 'EntityAlreadyExists' });
    const Tags = [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ];
    await iam.send(new TagInstanceProfileCommand({ InstanceProfileName, Tags }));
    await iam.send(new UntagInstanceProfileCommand({ InstanceProfileName, TagKeys: ['a'] }));
    const tags = await iam.send(new ListInstanceProfileTagsCommand({ InstanceProfileName }));
    expect(tags.Tags).toEqual([{ Key: 'b', Value: '2' }]);
    const { InstanceProfiles } = await iam.send(new ListInstanceProfilesCommand({ PathPrefix: '/listed/' }));
    expect(InstanceProfiles?.map((profile) => profile.InstanceProfileName)).toEqual(['tagged']);
  });

  test('takes a role only from those who may pass it', async () => {
    await newRole('passed');
    await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: 'guarded' }));
    const action = 'iam:AddRoleToInstanceProfile';
    const keys = await plane.userWith('adder', [allow(action)]);
    const add = new AddRoleToInstanceProfileCommand({ InstanceProfileName: 'guarded', RoleName: 'passed' });
    expect(await refusalOf(plane.iamOf(keys).send(add))).toMatchObject({
      code: 'AccessDenied',
      message: `User: ${arn('user/adder')} is not authorized to perform: iam:PassRole on resource: ${arn('role/passed')} because no identity-based policy allows the iam:PassRole action`,
    });
  });
});

describe('a service-linked role', () => {
  test('is made by the name of its service, and changed by nobody else', async () => {
    const create = new CreateServiceLinkedRoleCommand({ AWSServiceName: 'rds.amazonaws.com' });
    const { Role } = await iam.send(create);
    const RoleName = 'AWSServiceRoleForRDS';
    expect(Role).toMatchObject({ RoleName, Arn: arn(`role/aws-service-role/rds.amazonaws.com/${RoleName}`) });
    expect(await refusalOf(iam.send(create))).toMatchObject({
      code: 'InvalidInput',
      message: `Service role name ${RoleName} has been taken in this account, please try a different suffix.`,
    });
    const PolicyDocument = policy(allow('s3:*'));
    const PolicyArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
    for (const refused of [
      new DeleteRoleCommand({ RoleName }),
      new AttachRolePolicyCommand({ RoleName, PolicyArn }),
      new PutRolePolicyCommand({ RoleName, PolicyName: 'x', PolicyDocument }),
      new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trustOf() }),
    ])
      expect(await refusalOf(iam.send(refused as DeleteRoleCommand))).toMatchObject({
        code: 'UnmodifiableEntity',
        status: 400,
        message: `Cannot perform the operation on the protected role '${RoleName}' - this role is only modifiable by AWS`,
      });
    await iam.send(new TagRoleCommand({ RoleName, Tags: [{ Key: 'team', Value: 'shop' }] }));
    await iam.send(new UpdateRoleCommand({ RoleName, Description: 'of databases' }));
    const shown = await iam.send(new GetRoleCommand({ RoleName }));
    expect(shown.Role).toMatchObject({ Description: 'of databases', Tags: [{ Key: 'team' }] });
    const { DeletionTaskId } = await iam.send(new DeleteServiceLinkedRoleCommand({ RoleName }));
    expect(await iam.send(new GetServiceLinkedRoleDeletionStatusCommand({ DeletionTaskId }))).toMatchObject({
      Status: 'SUCCEEDED',
    });
    expect(await refusalOf(iam.send(new GetRoleCommand({ RoleName })))).toMatchObject({
      code: 'NoSuchEntity',
    });
  });

  test('has a suffix only where services have several', async () => {
    const create = (AWSServiceName: string, CustomSuffix?: string) =>
      iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName, CustomSuffix }));
    expect((await create('autoscaling.amazonaws.com', 'shop')).Role?.RoleName).toBe(
      'AWSServiceRoleForAutoScaling_shop',
    );
    for (const refused of [create('elasticache.amazonaws.com', 'shop'), create('nobody.amazonaws.com')])
      expect(await refusalOf(refused)).toMatchObject({ code: 'InvalidInput' });
    const reserved = {
      RoleName: 'own',
      Path: '/aws-service-role/x/',
      AssumeRolePolicyDocument: trustOf(),
    };
    expect(await refusalOf(iam.send(new CreateRoleCommand(reserved)))).toMatchObject({
      code: 'InvalidInput',
    });
    await newRole('plain');
    const wrong = new DeleteServiceLinkedRoleCommand({ RoleName: 'plain' });
    expect(await refusalOf(iam.send(wrong))).toMatchObject({ code: 'InvalidInput' });
  });
});
