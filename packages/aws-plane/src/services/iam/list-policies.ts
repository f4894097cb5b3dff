// ListPolicies and GetPolicy.
import type {
  GetPolicyRequest,
  GetPolicyResponse,
  ListPoliciesRequest,
  ListPoliciesResponse,
} from '@aws-sdk/client-iam';
import { defineOperation, iam } from '../../operation.ts';
import { awsManagedPolicies } from './managed-policies.ts';
import { pageOf } from './paging.ts';
import { onPolicy, policyNamed, policyShape, policyUses } from './policies.ts';
import { listRecords, tables } from './state.ts';

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
      const asked = input.OnlyAttached === true || input.PolicyUsageFilter === 'PermissionsBoundary';
      return path.startsWith(input.PathPrefix ?? '/') && (used > 0 || !asked);
    });
    const { items, ...page } = pageOf(wanted, ({ arn }) => arn, input);
    return { Policies: items.map((policy) => policyShape(policy, useOf(policy.arn), 'listed')), ...page };
  },
});

export const getPolicy = defineOperation<GetPolicyRequest, GetPolicyResponse>({
  name: 'GetPolicy',
  access: onPolicy('iam:GetPolicy'),
  handle(call, { PolicyArn }) {
    const policy = policyNamed(call, PolicyArn);
    const use = policyUses(call.plane.store, call.account)(policy.arn);
    return { Policy: policyShape(policy, use, 'whole') };
  },
});
