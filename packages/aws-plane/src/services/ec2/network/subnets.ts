// CreateSubnet, CreateDefaultSubnet, DescribeSubnets, DeleteSubnet.
import type {
  CreateDefaultSubnetRequest,
  CreateDefaultSubnetResult,
  CreateSubnetRequest,
  CreateSubnetResult,
  DeleteSubnetRequest,
  DescribeSubnetsRequest,
  DescribeSubnetsResult,
  Subnet as SubnetShape,
} from '@aws-sdk/client-ec2';
import type { Reader } from '@pergola/store';
import { defaultSubnet } from '../default-network.ts';
import { ec2Operation, homeOf } from '../ec2-operation.ts';
import { faults } from '../faults.ts';
import { filtered, type FilterTable } from '../filters.ts';
import { arnOf, drawId, type Home } from '../home.ts';
import { pageOf, withIds } from '../pages.ts';
import { find, list, put, remove, routeTables, type Subnet, subnets, type Vpc, vpcs } from '../state.ts';
import { specifiedTags, tagListOf } from '../tags/specified-tags.ts';
import { zoneIdOf, zonesOf } from '../zones.ts';
import { contains, overlaps, parseCidr, renderCidr } from './cidr.ts';
import { existingVpc } from './vpcs.ts';

/** AWS's default quota for a VPC. */
const MOST_SUBNETS = 200;
/** Addresses that AWS keeps of each subnet. */
const RESERVED = 5;

export const createSubnet = ec2Operation<CreateSubnetRequest, CreateSubnetResult>({
  name: 'CreateSubnet',
  tagged: 'subnet',
  touches: ({ VpcId }) => [VpcId, 'subnet'],
  async handle(call, input) {
    if (input.Ipv6CidrBlock || input.Ipv6Native === true) throw faults.notImplemented('IPv6 in a subnet');
    if (input.OutpostArn) throw faults.notImplemented('A subnet in an Outpost');
    if (input.Ipv4IpamPoolId || input.Ipv6IpamPoolId) throw faults.notImplemented('A subnet of an IPAM pool');
    const home = homeOf(call);
    const { store, random } = call.plane;
    const zone = zoneOf(home, input);
    const tags = specifiedTags('subnet', input.TagSpecifications);
    const { value } = await store.transact((tx) => {
      const vpc = existingVpc(tx, home, input.VpcId ?? '');
      const siblings = list(tx, home, subnets).filter(({ vpcId }) => vpcId === vpc.id);
      if (siblings.length >= MOST_SUBNETS) throw faults.tooManySubnets();
      return put<Subnet>(tx, home, subnets, {
        id: drawId(random, 'subnet'),
        vpcId: vpc.id,
        cidrBlock: subnetCidr(input.CidrBlock, vpc, siblings),
        zone,
        isDefault: false,
        mapPublicIp: false,
        aclAssociationId: drawId(random, 'aclassoc'),
        hostnameType: 'ip-name',
        resourceNameA: false,
        tags,
      });
    });
    return { Subnet: subnetShape(home, value) };
  },
});

/** The zone that is asked for, by name or id, or the first. */
function zoneOf({ region }: Home, input: CreateSubnetRequest): string {
  const { AvailabilityZone: name, AvailabilityZoneId: id } = input;
  const zones = zonesOf(region);
  const found = zones.find((zone) => (name ?? zone) === zone && (id ?? zoneIdOf(zone)) === zoneIdOf(zone));
  if (found === undefined) throw faults.invalidZone(name ?? id ?? '', zones);
  return found;
}

/** Between /16 and /28, within its VPC, beside its siblings. */
function subnetCidr(text: string | undefined, vpc: Vpc, siblings: readonly Subnet[]): string {
  if (text === undefined) throw faults.missing('cidrBlock');
  const cidr = parseCidr(text);
  if (cidr?.family !== 4) throw faults.notCidr(text);
  const whole = parseCidr(vpc.cidrBlock);
  if (cidr.prefix < 16 || cidr.prefix > 28 || !whole || !contains(whole, cidr))
    throw faults.subnetRange(text);
  const taken = siblings.some(({ cidrBlock }) => {
    const other = parseCidr(cidrBlock);
    return other && overlaps(other, cidr);
  });
  if (taken) throw faults.subnetConflict(text);
  return renderCidr(cidr);
}

export const createDefaultSubnet = ec2Operation<CreateDefaultSubnetRequest, CreateDefaultSubnetResult>({
  name: 'CreateDefaultSubnet',
  touches: () => ['subnet'],
  async handle(call, { AvailabilityZone: zone = '', Ipv6Native }) {
    if (Ipv6Native === true) throw faults.notImplemented('IPv6 in a subnet');
    const home = homeOf(call);
    const zones = zonesOf(home.region);
    if (!zones.includes(zone)) throw faults.invalidZone(zone, zones);
    const { value } = await call.plane.store.transact((tx) => {
      const vpc = list(tx, home, vpcs).find(({ isDefault }) => isDefault);
      if (!vpc) throw faults.noDefaultVpc();
      const siblings = list(tx, home, subnets).filter(({ vpcId }) => vpcId === vpc.id);
      const known = siblings.find((subnet) => subnet.isDefault && subnet.zone === zone);
      if (known) throw faults.defaultSubnetExists(known.id, zone);
      const made = defaultSubnet(call.plane.random, { vpcId: vpc.id, zone, index: zones.indexOf(zone) });
      subnetCidr(made.cidrBlock, vpc, siblings);
      return put(tx, home, subnets, made);
    });
    return { Subnet: subnetShape(home, value) };
  },
});

