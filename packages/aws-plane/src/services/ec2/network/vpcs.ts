// CreateVpc, CreateDefaultVpc, DescribeVpcs, DeleteVpc.
import type {
  CreateDefaultVpcRequest,
  CreateDefaultVpcResult,
  CreateVpcRequest,
  CreateVpcResult,
  DeleteVpcRequest,
  DescribeVpcsRequest,
  DescribeVpcsResult,
  Vpc as VpcShape,
} from '@aws-sdk/client-ec2';
import type { Reader } from '@pergola/store';
import type { Call } from '../../../call.ts';
import { makeDefaultVpc } from '../default-network.ts';
import { ec2Operation, homeOf } from '../ec2-operation.ts';
import { faults } from '../faults.ts';
import { filtered, type FilterTable } from '../filters.ts';
import type { Home } from '../home.ts';
import { pageOf, withIds } from '../pages.ts';
import {
  find,
  internetGateways,
  list,
  readHomeFacts,
  routeTables,
  subnets,
  type Vpc,
  vpcs,
} from '../state.ts';
import { specifiedTags, tagListOf } from '../tags/specified-tags.ts';
import { parseCidr, renderCidr } from './cidr.ts';
import { groupsOf, makeVpc, removeVpc } from './vpc-parts.ts';

/** AWS's default quota for a region. */
const MOST_VPCS = 5;

export const createVpc = ec2Operation<CreateVpcRequest, CreateVpcResult>({
  name: 'CreateVpc',
  tagged: 'vpc',
  touches: () => ['vpc'],
  async handle(call, input) {
    refuseUnserved(input);
    const cidrBlock = vpcCidr(input.CidrBlock);
    const tenancy = tenancyOf(input.InstanceTenancy);
    const { store, random } = call.plane;
    const home = homeOf(call);
    const tags = specifiedTags('vpc', input.TagSpecifications);
    const { value } = await store.transact((tx) => {
      if (list(tx, home, vpcs).length >= MOST_VPCS) throw faults.tooManyVpcs();
      return makeVpc(tx, home, random, { cidrBlock, isDefault: false, tenancy, dnsHostnames: false, tags });
    });
    return { Vpc: { ...vpcShape(call, value), State: 'pending' } };
  },
});

function refuseUnserved(input: CreateVpcRequest): void {
  const { AmazonProvidedIpv6CidrBlock, Ipv6CidrBlock, Ipv6Pool, Ipv4IpamPoolId, Ipv6IpamPoolId } = input;
  if (AmazonProvidedIpv6CidrBlock === true || Ipv6CidrBlock || Ipv6Pool)
    throw faults.notImplemented('IPv6 in a VPC');
  if (Ipv4IpamPoolId || Ipv6IpamPoolId) throw faults.notImplemented('A VPC of an IPAM pool');
  if (input.VpcEncryptionControl) throw faults.notImplemented('VPC encryption control');
}

/** The block in its usual form; between /16 and /28. */
function vpcCidr(text: string | undefined): string {
  if (text === undefined) throw faults.missing('cidrBlock');
  const cidr = parseCidr(text);
  if (cidr?.family !== 4) throw faults.notCidr(text);
  if (cidr.prefix < 16 || cidr.prefix > 28) throw faults.vpcRange(text);
  return renderCidr(cidr);
}

function tenancyOf(text = 'default'): Vpc['tenancy'] {
  if (text === 'default' || text === 'dedicated') return text;
  throw faults.invalidValue(`Value (${text}) for parameter instanceTenancy is invalid.`);
}

export const createDefaultVpc = ec2Operation<CreateDefaultVpcRequest, CreateDefaultVpcResult>({
  name: 'CreateDefaultVpc',
  touches: () => ['vpc'],
  async handle(call) {
    const home = homeOf(call);
    const { value } = await call.plane.store.transact((tx) => {
      const all = list(tx, home, vpcs);
      if (all.some(({ isDefault }) => isDefault)) throw faults.defaultVpcExists();
      if (all.length >= MOST_VPCS) throw faults.tooManyVpcs();
      return makeDefaultVpc(tx, home, call.plane.random);
    });
    return { Vpc: { ...vpcShape(call, value), State: 'pending' } };
  },
});

