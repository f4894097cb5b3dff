// Security groups and their rules, through the SDK.
import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateVpcCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  type EC2Client,
  type IpPermission,
  ModifySecurityGroupRulesCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  UpdateSecurityGroupRuleDescriptionsIngressCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Ec2Plane, startEc2Plane } from './ec2-plane.ts';
import { account, refusalOf } from './plane.ts';

let plane: Ec2Plane;
let ec2: EC2Client;
beforeAll(async () => {
  plane = await startEc2Plane();
  ec2 = plane.client();
});
afterAll(() => plane[Symbol.asyncDispose]());

let count = 0;
async function newGroup(VpcId?: string): Promise<string> {
  count += 1;
  const input = { GroupName: `group-${count}`, Description: 'a group', VpcId };
  return (await ec2.send(new CreateSecurityGroupCommand(input))).GroupId ?? '';
}

async function describe(GroupId: string) {
  const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId] }));
  return SecurityGroups?.[0];
}

const allow = (GroupId: string, ...IpPermissions: IpPermission[]) =>
  ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));

test('a group begins with a rule that lets everything out, and may not be made twice', async () => {
  const GroupId = await newGroup();
  expect(await describe(GroupId)).toMatchObject({
    GroupName: `group-${count}`,
    OwnerId: account,
    SecurityGroupArn: `arn:aws:ec2:us-east-1:${account}:security-group/${GroupId}`,
    IpPermissions: [],
    IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    Tags: [],
  });
  const again = { GroupName: `group-${count}`, Description: 'a group' };
  const { code } = await refusalOf(ec2.send(new CreateSecurityGroupCommand(again)));
  expect(code).toBe('InvalidGroup.Duplicate');
  const byName = new DescribeSecurityGroupsCommand({ GroupNames: [`group-${count}`, 'nobody'] });
  expect(await refusalOf(ec2.send(byName))).toMatchObject({
    code: 'InvalidGroup.NotFound',
    message: "The security group 'nobody' does not exist in default VPC",
  });
});

test.each([
  [{ GroupName: 'default', Description: 'x' }, 'InvalidGroup.Reserved'],
  [{ GroupName: 'sg-1', Description: 'x' }, 'InvalidParameterValue'],
  [{ GroupName: 'x', Description: 'ü' }, 'InvalidParameterValue'],
  [{ GroupName: 'x'.repeat(256), Description: 'x' }, 'InvalidParameterValue'],
  [{ GroupName: 'x', Description: 'x', VpcId: 'vpc-00000000000000000' }, 'InvalidVpcID.NotFound'],
  [{ GroupName: 'x', Description: 'x', VpcId: '../../../iam' }, 'InvalidVpcID.Malformed'],
])('%j makes no group', async (input, code) => {
  expect(await refusalOf(ec2.send(new CreateSecurityGroupCommand(input)))).toMatchObject({ code });
});

test('rules are put into their usual form, shown together, and have ids', async () => {
  const [GroupId, other] = [await newGroup(), await newGroup()];
  const { SecurityGroupRules = [] } = await allow(GroupId, {
    IpProtocol: '6',
    FromPort: 5432,
    ToPort: 5432,
    IpRanges: [{ CidrIp: '10.1.2.3/8', Description: 'inside' }],
    Ipv6Ranges: [{ CidrIpv6: '2001:0DB8:0::/32' }],
    UserIdGroupPairs: [{ GroupId: other, UserId: account }],
  });
  expect(SecurityGroupRules).toMatchObject([
    { CidrIpv4: '10.0.0.0/8', IpProtocol: 'tcp', Description: 'inside', IsEgress: false },
    { CidrIpv6: '2001:db8::/32' },
    { ReferencedGroupInfo: { GroupId: other, UserId: account } },
  ]);
  expect((await describe(GroupId))?.IpPermissions).toMatchObject([
    {
      IpProtocol: 'tcp',
      FromPort: 5432,
      IpRanges: [{ CidrIp: '10.0.0.0/8', Description: 'inside' }],
      Ipv6Ranges: [{ CidrIpv6: '2001:db8::/32' }],
      UserIdGroupPairs: [{ GroupId: other, UserId: account }],
    },
  ]);
  const found = await ec2.send(
    new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'ip-permission.cidr', Values: ['10.0.0.0/8'] }] }),
  );
  expect(found.SecurityGroups?.map((group) => group.GroupId)).toEqual([GroupId]);
  expect(await refusalOf(ec2.send(new DeleteSecurityGroupCommand({ GroupId: other })))).toMatchObject({
    code: 'DependencyViolation',
    message: `resource ${other} has a dependent object`,
  });
  const [, , third] = SecurityGroupRules;
  const SecurityGroupRuleIds = [third?.SecurityGroupRuleId ?? ''];
  const revoked = await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, SecurityGroupRuleIds }));
  expect(revoked.RevokedSecurityGroupRules).toMatchObject([{ ReferencedGroupId: other }]);
  await ec2.send(new DeleteSecurityGroupCommand({ GroupId: other }));
});

