// Rules and permissions: a permission is a protocol and ports with many peers, a rule has one. Both ways.
import type { IpPermission, SecurityGroupRule } from '@aws-sdk/client-ec2';
import type { Reader } from '@pergola/store';
import { faults } from '../faults.ts';
import { arnOf, type Home } from '../home.ts';
import { parseCidr, renderCidr } from '../network/cidr.ts';
import { find, list, type Peer, type Rule, type SecurityGroup, securityGroups } from '../state.ts';
import { tagListOf } from '../tags/specified-tags.ts';
import { DESCRIPTION, hasPorts, protocolOf } from './rule-text.ts';

/** A rule as a request describes it. */
export type RuleFacts = Pick<Rule, 'protocol' | 'fromPort' | 'toPort' | 'peer' | 'description'>;

/** Rules as DescribeSecurityGroups shows them: together where protocol and ports are the same. */
export function permissionsOf(rules: readonly Rule[], { account }: Home): IpPermission[] {
  const byPorts = new Map<string, Rule[]>();
  for (const rule of rules) {
    const key = `${rule.protocol} ${rule.fromPort} ${rule.toPort}`;
    byPorts.set(key, [...(byPorts.get(key) ?? []), rule]);
  }
  return [...byPorts.values()].map((same) => {
    const { protocol, fromPort, toPort } = same[0] as Rule;
    const permission = {
      IpProtocol: protocol,
      ...(protocol !== '-1' && { FromPort: fromPort, ToPort: toPort }),
      IpRanges: [] as object[],
      Ipv6Ranges: [] as object[],
      UserIdGroupPairs: [] as object[],
      PrefixListIds: [],
    };
    for (const { peer, description } of same) {
      const Description = description === undefined ? {} : { Description: description };
      if ('cidrIpv4' in peer) permission.IpRanges.push({ CidrIp: peer.cidrIpv4, ...Description });
      else if ('cidrIpv6' in peer) permission.Ipv6Ranges.push({ CidrIpv6: peer.cidrIpv6, ...Description });
      else permission.UserIdGroupPairs.push({ GroupId: peer.groupId, UserId: account, ...Description });
    }
    return permission;
  });
}

/** One rule, as the operations on rules show it. */
export function ruleShape(home: Home, rule: Rule): SecurityGroupRule {
  const { peer } = rule;
  return {
    SecurityGroupRuleId: rule.id,
    SecurityGroupRuleArn: arnOf(home, 'sgr', rule.id),
    GroupId: rule.groupId,
    GroupOwnerId: home.account,
    IsEgress: rule.egress,
    IpProtocol: rule.protocol,
    FromPort: rule.fromPort,
    ToPort: rule.toPort,
    ...('cidrIpv4' in peer && { CidrIpv4: peer.cidrIpv4 }),
    ...('cidrIpv6' in peer && { CidrIpv6: peer.cidrIpv6 }),
    ...('groupId' in peer && {
      ReferencedGroupInfo: { GroupId: peer.groupId, UserId: home.account },
    }),
    ...(rule.description !== undefined && { Description: rule.description }),
    Tags: tagListOf(rule.tags),
  };
}

/** The parameters of the older form, which stand beside IpPermissions. */
export interface FlatPermission {
  readonly CidrIp?: string | undefined;
  readonly FromPort?: number | undefined;
  readonly ToPort?: number | undefined;
  readonly IpProtocol?: string | undefined;
  readonly SourceSecurityGroupName?: string | undefined;
  readonly SourceSecurityGroupOwnerId?: string | undefined;
  readonly IpPermissions?: readonly IpPermission[] | undefined;
}

/** The rules that a request describes. Throws for one that is malformed, and for none. */
export function ruleFactsOf(
  reader: Reader,
  home: Home,
  group: SecurityGroup,
  input: FlatPermission,
): RuleFacts[] {
  const permissions = input.IpPermissions ?? [flatPermission(input)];
  const found = permissions.flatMap((permission) => factsOf(reader, home, group, permission));
  if (found.length === 0) throw faults.missing('ipPermissions');
  return found;
}

