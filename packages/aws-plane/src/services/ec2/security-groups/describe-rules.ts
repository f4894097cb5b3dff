// DescribeSecurityGroupRules.
import type {
  DescribeSecurityGroupRulesRequest,
  DescribeSecurityGroupRulesResult,
} from '@aws-sdk/client-ec2';
import { ec2Operation, homeOf } from '../ec2-operation.ts';
import { faults } from '../faults.ts';
import { filtered, type FilterTable } from '../filters.ts';
import { pageOf, withIds } from '../pages.ts';
import { list, type Rule, rules } from '../state.ts';
import { ruleShape } from './permissions.ts';

const filters: FilterTable<Rule> = {
  'group-id': ({ groupId }) => groupId,
  'security-group-rule-id': ({ id }) => id,
};

export const describeSecurityGroupRules = ec2Operation<
  DescribeSecurityGroupRulesRequest,
  DescribeSecurityGroupRulesResult
>({
  name: 'DescribeSecurityGroupRules',
  handle(call, input) {
    const { SecurityGroupRuleIds: ids, MaxResults, Filters } = input;
    if (MaxResults !== undefined && ids?.length) throw faults.idsAndMaxResults('securityGroupRuleIds');
    const home = homeOf(call);
    const asked = withIds(list(call.plane.store, home, rules), 'sgr', ids);
    const { items, ...page } = pageOf(filtered(asked, Filters, filters), input);
    return { SecurityGroupRules: items.map((rule) => ruleShape(home, rule)), ...page };
  },
});
