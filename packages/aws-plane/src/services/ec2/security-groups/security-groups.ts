// CreateSecurityGroup, DescribeSecurityGroups, DeleteSecurityGroup.
import type {
  CreateSecurityGroupRequest,
  CreateSecurityGroupResult,
  DeleteSecurityGroupRequest,
  DeleteSecurityGroupResult,
  DescribeSecurityGroupsRequest,
  DescribeSecurityGroupsResult,
} from '@aws-sdk/client-ec2';
import type { Reader } from '@pergola/store';
import type { Call } from '../../../call.ts';
import { ec2Operation, homeOf } from '../ec2-operation.ts';
import { faults } from '../faults.ts';
import { filtered, type FilterTable } from '../filters.ts';
import { arnOf, drawId, type Home } from '../home.ts';
import { existingVpc } from '../network/vpcs.ts';
import { groupsOf, openRule, removeGroup } from '../network/vpc-parts.ts';
import { pageOf, withIds } from '../pages.ts';
import { find, list, put, type Rule, rules, type SecurityGroup, securityGroups, vpcs } from '../state.ts';
import { specifiedTags, tagListOf } from '../tags/specified-tags.ts';
import { permissionsOf } from './permissions.ts';
import { DESCRIPTION } from './rule-text.ts';

/** AWS's default quota for a region. */
const MOST_GROUPS = 2500;

export const createSecurityGroup = ec2Operation<CreateSecurityGroupRequest, CreateSecurityGroupResult>({
  name: 'CreateSecurityGroup',
  tagged: 'sg',
  touches: ({ VpcId }) => [VpcId, 'sg'],
  async handle(call, { GroupName: name = '', Description: description = '', VpcId, TagSpecifications }) {
    if (!DESCRIPTION.test(name) || name === '' || name.startsWith('sg-')) throw faults.groupName(name);
    if (name === 'default') throw faults.reservedGroupName();
    if (!DESCRIPTION.test(description)) throw faults.groupDescription('security group');
    const home = homeOf(call);
    const { store, random } = call.plane;
    const tags = specifiedTags('sg', TagSpecifications);
    const { value } = await store.transact((tx) => {
      const vpc = VpcId === undefined ? defaultVpcOf(tx, home) : existingVpc(tx, home, VpcId);
      if (groupsOf(tx, home, vpc.id).some((group) => group.name === name))
        throw faults.groupExists(name, vpc.id);
      if (list(tx, home, securityGroups).length >= MOST_GROUPS) throw faults.tooManyGroups();
      const group = { id: drawId(random, 'sg'), vpcId: vpc.id, name, description, tags };
      put(tx, home, rules, openRule(random, group, { egress: true, peer: { cidrIpv4: '0.0.0.0/0' } }));
      return put(tx, home, securityGroups, group);
    });
    return {
      GroupId: value.id,
      SecurityGroupArn: arnOf(home, 'sg', value.id),
      ...(Object.keys(tags).length > 0 && { Tags: tagListOf(tags) }),
    };
  },
});

function defaultVpcOf(reader: Reader, home: Home) {
  const vpc = list(reader, home, vpcs).find(({ isDefault }) => isDefault);
  if (!vpc) throw faults.noDefaultVpc();
  return vpc;
}

interface Described extends SecurityGroup {
  readonly owner: string;
  readonly rules: readonly Rule[];
}

type ReadRule = (rule: Rule) => string | number | undefined;

const ipv4Of: ReadRule = ({ peer }) => ('cidrIpv4' in peer ? peer.cidrIpv4 : undefined);
const ipv6Of: ReadRule = ({ peer }) => ('cidrIpv6' in peer ? peer.cidrIpv6 : undefined);
const groupOf: ReadRule = ({ peer }) => ('groupId' in peer ? peer.groupId : undefined);

/** What a rule may be found by; once for each direction. */
const ruleReaders: Readonly<Record<string, ReadRule>> = {
  cidr: ipv4Of,
  'ipv6-cidr': ipv6Of,
  'from-port': ({ fromPort }) => fromPort,
  'to-port': ({ toPort }) => toPort,
  protocol: ({ protocol }) => protocol,
  'group-id': groupOf,
  'group-name': () => undefined,
  'prefix-list-id': () => undefined,
};

function ruleFilters(prefix: string, egress: boolean): FilterTable<Described> {
  const entries = Object.entries(ruleReaders).map(([name, read]) => {
    const values = ({ rules: own }: Described) => own.filter((rule) => rule.egress === egress).map(read);
    return [`${prefix}.${name}`, values] as const;
  });
  return Object.fromEntries(entries);
}

const filters: FilterTable<Described> = {
  'group-id': ({ id }) => id,
  'group-name': ({ name }) => name,
  description: ({ description }) => description,
  'owner-id': ({ owner }) => owner,
  'vpc-id': ({ vpcId }) => vpcId,
  ...ruleFilters('ip-permission', false),
  ...ruleFilters('egress.ip-permission', true),
};

