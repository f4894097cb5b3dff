// Versions of managed policies: at most five, of which one is the default. Of AWS's own only the default is known.
import type {
  CreatePolicyVersionRequest,
  CreatePolicyVersionResponse,
  DeletePolicyVersionRequest,
  GetPolicyVersionRequest,
  GetPolicyVersionResponse,
  ListPolicyVersionsRequest,
  ListPolicyVersionsResponse,
  PolicyVersion as PolicyVersionShape,
  SetDefaultPolicyVersionRequest,
} from '@aws-sdk/client-iam';
import type { Call } from '../../call.ts';
import { defineOperation } from '../../operation.ts';
import { checkManaged, encodeDocument } from './documents.ts';
import { faults } from './faults.ts';
import type { AwsManagedPolicy } from './managed-policies.ts';
import { pageOf } from './paging.ts';
import { customerPolicy, onPolicy, policyNamed } from './policies.ts';
import { quotas } from './quotas.ts';
import { type PolicyVersion, type StoredPolicy, tables, writeRecord } from './state.ts';
import { timestampOf } from './timestamp.ts';

export const createPolicyVersion = defineOperation<CreatePolicyVersionRequest, CreatePolicyVersionResponse>({
  name: 'CreatePolicyVersion',
  access: onPolicy('iam:CreatePolicyVersion'),
  validate: ({ PolicyDocument = '' }) => checkManaged(PolicyDocument),
  async handle(call, { PolicyArn, PolicyDocument: document = '', SetAsDefault = false }) {
    const createdAt = timestampOf(call.nowMs);
    const { policy, id } = await changePolicy(call, PolicyArn, (before) => {
      const most = quotas.VersionsPerPolicy;
      if (before.versions.length >= most) throw faults.versionQuota(most);
      const version: PolicyVersion = { id: `v${before.nextVersion}`, document, createdAt };
      const after: StoredPolicy = {
        ...before,
        versions: [...before.versions, version],
        nextVersion: before.nextVersion + 1,
        updatedAt: createdAt,
        ...(SetAsDefault ? { defaultVersionId: version.id } : {}),
      };
      return { policy: after, id: version.id };
    });
    return {
      PolicyVersion: {
        VersionId: id,
        IsDefaultVersion: policy.defaultVersionId === id,
        CreateDate: new Date(createdAt),
      },
    };
  },
});

export const getPolicyVersion = defineOperation<GetPolicyVersionRequest, GetPolicyVersionResponse>({
  name: 'GetPolicyVersion',
  access: onPolicy('iam:GetPolicyVersion'),
  handle(call, { PolicyArn = '', VersionId = '' }) {
    const policy = policyNamed(call, PolicyArn);
    const version = versionsOf(policy).find(({ id }) => id === VersionId);
    if (!version) throw faults.noSuchPolicyVersion(PolicyArn, VersionId);
    const shape = versionShape(policy, version);
    return { PolicyVersion: { Document: encodeDocument(version.document), ...shape } };
  },
});

export const listPolicyVersions = defineOperation<ListPolicyVersionsRequest, ListPolicyVersionsResponse>({
  name: 'ListPolicyVersions',
  access: onPolicy('iam:ListPolicyVersions'),
  handle(call, input) {
    const policy = policyNamed(call, input.PolicyArn);
    const { items, ...page } = pageOf(versionsOf(policy).toReversed(), ({ id }) => id, input);
    return { Versions: items.map((version) => versionShape(policy, version)), ...page };
  },
});

export const deletePolicyVersion = defineOperation<DeletePolicyVersionRequest, object>({
  name: 'DeletePolicyVersion',
  access: onPolicy('iam:DeletePolicyVersion'),
  async handle(call, { PolicyArn = '', VersionId = '' }) {
    await changePolicy(call, PolicyArn, (policy) => {
      assertVersion(policy, VersionId);
      if (policy.defaultVersionId === VersionId) throw faults.defaultVersion();
      return { policy: { ...policy, versions: policy.versions.filter(({ id }) => id !== VersionId) } };
    });
    return {};
  },
});

export const setDefaultPolicyVersion = defineOperation<SetDefaultPolicyVersionRequest, object>({
  name: 'SetDefaultPolicyVersion',
  access: onPolicy('iam:SetDefaultPolicyVersion'),
  async handle(call, { PolicyArn = '', VersionId = '' }) {
    const updatedAt = timestampOf(call.nowMs);
    await changePolicy(call, PolicyArn, (policy) => {
      assertVersion(policy, VersionId);
      return { policy: { ...policy, defaultVersionId: VersionId, updatedAt } };
    });
    return {};
  },
});

function versionsOf(policy: StoredPolicy | AwsManagedPolicy): readonly PolicyVersion[] {
  if ('versions' in policy) return policy.versions;
  return [{ id: policy.defaultVersionId, document: policy.document, createdAt: policy.updatedAt }];
}

function versionShape(
  policy: StoredPolicy | AwsManagedPolicy,
  { id, createdAt }: PolicyVersion,
): PolicyVersionShape {
  return {
    VersionId: id,
    IsDefaultVersion: policy.defaultVersionId === id,
    CreateDate: new Date(createdAt),
  };
}

function assertVersion(policy: StoredPolicy, version: string): void {
  if (!policy.versions.some(({ id }) => id === version))
    throw faults.noSuchPolicyVersion(policy.arn, version);
}

async function changePolicy<Change extends { readonly policy: StoredPolicy }>(
  { plane, account }: Call,
  arn: string | undefined,
  change: (policy: StoredPolicy) => Change,
): Promise<Change> {
  const { value } = await plane.store.transact((tx) => {
    const changed = change(customerPolicy(tx, account, arn ?? ''));
    writeRecord(tx, tables.policies, { account, name: changed.policy.arn }, changed.policy);
    return changed;
  });
  return value;
}
