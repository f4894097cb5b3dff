// IAM: identities and their policies. Its operations by noun; the README tells what is missing.
import type { ServiceDefinition } from '../../operation.ts';
import { absentOperations } from './absent.ts';
import {
  createAccessKey,
  deleteAccessKey,
  getAccessKeyLastUsed,
  listAccessKeys,
  updateAccessKey,
} from './access-keys.ts';
import { createAccountAlias, deleteAccountAlias, getAccountSummary, listAccountAliases } from './account.ts';
import { attachmentOperations } from './attachments.ts';
import { boundaryOperations } from './boundaries.ts';
import {
  addClientIdToOpenIdConnectProvider,
  removeClientIdFromOpenIdConnectProvider,
  updateOpenIdConnectProviderThumbprint,
} from './change-oidc-provider.ts';
import { deleteRole, updateAssumeRolePolicy, updateRole, updateRoleDescription } from './change-role.ts';
import { deleteUser, updateUser } from './change-user.ts';
import { createOpenIdConnectProvider } from './create-oidc-provider.ts';
import { createPolicy } from './create-policy.ts';
import { createRole } from './create-role.ts';
import { createUser } from './create-user.ts';
import { deletePolicy } from './delete-policy.ts';
import { addUserToGroup, listGroupsForUser, removeUserFromGroup } from './group-members.ts';
import { createGroup, deleteGroup, getGroup, listGroups, updateGroup } from './groups.ts';
import { groups, roles, users } from './identities.ts';
import { identityTagOperations } from './identity-tags.ts';
import { inlinePolicyOperations } from './inline-policies.ts';
import { getPolicy, listPolicies } from './list-policies.ts';
import {
  listOpenIdConnectProviderTags,
  tagOpenIdConnectProvider,
  untagOpenIdConnectProvider,
} from './oidc-provider-tags.ts';
import {
  addRoleToInstanceProfile,
  createInstanceProfile,
  deleteInstanceProfile,
  getInstanceProfile,
  listInstanceProfiles,
  listInstanceProfilesForRole,
  removeRoleFromInstanceProfile,
} from './instance-profile-operations.ts';
import {
  listInstanceProfileTags,
  tagInstanceProfile,
  untagInstanceProfile,
} from './instance-profile-tags.ts';
import { listEntitiesForPolicy } from './policy-entities.ts';
import { listPolicyTags, tagPolicy, untagPolicy } from './policy-tags.ts';
import {
  createPolicyVersion,
  deletePolicyVersion,
  getPolicyVersion,
  listPolicyVersions,
  setDefaultPolicyVersion,
} from './policy-versions.ts';
import {
  deleteOpenIdConnectProvider,
  getOpenIdConnectProvider,
  listOpenIdConnectProviders,
} from './read-oidc-providers.ts';
import { getRole, listRoles } from './read-roles.ts';
import { getUser, listUsers } from './read-users.ts';
import {
  createServiceLinkedRole,
  deleteServiceLinkedRole,
  getServiceLinkedRoleDeletionStatus,
} from './service-linked-roles.ts';

export const iamService: ServiceDefinition = {
  name: 'iam',
  operations: [
    createRole,
    getRole,
    listRoles,
    updateRole,
    updateRoleDescription,
    updateAssumeRolePolicy,
    deleteRole,
    ...attachmentOperations(roles),
    ...inlinePolicyOperations(roles),
    ...identityTagOperations(roles),
    ...boundaryOperations(roles),
    createServiceLinkedRole,
    deleteServiceLinkedRole,
    getServiceLinkedRoleDeletionStatus,

    createInstanceProfile,
    getInstanceProfile,
    listInstanceProfiles,
    listInstanceProfilesForRole,
    addRoleToInstanceProfile,
    removeRoleFromInstanceProfile,
    deleteInstanceProfile,
    tagInstanceProfile,
    untagInstanceProfile,
    listInstanceProfileTags,

    createUser,
    getUser,
    listUsers,
    updateUser,
    deleteUser,
    ...attachmentOperations(users),
    ...inlinePolicyOperations(users),
    ...identityTagOperations(users),
    ...boundaryOperations(users),
    createAccessKey,
    listAccessKeys,
    updateAccessKey,
    deleteAccessKey,
    getAccessKeyLastUsed,

    createGroup,
    getGroup,
    listGroups,
    updateGroup,
    deleteGroup,
    addUserToGroup,
    removeUserFromGroup,
    listGroupsForUser,
    ...attachmentOperations(groups),
    ...inlinePolicyOperations(groups),

    createPolicy,
    getPolicy,
    listPolicies,
    deletePolicy,
    createPolicyVersion,
    getPolicyVersion,
    listPolicyVersions,
    setDefaultPolicyVersion,
    deletePolicyVersion,
    listEntitiesForPolicy,
    tagPolicy,
    untagPolicy,
    listPolicyTags,

    createOpenIdConnectProvider,
    getOpenIdConnectProvider,
    listOpenIdConnectProviders,
    deleteOpenIdConnectProvider,
    addClientIdToOpenIdConnectProvider,
    removeClientIdFromOpenIdConnectProvider,
    updateOpenIdConnectProviderThumbprint,
    tagOpenIdConnectProvider,
    untagOpenIdConnectProvider,
    listOpenIdConnectProviderTags,

    createAccountAlias,
    listAccountAliases,
    deleteAccountAlias,
    getAccountSummary,
    ...absentOperations,
  ],
};
