// The only file that knows EC2's keys in the store, and the shapes kept under them.
//
//   aws/ec2/<account>/<region>/made            HomeFacts, once the default network was made
//   aws/ec2/<account>/<region>/<prefix>/<id>   one resource
import type { Reader, Transaction } from '@pergola/store';
import type { Home, IdPrefix } from './home.ts';

export type Tags = Readonly<Record<string, string>>;

interface Resource {
  readonly id: string;
  readonly tags: Tags;
}

export interface Vpc extends Resource {
  readonly cidrBlock: string;
  readonly cidrAssociationId: string;
  readonly isDefault: boolean;
  readonly tenancy: 'default' | 'dedicated';
  readonly dnsSupport: boolean;
  readonly dnsHostnames: boolean;
  readonly addressUsageMetrics: boolean;
}

export interface Subnet extends Resource {
  readonly vpcId: string;
  readonly cidrBlock: string;
  /** Its zone, e.g. `us-east-1a`. */
  readonly zone: string;
  readonly isDefault: boolean;
  readonly mapPublicIp: boolean;
  readonly aclAssociationId: string;
  /** What the names of instances are made of. */
  readonly hostnameType: 'ip-name' | 'resource-name';
  readonly resourceNameA: boolean;
}

export interface SecurityGroup extends Resource {
  readonly vpcId: string;
  readonly name: string;
  readonly description: string;
}

/** One rule of a group: one peer, one range of ports. */
export interface Rule extends Resource {
  readonly groupId: string;
  readonly egress: boolean;
  /** `tcp`, `udp`, `icmp`, `icmpv6`, a number, or `-1` for all. */
  readonly protocol: string;
  /** -1: all. Of ICMP: type and code. */
  readonly fromPort: number;
  readonly toPort: number;
  readonly peer: Peer;
  readonly description?: string | undefined;
}

export type Peer =
  | { readonly cidrIpv4: string }
  | { readonly cidrIpv6: string }
  | { readonly groupId: string };

export interface Route {
  readonly destination: string;
  /** `local`, or the id of an internet gateway. */
  readonly gatewayId: string;
}

export interface RouteTable extends Resource {
  readonly vpcId: string;
  /** Beside the local one, which every table has. */
  readonly routes: readonly Route[];
  readonly associations: readonly RouteTableAssociation[];
}

/** Of a table with a subnet, or with all subnets that have none of their own. */
export interface RouteTableAssociation {
  readonly id: string;
  readonly subnetId?: string | undefined;
}

/** Each VPC has one, which allows everything. */
export interface NetworkAcl extends Resource {
  readonly vpcId: string;
}

export interface InternetGateway extends Resource {
  readonly vpcId?: string | undefined;
}

/** One kind of resource. */
export interface Table<T> {
  readonly prefix: IdPrefix;
  /** Never present: carries the type. */
  readonly record?: T;
}

export const vpcs: Table<Vpc> = { prefix: 'vpc' };
export const subnets: Table<Subnet> = { prefix: 'subnet' };
export const securityGroups: Table<SecurityGroup> = { prefix: 'sg' };
export const rules: Table<Rule> = { prefix: 'sgr' };
export const routeTables: Table<RouteTable> = { prefix: 'rtb' };
export const networkAcls: Table<NetworkAcl> = { prefix: 'acl' };
export const internetGateways: Table<InternetGateway> = { prefix: 'igw' };

/** What an account has in a region from the beginning. */
export interface HomeFacts {
  readonly dhcpOptionsId: string;
}

const homePrefix = ({ account, region }: Home) => `aws/ec2/${account}/${region}/`;
const tablePrefix = (home: Home, { prefix }: { readonly prefix: IdPrefix }) =>
  `${homePrefix(home)}${prefix}/`;

export function readHomeFacts(reader: Reader, home: Home): HomeFacts | undefined {
  const text = reader.get(`${homePrefix(home)}made`)?.value;
  return text === undefined ? undefined : (JSON.parse(text) as HomeFacts);
}

export function writeHomeFacts(tx: Transaction, home: Home, facts: HomeFacts): void {
  tx.put(`${homePrefix(home)}made`, JSON.stringify(facts));
}

/** The resource with this id, whatever a client may have written for it. */
export function find<T extends Resource>(
  reader: Reader,
  home: Home,
  table: Table<T>,
  id: string,
): T | undefined {
  if (!/^[a-z]+-[0-9a-f]+$/.test(id)) return undefined;
  const text = reader.get(tablePrefix(home, table) + id)?.value;
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

/** All of a kind, in the order of their ids. */
export function list<T extends Resource>(reader: Reader, home: Home, table: Table<T>): T[] {
  return reader.list(tablePrefix(home, table)).map(({ value }) => JSON.parse(value) as T);
}

export function put<T extends Resource>(tx: Transaction, home: Home, table: Table<T>, resource: T): T {
  tx.put(tablePrefix(home, table) + resource.id, JSON.stringify(resource));
  return resource;
}

export function remove<T extends Resource>(tx: Transaction, home: Home, table: Table<T>, id: string): void {
  tx.delete(tablePrefix(home, table) + id);
}

/** Of any kind, for tags. */
export function resourceTable(prefix: IdPrefix): Table<Resource> {
  return { prefix };
}
