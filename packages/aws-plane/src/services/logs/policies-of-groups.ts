// What may be asked of a group and that no group has here: index policies, field indexes, data protection.
import type { GetDataProtectionPolicyRequest } from '@aws-sdk/client-cloudwatch-logs';
import type { Call } from '../../call.ts';
import { type AnyOperation, defineOperation } from '../../operation.ts';
import { checkOnGroup, onGroup } from './access.ts';
import { groupAt, groupOf, identifiedName } from './groups.ts';

interface GroupsInput {
  readonly logGroupIdentifiers?: readonly string[] | undefined;
}

/** DescribeIndexPolicies and DescribeFieldIndexes. */
export const emptyIndexOperations: readonly AnyOperation[] = [
  ['DescribeIndexPolicies', 'indexPolicies'] as const,
  ['DescribeFieldIndexes', 'fieldIndexes'] as const,
].map(([name, member]) =>
  defineOperation<GroupsInput, object>({
    name,
    access: {
      iam: (input, call) => namesOf(call, input).map((at) => checkOnGroup(call, `logs:${name}`, at)),
    },
    handle(call, input) {
      for (const at of namesOf(call, input)) groupAt(call.plane.store, at);
      return { [member]: [] };
    },
  }),
);

function namesOf(call: Call, { logGroupIdentifiers = [] }: GroupsInput) {
  return logGroupIdentifiers.map((identifier) => identifiedName(call, identifier));
}

/** A group without a policy is answered with its identifier only. */
export const getDataProtectionPolicy = defineOperation<GetDataProtectionPolicyRequest, object>({
  name: 'GetDataProtectionPolicy',
  access: onGroup('logs:GetDataProtectionPolicy'),
  handle(call, input) {
    groupOf(call, input);
    return { logGroupIdentifier: input.logGroupIdentifier };
  },
});