test('rules are added all or none', async () => {
  const GroupId = await newGroup();
  const https = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
  const http = { ...https, FromPort: 80, ToPort: 80 };
  await allow(GroupId, https);
  expect(await refusalOf(allow(GroupId, http, https))).toMatchObject({
    code: 'InvalidPermission.Duplicate',
    message: 'the specified rule "peer: 0.0.0.0/0, TCP, from port: 443, to port: 443, ALLOW" already exists',
  });
  expect(await refusalOf(allow(GroupId, http, http))).toMatchObject({ code: 'InvalidParameterValue' });
  expect((await describe(GroupId))?.IpPermissions).toHaveLength(1);
  const revoke = (...IpPermissions: IpPermission[]) =>
    ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  expect(await refusalOf(revoke(https, http))).toMatchObject({
    code: 'InvalidPermission.NotFound',
    message: 'The specified rule does not exist in this security group.',
  });
  await revoke(https);
  const everything: IpPermission = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
  await ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: [everything] }));
  await ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions: [https] }));
  expect(await describe(GroupId)).toMatchObject({
    IpPermissions: [],
    IpPermissionsEgress: [{ FromPort: 443 }],
  });
});

test('rules change and keep their ids', async () => {
  const GroupId = await newGroup();
  const { SecurityGroupRules } = await allow(GroupId, {
    IpProtocol: 'icmp',
    FromPort: -1,
    ToPort: -1,
    IpRanges: [{ CidrIp: '10.0.0.0/8' }],
  });
  const SecurityGroupRuleId = SecurityGroupRules?.[0]?.SecurityGroupRuleId;
  const SecurityGroupRule = { IpProtocol: 'udp', FromPort: 53, ToPort: 53, CidrIpv4: '10.0.0.0/16' };
  await ec2.send(
    new ModifySecurityGroupRulesCommand({
      GroupId,
      SecurityGroupRules: [{ SecurityGroupRuleId, SecurityGroupRule }],
    }),
  );
  await ec2.send(
    new UpdateSecurityGroupRuleDescriptionsIngressCommand({
      GroupId,
      SecurityGroupRuleDescriptions: [{ SecurityGroupRuleId, Description: 'names' }],
    }),
  );
  const Filters = [{ Name: 'group-id', Values: [GroupId] }];
  const rules = await ec2.send(new DescribeSecurityGroupRulesCommand({ Filters }));
  expect(rules.SecurityGroupRules?.filter(({ IsEgress }) => !IsEgress)).toMatchObject([
    { SecurityGroupRuleId, IpProtocol: 'udp', FromPort: 53, CidrIpv4: '10.0.0.0/16', Description: 'names' },
  ]);
});

const ranges = { IpRanges: [{ CidrIp: '10.0.0.0/8' }] };
test.each<[IpPermission, string]>([
  [{ IpProtocol: 'tcp', ...ranges }, 'InvalidParameterValue'],
  [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 22, ...ranges }, 'InvalidParameterValue'],
  [{ IpProtocol: 'tcp', FromPort: 0, ToPort: 65_536, ...ranges }, 'InvalidParameterValue'],
  [{ IpProtocol: 'carrier-pigeon', ...ranges }, 'InvalidParameterValue'],
  [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '10.0.0.0/33' }] }, 'InvalidParameterValue'],
  [{ IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '10.0.0.0/8' }] }, 'InvalidParameterValue'],
  [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-00000000000000000' }] }, 'InvalidGroup.NotFound'],
  [{ IpProtocol: '-1', PrefixListIds: [{ PrefixListId: 'pl-1' }] }, 'InvalidPrefixListId.NotFound'],
  [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0', Description: '<b>' }] }, 'InvalidParameterValue'],
  [{ IpProtocol: '-1' }, 'MissingParameter'],
])('%j is no rule', async (permission, code) => {
  const GroupId = await newGroup();
  expect(await refusalOf(allow(GroupId, permission))).toMatchObject({ code, status: 400 });
  expect((await describe(GroupId))?.IpPermissions).toEqual([]);
});

test('groups of other VPCs are of another network; the default one stays', async () => {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const [here, there] = [await newGroup(), await newGroup(Vpc?.VpcId)];
  const pair = { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: there }] };
  expect(await refusalOf(allow(here, pair))).toMatchObject({
    message: 'You have specified two resources that belong to different networks.',
  });
  const Filters = [
    { Name: 'vpc-id', Values: [Vpc?.VpcId ?? ''] },
    { Name: 'group-name', Values: ['default'] },
  ];
  const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
  const GroupId = SecurityGroups?.[0]?.GroupId ?? '';
  expect(await refusalOf(ec2.send(new DeleteSecurityGroupCommand({ GroupId })))).toMatchObject({
    code: 'CannotDelete',
    message: `the specified group: "${GroupId}" name: "default" cannot be deleted by a user`,
  });
});

test('a group has 60 rules in a direction, at most', async () => {
  const GroupId = await newGroup();
  const IpRanges = Array.from({ length: 61 }, (_, n) => ({ CidrIp: `10.0.${n}.0/24` }));
  const rules = { IpProtocol: '-1', IpRanges };
  expect(await refusalOf(allow(GroupId, rules))).toMatchObject({
    code: 'RulesPerSecurityGroupLimitExceeded',
  });
  await allow(GroupId, { ...rules, IpRanges: IpRanges.slice(1) });
});
