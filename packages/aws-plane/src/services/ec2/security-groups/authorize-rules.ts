// AuthorizeSecurityGroupIngress and -Egress: new rules, all or none.
import type {
  AuthorizeSecurityGroupIngressRequest,
  AuthorizeSecurityGroupIngressResult,
} from '@aws-sdk/client-ec2';
import type { Transaction } from '@pergola/store';
import { ec2Operation, homeOf } from '../ec2-operation.ts';
import { faults } from '../faults.ts';
import { drawId, type Home } from '../home.ts';
import { list, put, type Rule, rules } from '../state.ts';
import { specifiedTags } from '../tags/specified-tags.ts';
import { ruleFactsOf, ruleShape, sameRule } from './permissions.ts';
import { ruleText } from './rule-text.ts';
import { namedGroup, touchedGroup } from './security-groups.ts';

/** AWS's default quota, for each direction and each of IPv4 and IPv6. */
const MOST_RULES = 60;

/** Requests of both directions have the same members; that of egress knows no names of groups. */
const authorize = (egress: boolean) =>
  ec2Operation<AuthorizeSecurityGroupIngressRequest, AuthorizeSecurityGroupIngressResult>({
    name: `AuthorizeSecurityGroup${egress ? 'Egress' : 'Ingress'}`,
    tagged: 'sgr',
    touches: touchedGroup,
    async handle(call, input) {
      const home = homeOf(call);
      const { store, random } = call.plane;
      const tags = specifiedTags('sgr', input.TagSpecifications);
      const { value } = await store.transact((tx) => {
        const group = namedGroup(tx, home, input.GroupId, input.GroupName);
        const added = ruleFactsOf(tx, home, group, input).map((facts): Rule => {
          return { id: drawId(random, 'sgr'), groupId: group.id, egress, ...facts, tags };
        });
        addRules(tx, home, added);
        return added;
      });
      return { Return: true, SecurityGroupRules: value.map((rule) => ruleShape(home, rule)) };
    },
  });

/** Writes rules of one group and direction. Throws when one is there already, or they are too many. */
function addRules(tx: Transaction, home: Home, added: readonly Rule[]): void {
  const [first] = added;
  const own = list(tx, home, rules).filter(
    ({ groupId, egress }) => groupId === first?.groupId && egress === first.egress,
  );
  added.forEach((rule, index) => {
    if (own.some((other) => sameRule(other, rule))) throw faults.ruleExists(ruleText(rule));
    if (added.slice(0, index).some((other) => sameRule(other, rule))) throw faults.ruleRepeated();
    put(tx, home, rules, rule);
  });
  const all = [...own, ...added];
  const ofIpv6 = all.filter(({ peer }) => 'cidrIpv6' in peer).length;
  const ofIpv4 = all.filter(({ peer }) => 'cidrIpv4' in peer).length;
  const ofGroups = all.length - ofIpv4 - ofIpv6;
  if (Math.max(ofIpv4, ofIpv6) + ofGroups > MOST_RULES) throw faults.tooManyRules();
}

export const authorizeSecurityGroupIngress = authorize(false);
export const authorizeSecurityGroupEgress = authorize(true);
