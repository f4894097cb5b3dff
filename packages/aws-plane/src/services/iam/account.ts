// The account as a whole: its alias and its summary.
import type {
  CreateAccountAliasRequest,
  DeleteAccountAliasRequest,
  GetAccountSummaryResponse,
  ListAccountAliasesRequest,
  ListAccountAliasesResponse,
  SummaryKeyType,
} from '@aws-sdk/client-iam';
import { defineOperation, iam } from '../../operation.ts';
import { faults } from './faults.ts';
import { quotas } from './quotas.ts';
import { listRecords, readRecord, tables, writeRecord } from './state.ts';

/** An account has one alias: a new one takes the place of the old. */
export const createAccountAlias = defineOperation<CreateAccountAliasRequest, object>({
  name: 'CreateAccountAlias',
  access: iam('iam:CreateAccountAlias'),
  async handle({ plane, account }, { AccountAlias: alias = '' }) {
    await plane.store.transact((tx) =>
      writeRecord(tx, tables.aliases, { account, name: 'alias' }, { alias }),
    );
    return {};
  },
});

export const deleteAccountAlias = defineOperation<DeleteAccountAliasRequest, object>({
  name: 'DeleteAccountAlias',
  access: iam('iam:DeleteAccountAlias'),
  async handle({ plane, account }, { AccountAlias = '' }) {
    await plane.store.transact((tx) => {
      const known = readRecord(tx, tables.aliases, account, 'alias');
      if (known?.alias !== AccountAlias) throw faults.noSuchAlias(AccountAlias);
      tx.delete(tables.aliases.key(account, 'alias'));
    });
    return {};
  },
});

export const listAccountAliases = defineOperation<ListAccountAliasesRequest, ListAccountAliasesResponse>({
  name: 'ListAccountAliases',
  access: iam('iam:ListAccountAliases'),
  handle: ({ plane, account }) => ({
    AccountAliases: listRecords(plane.store, tables.aliases, account).map(({ alias }) => alias),
    IsTruncated: false,
  }),
});

/** Counts and quotas; of kinds that cannot be made here, zero is the truth. */
export const getAccountSummary = defineOperation<object, GetAccountSummaryResponse>({
  name: 'GetAccountSummary',
  access: iam('iam:GetAccountSummary'),
  handle({ plane, account }) {
    const count = (table: (typeof tables)[keyof typeof tables]) =>
      plane.store.list(table.prefix(account)).length;
    const policies = listRecords(plane.store, tables.policies, account);
    const summary: Partial<Record<SummaryKeyType, number>> = {
      Users: count(tables.users),
      UsersQuota: quotas.Users,
      Groups: count(tables.groups),
      GroupsQuota: quotas.Groups,
      Roles: count(tables.roles),
      RolesQuota: quotas.Roles,
      Policies: policies.length,
      PoliciesQuota: quotas.Policies,
      PolicyVersionsInUse: policies.reduce((sum, { versions }) => sum + versions.length, 0),
      Providers: count(tables.providers),
      AccessKeysPerUserQuota: quotas.AccessKeysPerUser,
      GroupsPerUserQuota: quotas.GroupsPerUser,
      AttachedPoliciesPerUserQuota: quotas.AttachedPolicies,
      AttachedPoliciesPerGroupQuota: quotas.AttachedPolicies,
      AttachedPoliciesPerRoleQuota: quotas.AttachedPolicies,
      VersionsPerPolicyQuota: quotas.VersionsPerPolicy,
      PolicySizeQuota: quotas.PolicySize,
      AssumeRolePolicySizeQuota: quotas.TrustPolicySize,
      UserPolicySizeQuota: quotas.InlinePolicySize.user,
      GroupPolicySizeQuota: quotas.InlinePolicySize.group,
      RolePolicySizeQuota: quotas.InlinePolicySize.role,
      MFADevices: 0,
      MFADevicesInUse: 0,
      AccountMFAEnabled: 0,
      AccountAccessKeysPresent: 0,
      AccountSigningCertificatesPresent: 0,
      AccountPasswordPresent: 0,
      ServerCertificates: 0,
      InstanceProfiles: count(tables.instanceProfiles),
      InstanceProfilesQuota: quotas.InstanceProfiles,
    };
    return { SummaryMap: summary };
  },
});