export const describeSecurityGroups = ec2Operation<
  DescribeSecurityGroupsRequest,
  DescribeSecurityGroupsResult
>({
  name: 'DescribeSecurityGroups',
  handle(call, input) {
    const home = homeOf(call);
    if (input.MaxResults !== undefined && input.GroupIds?.length) throw faults.idsAndMaxResults('groupIds');
    const { store } = call.plane;
    const all = list(store, home, securityGroups);
    const asked = withNames(
      withIds(all, 'sg', input.GroupIds),
      input.GroupNames,
      defaultVpcIdOf(store, home),
    );
    const byGroup = rulesByGroup(store, home);
    const described = asked.map((group) => ({
      ...group,
      owner: call.account,
      rules: byGroup.get(group.id) ?? [],
    }));
    const { items, ...page } = pageOf(filtered(described, input.Filters, filters), input);
    return { SecurityGroups: items.map((group) => groupShape(home, group)), ...page };
  },
});

function defaultVpcIdOf(reader: Reader, home: Home): string | undefined {
  return list(reader, home, vpcs).find(({ isDefault }) => isDefault)?.id;
}

/** Groups by name are those of the default VPC. */
function withNames(
  groups: readonly SecurityGroup[],
  names: readonly string[] | undefined,
  defaultVpcId: string | undefined,
): readonly SecurityGroup[] {
  if (!names || names.length === 0) return groups;
  const found = groups.filter(({ vpcId, name }) => vpcId === defaultVpcId && names.includes(name));
  const missing = names.find((name) => !found.some((group) => group.name === name));
  if (missing !== undefined) throw faults.noGroupNamed(missing);
  return found;
}

function rulesByGroup(reader: Reader, home: Home): Map<string, Rule[]> {
  const byGroup = new Map<string, Rule[]>();
  for (const rule of list(reader, home, rules)) {
    const own = byGroup.get(rule.groupId);
    if (own) own.push(rule);
    else byGroup.set(rule.groupId, [rule]);
  }
  return byGroup;
}

function groupShape(home: Home, group: Described) {
  const inDirection = (egress: boolean) => group.rules.filter((rule) => rule.egress === egress);
  return {
    GroupId: group.id,
    GroupName: group.name,
    Description: group.description,
    VpcId: group.vpcId,
    OwnerId: home.account,
    SecurityGroupArn: arnOf(home, 'sg', group.id),
    IpPermissions: permissionsOf(inDirection(false), home),
    IpPermissionsEgress: permissionsOf(inDirection(true), home),
    Tags: tagListOf(group.tags),
  };
}

export const deleteSecurityGroup = ec2Operation<DeleteSecurityGroupRequest, DeleteSecurityGroupResult>({
  name: 'DeleteSecurityGroup',
  touches: touchedGroup,
  async handle(call, { GroupId, GroupName }) {
    const home = homeOf(call);
    const { value } = await call.plane.store.transact((tx) => {
      const group = namedGroup(tx, home, GroupId, GroupName);
      if (group.name === 'default') throw faults.groupUndeletable(group.id);
      const referring = list(tx, home, rules).some(
        ({ groupId, peer }) => groupId !== group.id && 'groupId' in peer && peer.groupId === group.id,
      );
      if (referring) throw faults.groupInUse(group.id);
      removeGroup(tx, home, group);
      return group;
    });
    return { Return: true, GroupId: value.id };
  },
});

/** A group by its id, or, in the default VPC, by its name. */
export function namedGroup(
  reader: Reader,
  home: Home,
  id: string | undefined,
  name: string | undefined,
): SecurityGroup {
  if (id !== undefined) return existingGroup(reader, home, id);
  if (name === undefined) throw faults.needsGroup();
  const group = groupByName(reader, home, name);
  if (!group) throw faults.noGroupNamed(name);
  return group;
}

function groupByName(reader: Reader, home: Home, name: string): SecurityGroup | undefined {
  const defaultVpcId = defaultVpcIdOf(reader, home);
  return list(reader, home, securityGroups).find((one) => one.vpcId === defaultVpcId && one.name === name);
}

/** Policies are asked about a group's id, by whatever it is named. */
export function touchedGroup(
  input: { readonly GroupId?: string | undefined; readonly GroupName?: string | undefined },
  call: Call,
): [string | undefined] {
  const { GroupId, GroupName } = input;
  if (GroupId !== undefined || GroupName === undefined) return [GroupId];
  return [groupByName(call.plane.store, homeOf(call), GroupName)?.id ?? 'sg'];
}

export function existingGroup(reader: Reader, home: Home, id: string): SecurityGroup {
  if (!id.startsWith('sg-')) throw faults.malformedId('sg', id);
  const group = find(reader, home, securityGroups, id);
  if (!group) throw faults.notFound('sg', id);
  return group;
}
