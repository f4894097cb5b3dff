// IAM: identities and their policies. Its operations, in the order of the API reference.
import type { ServiceDefinition } from '../../operation.ts';
import { deleteRole, updateAssumeRolePolicy, updateRole, updateRoleDescription } from './change-role.ts';
import { createOpenIdConnectProvider } from './create-oidc-provider.ts';
import { createRole } from './create-role.ts';
import { getPolicy, listPolicies } from './list-policies.ts';
import {
  deleteOpenIdConnectProvider,
  getOpenIdConnectProvider,
  listOpenIdConnectProviders,
} from './read-oidc-providers.ts';
import { getRole, listRoles } from './read-roles.ts';
import { attachRolePolicy, detachRolePolicy, listAttachedRolePolicies } from './role-attachments.ts';

export const iamService: ServiceDefinition = {
  name: 'iam',
  operations: [
    attachRolePolicy,
    createOpenIdConnectProvider,
    createRole,
    deleteOpenIdConnectProvider,
    deleteRole,
    detachRolePolicy,
    getOpenIdConnectProvider,
    getPolicy,
    getRole,
    listAttachedRolePolicies,
    listOpenIdConnectProviders,
    listPolicies,
    listRoles,
    updateAssumeRolePolicy,
    updateRole,
    updateRoleDescription,
  ],
};
