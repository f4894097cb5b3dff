// DeletePolicy: https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html
import type { DeletePolicyRequest } from '@aws-sdk/client-iam';
import { defineOperation } from '../../operation.ts';
import { faults } from './faults.ts';
import { customerPolicy, onPolicy, policyUses } from './policies.ts';
import { tables } from './state.ts';

export const deletePolicy = defineOperation<DeletePolicyRequest, object>({
  name: 'DeletePolicy',
  access: onPolicy('iam:DeletePolicy'),
  async handle({ plane, account }, { PolicyArn: arn = '' }) {
    await plane.store.transact((tx) => {
      const policy = customerPolicy(tx, account, arn);
      const { attachments, boundaries } = policyUses(tx, account)(policy.arn);
      if (attachments + boundaries > 0) throw faults.policyAttached();
      if (policy.versions.length > 1) throw faults.mustDeleteVersionsFirst();
      tx.delete(tables.policies.key(account, arn));
    });
    return {};
  },
});