const filters: FilterTable<Subnet & { readonly home: Home }> = {
  'subnet-id': ({ id }) => id,
  'subnet-arn': ({ home, id }) => arnOf(home, 'subnet', id),
  'vpc-id': ({ vpcId }) => vpcId,
  'availability-zone': ({ zone }) => zone,
  availabilityZone: ({ zone }) => zone,
  'availability-zone-id': ({ zone }) => zoneIdOf(zone),
  availabilityZoneId: ({ zone }) => zoneIdOf(zone),
  'available-ip-address-count': ({ cidrBlock }) => addressesOf(cidrBlock),
  cidr: ({ cidrBlock }) => cidrBlock,
  'cidr-block': ({ cidrBlock }) => cidrBlock,
  cidrBlock: ({ cidrBlock }) => cidrBlock,
  'default-for-az': ({ isDefault }) => isDefault,
  defaultForAz: ({ isDefault }) => isDefault,
  'map-public-ip-on-launch': ({ mapPublicIp }) => mapPublicIp,
  'map-customer-owned-ip-on-launch': () => false,
  'ipv6-native': () => false,
  'ipv6-cidr-block-association.ipv6-cidr-block': () => undefined,
  'ipv6-cidr-block-association.association-id': () => undefined,
  'ipv6-cidr-block-association.state': () => undefined,
  'outpost-arn': () => undefined,
  'owner-id': ({ home }) => home.account,
  'private-dns-name-options-on-launch.hostname-type': ({ hostnameType }) => hostnameType,
  'private-dns-name-options-on-launch.enable-resource-name-dns-a-record': ({ resourceNameA }) =>
    resourceNameA,
  'private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record': () => false,
  state: () => 'available',
};

export const describeSubnets = ec2Operation<DescribeSubnetsRequest, DescribeSubnetsResult>({
  name: 'DescribeSubnets',
  handle(call, input) {
    const home = homeOf(call);
    const asked = withIds(list(call.plane.store, home, subnets), 'subnet', input.SubnetIds);
    const matching = filtered(
      asked.map((subnet) => ({ ...subnet, home })),
      input.Filters,
      filters,
    );
    const { items, ...page } = pageOf(matching, input);
    return { Subnets: items.map((subnet) => subnetShape(home, subnet)), ...page };
  },
});

export const deleteSubnet = ec2Operation<DeleteSubnetRequest, object>({
  name: 'DeleteSubnet',
  touches: ({ SubnetId }) => [SubnetId],
  async handle(call, { SubnetId = '' }) {
    const home = homeOf(call);
    await call.plane.store.transact((tx) => {
      const { id } = existingSubnet(tx, home, SubnetId);
      remove(tx, home, subnets, id);
      for (const table of list(tx, home, routeTables)) {
        const associations = table.associations.filter(({ subnetId }) => subnetId !== id);
        if (associations.length < table.associations.length)
          put(tx, home, routeTables, { ...table, associations });
      }
    });
    return {};
  },
});

export function existingSubnet(reader: Reader, home: Home, id: string): Subnet {
  if (!id.startsWith('subnet-')) throw faults.malformedId('subnet', id);
  const subnet = find(reader, home, subnets, id);
  if (!subnet) throw faults.notFound('subnet', id);
  return subnet;
}

/** Addresses of a block that instances could have. */
function addressesOf(cidrBlock: string): number {
  return 2 ** (32 - (parseCidr(cidrBlock)?.prefix ?? 32)) - RESERVED;
}

function subnetShape(home: Home, subnet: Subnet): SubnetShape {
  return {
    SubnetId: subnet.id,
    SubnetArn: arnOf(home, 'subnet', subnet.id),
    VpcId: subnet.vpcId,
    OwnerId: home.account,
    State: 'available',
    CidrBlock: subnet.cidrBlock,
    AvailableIpAddressCount: addressesOf(subnet.cidrBlock),
    AvailabilityZone: subnet.zone,
    AvailabilityZoneId: zoneIdOf(subnet.zone),
    DefaultForAz: subnet.isDefault,
    MapPublicIpOnLaunch: subnet.mapPublicIp,
    MapCustomerOwnedIpOnLaunch: false,
    AssignIpv6AddressOnCreation: false,
    Ipv6CidrBlockAssociationSet: [],
    Ipv6Native: false,
    EnableDns64: false,
    PrivateDnsNameOptionsOnLaunch: {
      HostnameType: subnet.hostnameType,
      EnableResourceNameDnsARecord: subnet.resourceNameA,
      EnableResourceNameDnsAAAARecord: false,
    },
    BlockPublicAccessStates: { InternetGatewayBlockMode: 'off' },
    Tags: tagListOf(subnet.tags),
  };
}
