// VPCs, subnets, routes and what an account has from the beginning, through the SDK.
import {
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  CreateDefaultSubnetCommand,
  CreateDefaultVpcCommand,
  CreateInternetGatewayCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSubnetCommand,
  CreateTagsCommand,
  CreateVpcCommand,
  DeleteInternetGatewayCommand,
  DeleteRouteTableCommand,
  DeleteSecurityGroupCommand,
  DeleteSubnetCommand,
  DeleteTagsCommand,
  DeleteVpcCommand,
  DescribeAccountAttributesCommand,
  DescribeAvailabilityZonesCommand,
  DescribeInternetGatewaysCommand,
  DescribeNetworkAclsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRegionsCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeTagsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcsCommand,
  DetachInternetGatewayCommand,
  DisassociateRouteTableCommand,
  type EC2Client,
  ModifySubnetAttributeCommand,
  ModifyVpcAttributeCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ec2Plane, startEc2Plane } from './ec2-plane.ts';
import { account, guestKey, refusalOf, secretAccessKey } from './plane.ts';

let plane: Ec2Plane;
let ec2: EC2Client;
beforeAll(async () => {
  plane = await startEc2Plane();
  ec2 = plane.client();
});
afterAll(() => plane[Symbol.asyncDispose]());

const vpcFilter = (vpcId: string | undefined) => [{ Name: 'vpc-id', Values: [vpcId ?? ''] }];

async function newVpc(CidrBlock = '10.0.0.0/16', client = ec2): Promise<string> {
  const { Vpc } = await client.send(new CreateVpcCommand({ CidrBlock }));
  return Vpc?.VpcId ?? '';
}

describe('what an account has from the beginning', () => {
  test('a default VPC with a subnet in each of three zones, reachable from the internet', async () => {
    const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({}));
    expect(Vpcs).toMatchObject([{ IsDefault: true, CidrBlock: '172.31.0.0/16', OwnerId: account }]);
    const Filters = vpcFilter(Vpcs[0]?.VpcId);
    const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({ Filters }));
    expect(new Set(Subnets.map(({ AvailabilityZone }) => AvailabilityZone))).toEqual(
      new Set(['us-east-1a', 'us-east-1b', 'us-east-1c']),
    );
    expect(Subnets.every((subnet) => subnet.DefaultForAz && subnet.MapPublicIpOnLaunch)).toBe(true);
    expect(Subnets[0]?.AvailableIpAddressCount).toBe(4091);
    const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
    const GroupId = SecurityGroups?.[0]?.GroupId;
    expect(SecurityGroups).toMatchObject([
      {
        GroupName: 'default',
        IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId, UserId: account }] }],
        IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
      },
    ]);
    const { RouteTables } = await ec2.send(new DescribeRouteTablesCommand({ Filters }));
    const { InternetGateways } = await ec2.send(new DescribeInternetGatewaysCommand({}));
    expect(RouteTables).toMatchObject([
      {
        Associations: [{ Main: true }],
        Routes: [
          { DestinationCidrBlock: '172.31.0.0/16', GatewayId: 'local' },
          { DestinationCidrBlock: '0.0.0.0/0', GatewayId: InternetGateways?.[0]?.InternetGatewayId },
        ],
      },
    ]);
    const { NetworkAcls } = await ec2.send(new DescribeNetworkAclsCommand({ Filters }));
    expect(NetworkAcls?.[0]?.Associations).toHaveLength(3);
  });

  test('each region has its own', async () => {
    const europe = plane.client({ region: 'eu-central-1' });
    const [here, there] = await Promise.all(
      [ec2, europe].map((client) => client.send(new DescribeVpcsCommand({}))),
    );
    expect(here?.Vpcs?.[0]?.VpcId).not.toBe(there?.Vpcs?.[0]?.VpcId);
    const { AvailabilityZones } = await europe.send(new DescribeAvailabilityZonesCommand({}));
    expect(AvailabilityZones?.map(({ ZoneId }) => ZoneId)).toEqual(['euc1-az1', 'euc1-az2', 'euc1-az3']);
  });

  test('regions, attributes, and lists of what cannot be made', async () => {
    const { Regions = [] } = await ec2.send(new DescribeRegionsCommand({}));
    expect(Regions.map(({ RegionName }) => RegionName)).toContain('eu-west-1');
    expect(Regions).toHaveLength(17);
    const all = await ec2.send(new DescribeRegionsCommand({ AllRegions: true }));
    expect(all.Regions?.length).toBeGreaterThan(25);
    const { AccountAttributes } = await ec2.send(
      new DescribeAccountAttributesCommand({ AttributeNames: ['default-vpc'] }),
    );
    expect(AccountAttributes?.[0]?.AttributeValues?.[0]?.AttributeValue).toMatch(/^vpc-/);
    expect((await ec2.send(new DescribeNetworkInterfacesCommand({}))).NetworkInterfaces).toEqual([]);
  });

  test('what was deleted is not made again, unless it is asked for', async () => {
    const asia = plane.client({ region: 'ap-south-1' });
    const { Vpcs } = await asia.send(new DescribeVpcsCommand({}));
    const VpcId = Vpcs?.[0]?.VpcId ?? '';
    expect(await refusalOf(asia.send(new DeleteVpcCommand({ VpcId })))).toMatchObject({
      code: 'DependencyViolation',
      message: `The vpc '${VpcId}' has dependencies and cannot be deleted.`,
    });
    const { Subnets = [] } = await asia.send(new DescribeSubnetsCommand({}));
    for (const { SubnetId } of Subnets) await asia.send(new DeleteSubnetCommand({ SubnetId }));
    const { InternetGateways = [] } = await asia.send(new DescribeInternetGatewaysCommand({}));
    const InternetGatewayId = InternetGateways[0]?.InternetGatewayId ?? '';
    await asia.send(new DetachInternetGatewayCommand({ InternetGatewayId, VpcId }));
    await asia.send(new DeleteInternetGatewayCommand({ InternetGatewayId }));
    await asia.send(new DeleteVpcCommand({ VpcId }));
    expect((await asia.send(new DescribeVpcsCommand({}))).Vpcs).toEqual([]);
    expect((await asia.send(new DescribeSecurityGroupsCommand({}))).SecurityGroups).toEqual([]);
    expect(
      await refusalOf(asia.send(new CreateDefaultSubnetCommand({ AvailabilityZone: 'ap-south-1a' }))),
    ).toMatchObject({ code: 'DefaultVpcDoesNotExist' });
    await asia.send(new CreateDefaultVpcCommand({}));
    expect((await asia.send(new DescribeSubnetsCommand({}))).Subnets).toHaveLength(3);
    expect(await refusalOf(asia.send(new CreateDefaultVpcCommand({})))).toMatchObject({
      code: 'DefaultVpcAlreadyExists',
    });
  });
});