function flatPermission(input: FlatPermission): IpPermission {
  const { IpProtocol, FromPort, ToPort, CidrIp, SourceSecurityGroupName, SourceSecurityGroupOwnerId } = input;
  if (IpProtocol === undefined && SourceSecurityGroupName === undefined)
    throw faults.missing('ipPermissions');
  return {
    IpProtocol: IpProtocol ?? '-1',
    FromPort,
    ToPort,
    ...(CidrIp !== undefined && { IpRanges: [{ CidrIp }] }),
    ...(SourceSecurityGroupName !== undefined && {
      UserIdGroupPairs: [{ GroupName: SourceSecurityGroupName, UserId: SourceSecurityGroupOwnerId }],
    }),
  };
}

function factsOf(reader: Reader, home: Home, group: SecurityGroup, permission: IpPermission): RuleFacts[] {
  const ports = portsOf(permission.IpProtocol, permission.FromPort, permission.ToPort);
  const { IpRanges = [], Ipv6Ranges = [], UserIdGroupPairs = [], PrefixListIds = [] } = permission;
  const [prefixList] = PrefixListIds;
  if (prefixList) throw faults.noSuchPrefixList(prefixList.PrefixListId ?? '');
  const facts = (peer: Peer, Description: string | undefined) => ({
    ...ports,
    peer,
    description: ruleDescription(Description),
  });
  return [
    ...IpRanges.map(({ CidrIp = '', Description }) => facts(ipv4Peer(CidrIp), Description)),
    ...Ipv6Ranges.map(({ CidrIpv6 = '', Description }) => facts(ipv6Peer(CidrIpv6), Description)),
    ...UserIdGroupPairs.map(({ GroupId, GroupName, UserId, Description }) => {
      if (UserId !== undefined && UserId !== home.account) throw faults.otherNetwork();
      return facts(groupPeer(reader, home, group, { GroupId, GroupName }), Description);
    }),
  ];
}

/** Protocol and ports in the form in which rules are compared. */
export function portsOf(
  given: string | undefined,
  from: number | undefined,
  to: number | undefined,
): Pick<Rule, 'protocol' | 'fromPort' | 'toPort'> {
  if (given === undefined) throw faults.missing('ipProtocol');
  const protocol = protocolOf(given);
  if (protocol === undefined) throw faults.protocol(given);
  if (protocol === '-1') return { protocol, fromPort: -1, toPort: -1 };
  if (!hasPorts(protocol)) return { protocol, fromPort: from ?? -1, toPort: to ?? -1 };
  if (from === undefined || to === undefined) throw faults.needsPorts();
  const isPort = (port: number) => Number.isInteger(port) && port >= 0 && port <= 65_535;
  if (!isPort(from) || !isPort(to) || from > to) throw faults.portRange(from, to);
  return { protocol, fromPort: from, toPort: to };
}

export function ruleDescription(text: string | undefined): string | undefined {
  if (text !== undefined && !DESCRIPTION.test(text)) throw faults.groupDescription('rule');
  return text === '' ? undefined : text;
}

export function ipv4Peer(text: string): Peer {
  const cidr = parseCidr(text);
  if (cidr?.family !== 4) throw faults.malformedCidr(text);
  return { cidrIpv4: renderCidr(cidr) };
}

export function ipv6Peer(text: string): Peer {
  const cidr = parseCidr(text);
  if (cidr?.family !== 6) throw faults.malformedCidr(text);
  return { cidrIpv6: renderCidr(cidr) };
}

/** Another group of the same VPC, by its id or its name. */
export function groupPeer(
  reader: Reader,
  home: Home,
  group: SecurityGroup,
  { GroupId, GroupName }: { readonly GroupId?: string | undefined; readonly GroupName?: string | undefined },
): Peer {
  if (GroupId !== undefined) {
    if (!GroupId.startsWith('sg-')) throw faults.malformedId('sg', GroupId);
    const other = find(reader, home, securityGroups, GroupId);
    if (!other) throw faults.notFound('sg', GroupId);
    if (other.vpcId !== group.vpcId) throw faults.otherNetwork();
    return { groupId: other.id };
  }
  if (GroupName === undefined) throw faults.needsGroup();
  const other = list(reader, home, securityGroups).find(
    ({ vpcId, name }) => vpcId === group.vpcId && name === GroupName,
  );
  if (!other) throw faults.noGroupNamed(GroupName);
  return { groupId: other.id };
}

/** Whether two rules allow the same: their descriptions do not count. */
export function sameRule(a: RuleFacts, b: RuleFacts): boolean {
  return keyOf(a) === keyOf(b);
}

function keyOf({ protocol, fromPort, toPort, peer }: RuleFacts): string {
  return JSON.stringify([protocol, fromPort, toPort, peer]);
}
