// CreatePolicy: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html
import type { CreatePolicyRequest, CreatePolicyResponse } from '@aws-sdk/client-iam';
import { defineOperation } from '../../operation.ts';
import { checkManaged } from './documents.ts';
import { faults } from './faults.ts';
import { arnOf, drawId, pathOf } from './naming.ts';
import { policyShape } from './policies.ts';
import { quotas } from './quotas.ts';
import { listRecords, type StoredPolicy, tables, writeRecord } from './state.ts';
import { requestTagContext, tagsUnlessNone, withTags } from './tags.ts';
import { timestampOf } from './timestamp.ts';

export const createPolicy = defineOperation<CreatePolicyRequest, CreatePolicyResponse>({
  name: 'CreatePolicy',
  access: {
    iam({ PolicyName = '', Path, Tags }, { account }) {
      const resource = arnOf(account, 'policy', Path ?? '/', PolicyName);
      const context = requestTagContext(Tags);
      const create = { action: 'iam:CreatePolicy', resource, context };
      return Tags?.length ? [create, { action: 'iam:TagPolicy', resource, context }] : [create];
    },
  },
  validate({ PolicyDocument = '', Path, Tags }) {
    pathOf(Path);
    checkManaged(PolicyDocument);
    withTags({}, Tags);
  },
  async handle({ account, plane, nowMs }, input) {
    const { PolicyName: name = '', PolicyDocument: document = '', Description } = input;
    const path = pathOf(input.Path);
    const createdAt = timestampOf(nowMs);
    const policy: StoredPolicy = {
      name,
      path,
      id: drawId(plane.random, 'policy'),
      arn: arnOf(account, 'policy', path, name),
      createdAt,
      updatedAt: createdAt,
      defaultVersionId: 'v1',
      versions: [{ id: 'v1', document, createdAt }],
      nextVersion: 2,
      tags: withTags({}, input.Tags),
      ...(Description === undefined ? {} : { description: Description }),
    };
    await plane.store.transact((tx) => {
      const known = listRecords(tx, tables.policies, account);
      // Names are unique in the account, whatever the path.
      if (known.some((each) => each.name.toLowerCase() === name.toLowerCase()))
        throw faults.policyExists(name);
      if (known.length >= quotas.Policies) throw faults.quota('PoliciesPerAccount', quotas.Policies);
      writeRecord(tx, tables.policies, { account, name: policy.arn }, policy);
    });
    const unused = { attachments: 0, boundaries: 0 };
    return { Policy: { ...policyShape(policy, unused, 'listed'), ...tagsUnlessNone(policy.tags) } };
  },
});
