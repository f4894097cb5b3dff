// RevokeSecurityGroupIngress and -Egress: rules go, by their ids or by what they allow; all or none.
import type {
  RevokedSecurityGroupRule,
  RevokeSecurityGroupIngressRequest,
  RevokeSecurityGroupIngressResult,
} from '@aws-sdk/client-ec2';
import type { Transaction } from '@pergola/store';
import { ec2Operation, homeOf } from '../ec2-operation.ts';
import { faults } from '../faults.ts';
import type { Home } from '../home.ts';
import { find, list, remove, type Rule, rules, type SecurityGroup } from '../state.ts';
import { ruleFactsOf, sameRule } from './permissions.ts';
import { namedGroup, touchedGroup } from './security-groups.ts';

const revoke = (egress: boolean) =>
  ec2Operation<RevokeSecurityGroupIngressRequest, RevokeSecurityGroupIngressResult>({
    name: `RevokeSecurityGroup${egress ? 'Egress' : 'Ingress'}`,
    touches: touchedGroup,
    async handle(call, input) {
      const home = homeOf(call);
      const { value } = await call.plane.store.transact((tx) => {
        const group = namedGroup(tx, home, input.GroupId, input.GroupName);
        const gone = rulesToRevoke(tx, home, { group, egress, input });
        for (const { id } of gone) remove(tx, home, rules, id);
        return gone;
      });
      return {
        Return: true,
        UnknownIpPermissions: [],
        RevokedSecurityGroupRules: value.map(revokedShape),
      };
    },
  });

interface Revocation {
  readonly group: SecurityGroup;
  readonly egress: boolean;
  readonly input: RevokeSecurityGroupIngressRequest;
}

function rulesToRevoke(tx: Transaction, home: Home, { group, egress, input }: Revocation): Rule[] {
  const isOwn = (rule: Rule) => rule.groupId === group.id && rule.egress === egress;
  const { SecurityGroupRuleIds: ids = [] } = input;
  if (ids.length > 0) {
    return [...new Set(ids)].map((id) => {
      const rule = find(tx, home, rules, id);
      if (!rule || !isOwn(rule)) throw faults.notFound('sgr', id);
      return rule;
    });
  }
  const own = list(tx, home, rules).filter(isOwn);
  return ruleFactsOf(tx, home, group, input).map((facts) => {
    const rule = own.find((other) => sameRule(other, facts));
    if (!rule) throw faults.noSuchRule();
    return rule;
  });
}

function revokedShape({ id, groupId, egress, peer, ...rule }: Rule): RevokedSecurityGroupRule {
  return {
    SecurityGroupRuleId: id,
    GroupId: groupId,
    IsEgress: egress,
    IpProtocol: rule.protocol,
    FromPort: rule.fromPort,
    ToPort: rule.toPort,
    ...('cidrIpv4' in peer && { CidrIpv4: peer.cidrIpv4 }),
    ...('cidrIpv6' in peer && { CidrIpv6: peer.cidrIpv6 }),
    ...('groupId' in peer && { ReferencedGroupId: peer.groupId }),
    ...(rule.description !== undefined && { Description: rule.description }),
  };
}

export const revokeSecurityGroupIngress = revoke(false);
export const revokeSecurityGroupEgress = revoke(true);