describe('VPCs', () => {
  test('are made with tags, changed, found by filters, and deleted with what came with them', async () => {
    const { Vpc } = await ec2.send(
      new CreateVpcCommand({
        CidrBlock: '10.1.2.3/16',
        TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'Name', Value: 'shop*?' }] }],
      }),
    );
    const VpcId = Vpc?.VpcId ?? '';
    expect(Vpc).toMatchObject({ State: 'pending', CidrBlock: '10.1.0.0/16', IsDefault: false });
    for (const Values of [['shop\\*\\?'], ['s*\\??'], ['nothing', 'sh?p*']]) {
      const found = await ec2.send(new DescribeVpcsCommand({ Filters: [{ Name: 'tag:Name', Values }] }));
      expect([Values, found.Vpcs?.length]).toEqual([Values, Values[0] === 's*\\??' ? 0 : 1]);
    }
    const attribute = async () =>
      ec2.send(new DescribeVpcAttributeCommand({ VpcId, Attribute: 'enableDnsHostnames' }));
    expect((await attribute()).EnableDnsHostnames).toEqual({ Value: false });
    await ec2.send(new ModifyVpcAttributeCommand({ VpcId, EnableDnsHostnames: { Value: true } }));
    expect((await attribute()).EnableDnsHostnames).toEqual({ Value: true });
    await ec2.send(new DeleteVpcCommand({ VpcId }));
    expect(await refusalOf(ec2.send(new DescribeVpcsCommand({ VpcIds: [VpcId] })))).toMatchObject({
      code: 'InvalidVpcID.NotFound',
      status: 400,
      message: `The vpc ID '${VpcId}' does not exist`,
    });
    const left = await ec2.send(new DescribeRouteTablesCommand({ Filters: vpcFilter(VpcId) }));
    expect(left.RouteTables).toEqual([]);
  });

  test.each([
    [{ CidrBlock: '10.0.0.0/8' }, 'InvalidVpc.Range', "The CIDR '10.0.0.0/8' is invalid."],
    [
      { CidrBlock: '10.0.0/16' },
      'InvalidParameterValue',
      'Value (10.0.0/16) for parameter cidrBlock is invalid. This is not a valid CIDR block.',
    ],
    [{}, 'MissingParameter', 'The request must contain the parameter cidrBlock'],
    [
      { CidrBlock: '10.0.0.0/16', AmazonProvidedIpv6CidrBlock: true },
      'UnsupportedOperation',
      'IPv6 in a VPC is not implemented by this endpoint.',
    ],
    [
      { CidrBlock: '10.0.0.0/16', DryRun: true },
      'DryRunOperation',
      'Request would have succeeded, but DryRun flag is set.',
    ],
    [
      { CidrBlock: '10.0.0.0/16', TagSpecifications: [{ ResourceType: 'subnet' as const, Tags: [] }] },
      'InvalidParameterValue',
      "'subnet' is not a valid taggable resource type for this operation. Expected: vpc",
    ],
  ])('%j is refused', async (input, code, message) => {
    expect(await refusalOf(ec2.send(new CreateVpcCommand(input)))).toMatchObject({ code, message });
  });

  test('are five in a region, at most', async () => {
    const client = plane.client({ region: 'eu-west-3' });
    for (let n = 1; n < 5; n++) await newVpc(`10.${n}.0.0/16`, client);
    expect(await refusalOf(newVpc('10.9.0.0/16', client))).toMatchObject({ code: 'VpcLimitExceeded' });
  });
});