const filters: FilterTable<Vpc & { readonly owner: string; readonly dhcp: string }> = {
  'vpc-id': ({ id }) => id,
  cidr: ({ cidrBlock }) => cidrBlock,
  'cidr-block': ({ cidrBlock }) => cidrBlock,
  cidrBlock: ({ cidrBlock }) => cidrBlock,
  'cidr-block-association.cidr-block': ({ cidrBlock }) => cidrBlock,
  'cidr-block-association.association-id': ({ cidrAssociationId }) => cidrAssociationId,
  'cidr-block-association.state': () => 'associated',
  'ipv6-cidr-block-association.ipv6-cidr-block': () => undefined,
  'ipv6-cidr-block-association.ipv6-pool': () => undefined,
  'ipv6-cidr-block-association.association-id': () => undefined,
  'ipv6-cidr-block-association.state': () => undefined,
  'dhcp-options-id': ({ dhcp }) => dhcp,
  'is-default': ({ isDefault }) => isDefault,
  isDefault: ({ isDefault }) => isDefault,
  'owner-id': ({ owner }) => owner,
  state: () => 'available',
};

export const describeVpcs = ec2Operation<DescribeVpcsRequest, DescribeVpcsResult>({
  name: 'DescribeVpcs',
  handle(call, input) {
    const { store } = call.plane;
    const home = homeOf(call);
    const asked = withIds(list(store, home, vpcs), 'vpc', input.VpcIds);
    const facts = { owner: call.account, dhcp: dhcpOptionsOf(store, home) };
    const matching = filtered(
      asked.map((vpc) => ({ ...vpc, ...facts })),
      input.Filters,
      filters,
    );
    const { items, ...page } = pageOf(matching, input);
    return { Vpcs: items.map((vpc) => vpcShape(call, vpc)), ...page };
  },
});

export const deleteVpc = ec2Operation<DeleteVpcRequest, object>({
  name: 'DeleteVpc',
  touches: ({ VpcId }) => [VpcId],
  async handle(call, { VpcId = '' }) {
    const home = homeOf(call);
    await call.plane.store.transact((tx) => {
      const vpc = existingVpc(tx, home, VpcId);
      if (isUsed(tx, home, vpc.id)) throw faults.vpcInUse(vpc.id);
      removeVpc(tx, home, vpc);
    });
    return {};
  },
});

/** What a client has put into a VPC keeps it; what came with it does not. */
function isUsed(reader: Reader, home: Home, vpcId: string): boolean {
  const within = (one: { readonly vpcId?: string | undefined }) => one.vpcId === vpcId;
  return (
    list(reader, home, subnets).some(within) ||
    list(reader, home, internetGateways).some(within) ||
    groupsOf(reader, home, vpcId).some(({ name }) => name !== 'default') ||
    list(reader, home, routeTables).filter(within).length > 1
  );
}

export function existingVpc(reader: Reader, home: Home, id: string): Vpc {
  if (!id.startsWith('vpc-')) throw faults.malformedId('vpc', id);
  const vpc = find(reader, home, vpcs, id);
  if (!vpc) throw faults.notFound('vpc', id);
  return vpc;
}

export function dhcpOptionsOf(reader: Reader, home: Home): string {
  return readHomeFacts(reader, home)?.dhcpOptionsId ?? 'default';
}

function vpcShape(call: Call, vpc: Vpc): VpcShape {
  return {
    VpcId: vpc.id,
    OwnerId: call.account,
    State: 'available',
    CidrBlock: vpc.cidrBlock,
    CidrBlockAssociationSet: [
      {
        AssociationId: vpc.cidrAssociationId,
        CidrBlock: vpc.cidrBlock,
        CidrBlockState: { State: 'associated' },
      },
    ],
    DhcpOptionsId: dhcpOptionsOf(call.plane.store, homeOf(call)),
    InstanceTenancy: vpc.tenancy,
    IsDefault: vpc.isDefault,
    BlockPublicAccessStates: { InternetGatewayBlockMode: 'off' },
    Tags: tagListOf(vpc.tags),
  };
}
