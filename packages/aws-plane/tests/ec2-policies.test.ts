// Policies about one resource of EC2 hold for it by whatever a request names it.
import {
  AssociateRouteTableCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateRouteTableCommand,
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  DisassociateRouteTableCommand,
  type EC2Client,
  ReplaceRouteTableAssociationCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Ec2Plane, startEc2Plane } from './ec2-plane.ts';
import { account, guestKey, policyOf, refusalOf, secretAccessKey } from './plane.ts';

let plane: Ec2Plane;
let ec2: EC2Client;
let guest: EC2Client;
beforeEach(async () => {
  plane = await startEc2Plane();
  ec2 = plane.client();
  guest = plane.client({ credentials: { accessKeyId: guestKey, secretAccessKey } });
});
afterEach(() => plane[Symbol.asyncDispose]());

const letGuestAllBut = (resource: string) =>
  plane.test.directory.userPolicies.set('guest', [
    policyOf('all-but-one', [
      { Effect: 'Allow', Action: 'ec2:*', Resource: '*' },
      { Effect: 'Deny', Action: 'ec2:*', Resource: `arn:aws:ec2:us-east-1:${account}:${resource}` },
    ]),
  ]);

test('a security group that is named by its name', async () => {
  const GroupName = 'guarded';
  const create = (name: string) =>
    ec2.send(new CreateSecurityGroupCommand({ GroupName: name, Description: 'a group' }));
  const { GroupId } = await create(GroupName);
  await create('open');
  letGuestAllBut(`security-group/${GroupId}`);
  const rule = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '0.0.0.0/0' };
  const authorize = (name: string) =>
    guest.send(new AuthorizeSecurityGroupIngressCommand({ GroupName: name, ...rule }));
  const revoke = () => guest.send(new RevokeSecurityGroupIngressCommand({ GroupName, ...rule }));
  const remove = () => guest.send(new DeleteSecurityGroupCommand({ GroupName }));
  for (const refused of [() => authorize(GroupName), revoke, remove])
    expect((await refusalOf(refused())).code).toBe('UnauthorizedOperation');
  await authorize('open');
});

test('a route table that is named by an association of it', async () => {
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
  const { SubnetId, VpcId } = Subnets[0] ?? {};
  const create = async () => {
    const { RouteTable } = await ec2.send(new CreateRouteTableCommand({ VpcId }));
    return RouteTable?.RouteTableId;
  };
  const [guarded, other] = [await create(), await create()];
  const associate = new AssociateRouteTableCommand({ RouteTableId: guarded, SubnetId });
  const { AssociationId } = await ec2.send(associate);
  letGuestAllBut(`route-table/${guarded}`);
  const drop = () => guest.send(new DisassociateRouteTableCommand({ AssociationId }));
  const move = () =>
    guest.send(new ReplaceRouteTableAssociationCommand({ AssociationId, RouteTableId: other }));
  for (const refused of [drop, move]) expect((await refusalOf(refused())).code).toBe('UnauthorizedOperation');
  const { RouteTables } = await ec2.send(new DescribeRouteTablesCommand({ RouteTableIds: [guarded ?? ''] }));
  expect(RouteTables?.[0]?.Associations).toMatchObject([{ SubnetId }]);
});
