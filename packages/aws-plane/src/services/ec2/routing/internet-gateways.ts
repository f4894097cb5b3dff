// Internet gateways: made, attached to a VPC, detached, deleted.
import type {
  AttachInternetGatewayRequest,
  CreateInternetGatewayRequest,
  CreateInternetGatewayResult,
  DeleteInternetGatewayRequest,
  DescribeInternetGatewaysRequest,
  DescribeInternetGatewaysResult,
  DetachInternetGatewayRequest,
  InternetGateway as GatewayShape,
} from '@aws-sdk/client-ec2';
import type { Reader } from '@pergola/store';
import { ec2Operation, homeOf } from '../ec2-operation.ts';
import { faults } from '../faults.ts';
import { filtered, type FilterTable } from '../filters.ts';
import { drawId, type Home } from '../home.ts';
import { existingVpc } from '../network/vpcs.ts';
import { pageOf, withIds } from '../pages.ts';
import { find, type InternetGateway, internetGateways, list, put, remove } from '../state.ts';
import { specifiedTags, tagListOf } from '../tags/specified-tags.ts';

export const createInternetGateway = ec2Operation<CreateInternetGatewayRequest, CreateInternetGatewayResult>({
  name: 'CreateInternetGateway',
  tagged: 'igw',
  touches: () => ['igw'],
  async handle(call, { TagSpecifications }) {
    const home = homeOf(call);
    const { store, random } = call.plane;
    const made = { id: drawId(random, 'igw'), tags: specifiedTags('igw', TagSpecifications) };
    await store.transact((tx) => put(tx, home, internetGateways, made));
    return { InternetGateway: gatewayShape(home, made) };
  },
});

export const attachInternetGateway = ec2Operation<AttachInternetGatewayRequest, object>({
  name: 'AttachInternetGateway',
  touches: ({ InternetGatewayId, VpcId }) => [InternetGatewayId, VpcId],
  async handle(call, { InternetGatewayId = '', VpcId = '' }) {
    const home = homeOf(call);
    await call.plane.store.transact((tx) => {
      const gateway = existingGateway(tx, home, InternetGatewayId);
      const vpc = existingVpc(tx, home, VpcId);
      if (gateway.vpcId !== undefined) throw faults.gatewayAttached(gateway.id, gateway.vpcId);
      if (list(tx, home, internetGateways).some(({ vpcId }) => vpcId === vpc.id))
        throw faults.vpcHasGateway(vpc.id);
      put(tx, home, internetGateways, { ...gateway, vpcId: vpc.id });
    });
    return {};
  },
});

export const detachInternetGateway = ec2Operation<DetachInternetGatewayRequest, object>({
  name: 'DetachInternetGateway',
  touches: ({ InternetGatewayId, VpcId }) => [InternetGatewayId, VpcId],
  async handle(call, { InternetGatewayId = '', VpcId = '' }) {
    const home = homeOf(call);
    await call.plane.store.transact((tx) => {
      const gateway = existingGateway(tx, home, InternetGatewayId);
      if (gateway.vpcId !== existingVpc(tx, home, VpcId).id)
        throw faults.gatewayNotAttached(gateway.id, VpcId);
      put(tx, home, internetGateways, { id: gateway.id, tags: gateway.tags });
    });
    return {};
  },
});

export const deleteInternetGateway = ec2Operation<DeleteInternetGatewayRequest, object>({
  name: 'DeleteInternetGateway',
  touches: ({ InternetGatewayId }) => [InternetGatewayId],
  async handle(call, { InternetGatewayId = '' }) {
    const home = homeOf(call);
    await call.plane.store.transact((tx) => {
      const gateway = existingGateway(tx, home, InternetGatewayId);
      if (gateway.vpcId !== undefined) throw faults.gatewayInUse(gateway.id);
      remove(tx, home, internetGateways, gateway.id);
    });
    return {};
  },
});

const filters: FilterTable<InternetGateway & { readonly owner: string }> = {
  'internet-gateway-id': ({ id }) => id,
  'attachment.vpc-id': ({ vpcId }) => vpcId,
  'attachment.state': ({ vpcId }) => (vpcId === undefined ? undefined : 'available'),
  'owner-id': ({ owner }) => owner,
};

export const describeInternetGateways = ec2Operation<
  DescribeInternetGatewaysRequest,
  DescribeInternetGatewaysResult
>({
  name: 'DescribeInternetGateways',
  handle(call, input) {
    const home = homeOf(call);
    const asked = withIds(list(call.plane.store, home, internetGateways), 'igw', input.InternetGatewayIds);
    const described = asked.map((gateway) => ({ ...gateway, owner: call.account }));
    const { items, ...page } = pageOf(filtered(described, input.Filters, filters), input);
    return { InternetGateways: items.map((gateway) => gatewayShape(home, gateway)), ...page };
  },
});

function existingGateway(reader: Reader, home: Home, id: string): InternetGateway {
  if (!id.startsWith('igw-')) throw faults.malformedId('igw', id);
  const gateway = find(reader, home, internetGateways, id);
  if (!gateway) throw faults.notFound('igw', id);
  return gateway;
}

function gatewayShape({ account }: Home, { id, vpcId, tags }: InternetGateway): GatewayShape {
  return {
    InternetGatewayId: id,
    OwnerId: account,
    // EC2 calls an attached gateway `available`, which the SDK's list of states does not have.
    Attachments: vpcId === undefined ? [] : [{ VpcId: vpcId, State: 'available' as 'attached' }],
    Tags: tagListOf(tags),
  };
}
