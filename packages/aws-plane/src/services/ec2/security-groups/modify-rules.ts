// ModifySecurityGroupRules and UpdateSecurityGroupRuleDescriptions*: rules change and keep their ids.
import type {
  ModifySecurityGroupRulesRequest,
  ModifySecurityGroupRulesResult,
  SecurityGroupRuleRequest,
  UpdateSecurityGroupRuleDescriptionsIngressRequest,
  UpdateSecurityGroupRuleDescriptionsIngressResult,
} from '@aws-sdk/client-ec2';
import type { Reader } from '@pergola/store';
import { ec2Operation, homeOf } from '../ec2-operation.ts';
import { faults } from '../faults.ts';
import type { Home } from '../home.ts';
import { find, list, type Peer, put, rules, type SecurityGroup } from '../state.ts';
import {
  groupPeer,
  ipv4Peer,
  ipv6Peer,
  portsOf,
  ruleDescription,
  ruleFactsOf,
  sameRule,
} from './permissions.ts';
import { ruleText } from './rule-text.ts';
import { existingGroup, namedGroup, touchedGroup } from './security-groups.ts';

export const modifySecurityGroupRules = ec2Operation<
  ModifySecurityGroupRulesRequest,
  ModifySecurityGroupRulesResult
>({
  name: 'ModifySecurityGroupRules',
  touches: ({ GroupId, SecurityGroupRules = [] }) => [
    GroupId,
    ...SecurityGroupRules.map(({ SecurityGroupRuleId }) => SecurityGroupRuleId),
  ],
  async handle(call, { GroupId = '', SecurityGroupRules = [] }) {
    const home = homeOf(call);
    await call.plane.store.transact((tx) => {
      const group = existingGroup(tx, home, GroupId);
      for (const { SecurityGroupRuleId: id = '', SecurityGroupRule: wanted = {} } of SecurityGroupRules) {
        const rule = find(tx, home, rules, id);
        if (rule?.groupId !== group.id) throw faults.notFound('sgr', id);
        const changed = {
          ...rule,
          ...portsOf(wanted.IpProtocol, wanted.FromPort, wanted.ToPort),
          peer: peerOf(tx, home, group, wanted),
          description: ruleDescription(wanted.Description),
        };
        const twin = list(tx, home, rules).find(
          (other) =>
            other.id !== id &&
            other.groupId === group.id &&
            other.egress === rule.egress &&
            sameRule(other, changed),
        );
        if (twin) throw faults.ruleExists(ruleText(changed));
        put(tx, home, rules, changed);
      }
    });
    return { Return: true };
  },
});

function peerOf(reader: Reader, home: Home, group: SecurityGroup, wanted: SecurityGroupRuleRequest): Peer {
  const { CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupId: GroupId } = wanted;
  const given = [CidrIpv4, CidrIpv6, PrefixListId, GroupId].filter((peer) => peer !== undefined);
  if (given.length !== 1) throw faults.onePeer();
  if (PrefixListId !== undefined) throw faults.noSuchPrefixList(PrefixListId);
  if (CidrIpv4 !== undefined) return ipv4Peer(CidrIpv4);
  return CidrIpv6 === undefined ? groupPeer(reader, home, group, { GroupId }) : ipv6Peer(CidrIpv6);
}

type UpdateRequest = UpdateSecurityGroupRuleDescriptionsIngressRequest;

const updateDescriptions = (egress: boolean) =>
  ec2Operation<UpdateRequest, UpdateSecurityGroupRuleDescriptionsIngressResult>({
    name: `UpdateSecurityGroupRuleDescriptions${egress ? 'Egress' : 'Ingress'}`,
    touches: touchedGroup,
    async handle(call, input) {
      const home = homeOf(call);
      await call.plane.store.transact((tx) => {
        const group = namedGroup(tx, home, input.GroupId, input.GroupName);
        const own = list(tx, home, rules).filter(
          (rule) => rule.groupId === group.id && rule.egress === egress,
        );
        for (const { id, description } of describedRules(tx, home, group, input)) {
          const rule = own.find((other) => (typeof id === 'string' ? other.id === id : sameRule(other, id)));
          if (!rule) throw typeof id === 'string' ? faults.notFound('sgr', id) : faults.noSuchRule();
          put(tx, home, rules, { ...rule, description });
        }
      });
      return { Return: true };
    },
  });

/** Rules by their ids or by what they allow, with the descriptions that they shall have. */
function describedRules(reader: Reader, home: Home, group: SecurityGroup, input: UpdateRequest) {
  const { SecurityGroupRuleDescriptions: descriptions = [] } = input;
  if (descriptions.length > 0) {
    return descriptions.map(({ SecurityGroupRuleId: id = '', Description }) => {
      return { id, description: ruleDescription(Description) };
    });
  }
  const facts = ruleFactsOf(reader, home, group, { IpPermissions: input.IpPermissions ?? [] });
  return facts.map((rule) => ({ id: rule, description: rule.description }));
}

export const updateSecurityGroupRuleDescriptionsIngress = updateDescriptions(false);
export const updateSecurityGroupRuleDescriptionsEgress = updateDescriptions(true);