describe('subnets', () => {
  test('lie in their VPC and beside each other', async () => {
    const VpcId = await newVpc('10.2.0.0/16');
    const create = (CidrBlock: string, AvailabilityZone?: string) =>
      ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock, AvailabilityZone }));
    const { Subnet } = await create('10.2.1.0/24', 'us-east-1b');
    expect(Subnet).toMatchObject({ AvailabilityZoneId: 'use1-az2', AvailableIpAddressCount: 251 });
    expect(await refusalOf(create('10.2.1.128/25'))).toMatchObject({
      code: 'InvalidSubnet.Conflict',
      message: "The CIDR '10.2.1.128/25' conflicts with another subnet",
    });
    expect(await refusalOf(create('10.3.0.0/24'))).toMatchObject({ code: 'InvalidSubnet.Range' });
    expect(await refusalOf(create('10.2.2.0/29'))).toMatchObject({ code: 'InvalidSubnet.Range' });
    expect(await refusalOf(create('10.2.2.0/24', 'us-east-1x'))).toMatchObject({
      code: 'InvalidParameterValue',
    });
    const SubnetId = Subnet?.SubnetId ?? '';
    await ec2.send(new ModifySubnetAttributeCommand({ SubnetId, MapPublicIpOnLaunch: { Value: true } }));
    const { Subnets } = await ec2.send(new DescribeSubnetsCommand({ SubnetIds: [SubnetId] }));
    expect(Subnets?.[0]?.MapPublicIpOnLaunch).toBe(true);
    expect(await refusalOf(ec2.send(new DeleteVpcCommand({ VpcId })))).toMatchObject({
      code: 'DependencyViolation',
    });
    await ec2.send(new DeleteSubnetCommand({ SubnetId }));
    await ec2.send(new DeleteVpcCommand({ VpcId }));
  });

  test('come in pages, and only by filters that there are', async () => {
    const VpcId = await newVpc('10.4.0.0/16');
    for (let n = 0; n < 7; n++)
      await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: `10.4.${n}.0/24` }));
    const Filters = vpcFilter(VpcId);
    const first = await ec2.send(new DescribeSubnetsCommand({ Filters, MaxResults: 5 }));
    const second = await ec2.send(
      new DescribeSubnetsCommand({ Filters, MaxResults: 5, NextToken: first.NextToken }),
    );
    const ids = [...(first.Subnets ?? []), ...(second.Subnets ?? [])].map(({ SubnetId }) => SubnetId);
    expect(new Set(ids).size).toBe(7);
    expect(second.NextToken).toBeUndefined();
    for (const [input, message] of [
      [{ Filters: [{ Name: 'colour', Values: ['red'] }] }, "The filter 'colour' is invalid"],
      [{ NextToken: 'nonsense' }, 'The token is invalid.'],
      [
        { MaxResults: 1 },
        'Value ( 1 ) for parameter maxResults is invalid. Expecting a value between 5 and 1000.',
      ],
    ] as const)
      expect(await refusalOf(ec2.send(new DescribeSubnetsCommand(input as object)))).toMatchObject({
        code: 'InvalidParameterValue',
        message,
      });
  });
});

