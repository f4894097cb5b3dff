// What comes and goes with a VPC: its main route table, its network ACL, its default security group.
import type { Random } from '@pergola/kernel';
import type { Reader, Transaction } from '@pergola/store';
import { drawId, type Home } from '../home.ts';
import {
  list,
  networkAcls,
  put,
  remove,
  type Route,
  routeTables,
  type Rule,
  rules,
  type SecurityGroup,
  securityGroups,
  type Vpc,
  vpcs,
} from '../state.ts';

type NewVpc = Pick<Vpc, 'cidrBlock' | 'isDefault' | 'tenancy' | 'dnsHostnames' | 'tags'> & {
  readonly routes?: readonly Route[];
};

export function makeVpc(tx: Transaction, home: Home, random: Random, facts: NewVpc): Vpc {
  const { routes = [], ...own } = facts;
  const vpc = put(tx, home, vpcs, {
    id: drawId(random, 'vpc'),
    cidrAssociationId: drawId(random, 'vpc-cidr-assoc'),
    dnsSupport: true,
    addressUsageMetrics: false,
    ...own,
  });
  const vpcId = vpc.id;
  const main = { id: drawId(random, 'rtbassoc') };
  put(tx, home, routeTables, { id: drawId(random, 'rtb'), vpcId, routes, associations: [main], tags: {} });
  put(tx, home, networkAcls, { id: drawId(random, 'acl'), vpcId, tags: {} });
  const group = put(tx, home, securityGroups, {
    id: drawId(random, 'sg'),
    vpcId,
    name: 'default',
    description: 'default VPC security group',
    tags: {},
  });
  put(tx, home, rules, openRule(random, group, { egress: false, peer: { groupId: group.id } }));
  put(tx, home, rules, openRule(random, group, { egress: true, peer: { cidrIpv4: '0.0.0.0/0' } }));
  return vpc;
}

/** A rule for all protocols and ports. */
export function openRule(
  random: Random,
  group: SecurityGroup,
  { egress, peer }: Pick<Rule, 'egress' | 'peer'>,
): Rule {
  const all = { protocol: '-1', fromPort: -1, toPort: -1, tags: {} };
  return { id: drawId(random, 'sgr'), groupId: group.id, egress, peer, ...all };
}

/** Takes the VPC away with what came with it. */
export function removeVpc(tx: Transaction, home: Home, { id }: Vpc): void {
  remove(tx, home, vpcs, id);
  for (const table of list(tx, home, routeTables))
    if (table.vpcId === id) remove(tx, home, routeTables, table.id);
  for (const acl of list(tx, home, networkAcls)) if (acl.vpcId === id) remove(tx, home, networkAcls, acl.id);
  for (const group of groupsOf(tx, home, id)) removeGroup(tx, home, group);
}

export function groupsOf(reader: Reader, home: Home, vpcId: string): SecurityGroup[] {
  return list(reader, home, securityGroups).filter((group) => group.vpcId === vpcId);
}

export function defaultGroupOf(reader: Reader, home: Home, vpcId: string): SecurityGroup | undefined {
  return groupsOf(reader, home, vpcId).find(({ name }) => name === 'default');
}

/** Takes a group away with its rules. */
export function removeGroup(tx: Transaction, home: Home, { id }: SecurityGroup): void {
  remove(tx, home, securityGroups, id);
  for (const rule of list(tx, home, rules)) if (rule.groupId === id) remove(tx, home, rules, rule.id);
}
