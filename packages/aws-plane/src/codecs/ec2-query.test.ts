import { beforeAll, expect, test } from 'vitest';
import { AwsFault } from '../fault.ts';
import type { ServiceCodec } from './codec.ts';
import { loadCodec } from './load-codec.ts';
import { wireRequest } from './wire.fixture.ts';

let ec2: ServiceCodec;
beforeAll(async () => {
  ec2 = await loadCodec('ec2');
});

const post = (body: string) => wireRequest('POST /', body);

test('lists stand without an element of their own, names are capitalised', () => {
  const body =
    'Filter.1.Name=vpc-id&Filter.1.Value.1=vpc-1&Filter.1.Value.2=vpc-2&SubnetId.1=subnet-1&DryRun=true';
  expect(ec2.decode('DescribeSubnets', post(body))).toEqual({
    Filters: [{ Name: 'vpc-id', Values: ['vpc-1', 'vpc-2'] }],
    SubnetIds: ['subnet-1'],
    DryRun: true,
  });
  const rule =
    'GroupId=sg-1&IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=5432&IpPermissions.1.Groups.1.GroupId=sg-2';
  expect(ec2.decode('AuthorizeSecurityGroupIngress', post(rule))).toEqual({
    GroupId: 'sg-1',
    IpPermissions: [{ IpProtocol: 'tcp', FromPort: 5432, UserIdGroupPairs: [{ GroupId: 'sg-2' }] }],
  });
});

test('answers have no result element; without an output they say true', () => {
  const vpcs = ec2.encode('DescribeVpcs', { Vpcs: [{ VpcId: 'vpc-1', Tags: [] }] }, 'id-1');
  expect(vpcs.body).toBe(
    '<DescribeVpcsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15"><requestId>id-1</requestId>' +
      '<vpcSet><item><tagSet></tagSet><vpcId>vpc-1</vpcId></item></vpcSet></DescribeVpcsResponse>',
  );
  expect(ec2.encode('DeleteVpc', {}, 'id-1').body).toContain('<return>true</return>');
});

test('errors stand in a list', () => {
  const fault = new AwsFault('InvalidVpcID.NotFound', 400, "The vpc ID 'a<b' does not exist");
  expect(ec2.encodeFault(fault, 'id-1', { head: false })).toMatchObject({
    status: 400,
    body:
      "<Response><Errors><Error><Code>InvalidVpcID.NotFound</Code><Message>The vpc ID 'a&lt;b' does not exist</Message>" +
      '</Error></Errors><RequestID>id-1</RequestID></Response>',
  });
});

test('what AWS has is told from what nobody has', () => {
  expect(ec2.route(post('Action=RunInstances&Version=2016-11-15'))).toEqual({ operation: 'RunInstances' });
  const unknown = post('Action=Fly&Version=2016-11-15');
  expect(ec2.route(unknown)).toBeUndefined();
  expect(ec2.unknownOperation(unknown)).toMatchObject({
    code: 'InvalidAction',
    message: 'The action Fly is not valid for this web service.',
  });
  expect(ec2.unknownOperation(post('')).code).toBe('MissingAction');
});
