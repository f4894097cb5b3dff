// ListPolicies and GetPolicy.
import type {
  GetPolicyRequest,
  GetPolicyResponse,
  ListPoliciesRequest,
  ListPoliciesResponse,
} from '@aws-sdk/client-iam';
import { defineOperation, iam } from '../../operation.ts';
import { faults } from './faults.ts';
import { awsManagedPolicies, awsManagedPolicy } from './managed-policies.ts';
import { pageOf } from './paging.ts';
import { isAwsManaged, policyShape, policyUses } from './policies.ts';
import { listRecords, readRecord, tables } from './state.ts';

export const listPolicies = defineOperation<ListPoliciesRequest, ListPoliciesResponse>({
  name: 'ListPolicies',
  access: iam('iam:ListPolicies'),
  handle({ plane, account }, input) {
    const useOf = policyUses(plane.store, account);
    const wanted = [
      ...(input.Scope === 'AWS' ? [] : listRecords(plane.store, tables.policies, account)),
      ...(input.Scope === 'Local' ? [] : awsManagedPolicies()),
    ].filter(({ arn, path }) => {
      const use = useOf(arn);
      const used = input.PolicyUsageFilter === 'PermissionsBoundary' ? use.boundaries : use.attachments;
      return path.startsWith(input.PathPrefix ?? '/') && (used > 0 || !input.OnlyAttached);
    });
    const { items, ...page } = pageOf(wanted, ({ arn }) => arn, input);
    return { Policies: items.map((policy) => policyShape(policy, useOf(policy.arn), 'listed')), ...page };
  },
});

export const getPolicy = defineOperation<GetPolicyRequest, GetPolicyResponse>({
  name: 'GetPolicy',
  access: iam('iam:GetPolicy', ({ PolicyArn = '' }) => PolicyArn),
  handle({ plane, account }, { PolicyArn: arn = '' }) {
    const policy = isAwsManaged(arn)
      ? awsManagedPolicy(arn)
      : readRecord(plane.store, tables.policies, account, arn);
    if (!policy) throw faults.policyNotFound(arn);
    return { Policy: policyShape(policy, policyUses(plane.store, account)(arn), 'whole') };
  },
});