test('a subnet gets a route table of its own, and a route to the internet', async () => {
  const client = plane.client({ region: 'eu-west-2' });
  const VpcId = await newVpc('10.5.0.0/16', client);
  const made = await client.send(new CreateSubnetCommand({ VpcId, CidrBlock: '10.5.0.0/24' }));
  const SubnetId = made.Subnet?.SubnetId ?? '';
  const { RouteTable } = await client.send(new CreateRouteTableCommand({ VpcId }));
  const RouteTableId = RouteTable?.RouteTableId ?? '';
  const { InternetGateway } = await client.send(new CreateInternetGatewayCommand({}));
  const GatewayId = InternetGateway?.InternetGatewayId ?? '';
  const route = new CreateRouteCommand({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId });
  expect(await refusalOf(client.send(route))).toMatchObject({ code: 'InvalidParameterValue' });
  await client.send(new AttachInternetGatewayCommand({ InternetGatewayId: GatewayId, VpcId }));
  await client.send(route);
  expect(await refusalOf(client.send(route))).toMatchObject({ code: 'RouteAlreadyExists' });
  const { AssociationId } = await client.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId }));
  const Filters = [{ Name: 'association.subnet-id', Values: [SubnetId] }];
  const { RouteTables } = await client.send(new DescribeRouteTablesCommand({ Filters }));
  expect(RouteTables).toMatchObject([{ RouteTableId, Associations: [{ SubnetId, Main: false }] }]);
  expect(await refusalOf(client.send(new DeleteRouteTableCommand({ RouteTableId })))).toMatchObject({
    code: 'DependencyViolation',
  });
  await client.send(new DetachInternetGatewayCommand({ InternetGatewayId: GatewayId, VpcId }));
  const cut = await client.send(new DescribeRouteTablesCommand({ RouteTableIds: [RouteTableId] }));
  expect(cut.RouteTables?.[0]?.Routes?.map(({ State }) => State)).toEqual(['active', 'blackhole']);
  await client.send(new DisassociateRouteTableCommand({ AssociationId }));
  await client.send(new DeleteRouteTableCommand({ RouteTableId }));
});

test('tags of any kind of resource', async () => {
  const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({}));
  const id = SecurityGroups?.[0]?.GroupId ?? '';
  const { NetworkAcls } = await ec2.send(new DescribeNetworkAclsCommand({}));
  const acl = NetworkAcls?.[0]?.NetworkAclId ?? '';
  const Tags = [
    { Key: 'team', Value: 'shop' },
    { Key: 'stage', Value: 'test' },
  ];
  await ec2.send(new CreateTagsCommand({ Resources: [id, acl], Tags }));
  const tagsOf = async () => {
    const Filters = [{ Name: 'resource-id', Values: [id] }];
    return (await ec2.send(new DescribeTagsCommand({ Filters }))).Tags;
  };
  expect(await tagsOf()).toEqual([
    { Key: 'team', Value: 'shop', ResourceId: id, ResourceType: 'security-group' },
    { Key: 'stage', Value: 'test', ResourceId: id, ResourceType: 'security-group' },
  ]);
  const gone = [{ Key: 'team', Value: 'other' }, { Key: 'stage' }];
  await ec2.send(new DeleteTagsCommand({ Resources: [id], Tags: gone }));
  expect((await tagsOf())?.map(({ Key }) => Key)).toEqual(['team']);
  const broken = [id, 'vpc-00000000000000000'];
  expect(await refusalOf(ec2.send(new CreateTagsCommand({ Resources: broken, Tags })))).toMatchObject({
    code: 'InvalidVpcID.NotFound',
  });
  expect((await tagsOf())?.map(({ Key }) => Key)).toEqual(['team']);
  for (const Resources of [['nonsense'], ['ami-1'], ['../vpc']])
    expect(await refusalOf(ec2.send(new CreateTagsCommand({ Resources, Tags })))).toMatchObject({
      code: 'InvalidID',
    });
  const reserved = [{ Key: 'aws:x', Value: '' }];
  expect(await refusalOf(ec2.send(new CreateTagsCommand({ Resources: [id], Tags: reserved })))).toMatchObject(
    { code: 'InvalidParameterValue' },
  );
});

test('policies decide, in the words of EC2', async () => {
  const guest = plane.client({ credentials: { accessKeyId: guestKey, secretAccessKey } });
  expect(await refusalOf(guest.send(new DescribeVpcsCommand({})))).toMatchObject({
    code: 'UnauthorizedOperation',
    status: 403,
    message: `You are not authorized to perform this operation. User: arn:aws:iam::${account}:user/guest is not authorized to perform: ec2:DescribeVpcs because no identity-based policy allows the ec2:DescribeVpcs action`,
  });
  const wrong = plane.client({ credentials: { accessKeyId: guestKey, secretAccessKey: 'wrong' } });
  expect(await refusalOf(wrong.send(new DescribeVpcsCommand({})))).toMatchObject({
    code: 'AuthFailure',
    status: 401,
    message: 'AWS was not able to validate the provided access credentials',
  });
  expect(
    await refusalOf(ec2.send(new DeleteSecurityGroupCommand({ GroupId: 'sg-0', DryRun: true }))),
  ).toMatchObject({ code: 'DryRunOperation', status: 412 });
});

test('what is not served says so', async () => {
  const run = new RunInstancesCommand({ ImageId: 'ami-1', MinCount: 1, MaxCount: 1 });
  expect(await refusalOf(ec2.send(run))).toMatchObject({
    code: 'NotImplemented',
    message: 'The operation RunInstances of ec2 is not implemented by this endpoint.',
  });
});
