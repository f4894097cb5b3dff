// What an account has in each region from the beginning: a VPC with a subnet in each zone, reachable from the internet.
// It is made at the first look. https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc-components.html
import type { Random } from '@pergola/kernel';
import type { Transaction } from '@pergola/store';
import type { PlaneContext } from '../../plane-context.ts';
import { drawId, type Home } from './home.ts';
import {
  internetGateways,
  put,
  readHomeFacts,
  type Subnet,
  subnets,
  type Vpc,
  writeHomeFacts,
} from './state.ts';
import { makeVpc } from './network/vpc-parts.ts';
import { zonesOf } from './zones.ts';

type Foundation = Pick<PlaneContext, 'store' | 'random'>;

/** Makes the default network where it was never made. One that was deleted is not made again. */
export async function ensureHome({ store, random }: Foundation, home: Home): Promise<void> {
  if (readHomeFacts(store, home)) return;
  await store.transact((tx) => {
    if (readHomeFacts(tx, home)) return;
    writeHomeFacts(tx, home, { dhcpOptionsId: drawId(random, 'dopt') });
    makeDefaultVpc(tx, home, random);
  });
}

const CIDR = '172.31.0.0/16';
/** Each of a 16th of the VPC's addresses. */
const SUBNET_SPACING = 16;

export function makeDefaultVpc(tx: Transaction, home: Home, random: Random): Vpc {
  const gateway = put(tx, home, internetGateways, { id: drawId(random, 'igw'), tags: {} });
  const vpc = makeVpc(tx, home, random, {
    cidrBlock: CIDR,
    isDefault: true,
    tenancy: 'default',
    dnsHostnames: true,
    tags: {},
    routes: [{ destination: '0.0.0.0/0', gatewayId: gateway.id }],
  });
  put(tx, home, internetGateways, { ...gateway, vpcId: vpc.id });
  zonesOf(home.region).forEach((zone, index) => {
    put(tx, home, subnets, defaultSubnet(random, { vpcId: vpc.id, zone, index }));
  });
  return vpc;
}

/** The `index`th subnet of a default VPC. */
export function defaultSubnet(
  random: Random,
  { vpcId, zone, index }: { readonly vpcId: string; readonly zone: string; readonly index: number },
): Subnet {
  return {
    id: drawId(random, 'subnet'),
    vpcId,
    cidrBlock: `172.31.${index * SUBNET_SPACING}.0/20`,
    zone,
    isDefault: true,
    mapPublicIp: true,
    aclAssociationId: drawId(random, 'aclassoc'),
    hostnameType: 'ip-name',
    resourceNameA: false,
    tags: {},
  };
}
