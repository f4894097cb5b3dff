// UpdateRole, UpdateRoleDescription, UpdateAssumeRolePolicy and DeleteRole.
import type {
  DeleteRoleRequest,
  UpdateAssumeRolePolicyRequest,
  UpdateRoleDescriptionRequest,
  UpdateRoleDescriptionResponse,
  UpdateRoleRequest,
  UpdateRoleResponse,
} from '@aws-sdk/client-iam';
import { defineOperation } from '../../operation.ts';
import { checkTrust } from './documents.ts';
import { assertInNoProfile } from './instance-profiles.ts';
import { assertBare, assertUnprotected, changeIdentity, named, onIdentity, roles } from './identities.ts';
import { roleShape } from './roles.ts';
import { tables } from './state.ts';
import { assertTrusteesExist, renameTrustee } from './trust-principals.ts';

export const updateRole = defineOperation<UpdateRoleRequest, UpdateRoleResponse>({
  name: 'UpdateRole',
  access: onIdentity(roles, 'iam:UpdateRole'),
  async handle(call, input) {
    const { Description, MaxSessionDuration } = input;
    await changeIdentity(call, roles, input, (role) => ({
      ...role,
      ...(Description === undefined ? {} : { description: Description }),
      ...(MaxSessionDuration === undefined ? {} : { maxSessionDurationSeconds: MaxSessionDuration }),
    }));
    return {};
  },
});

export const updateRoleDescription = defineOperation<
  UpdateRoleDescriptionRequest,
  UpdateRoleDescriptionResponse
>({
  name: 'UpdateRoleDescription',
  access: onIdentity(roles, 'iam:UpdateRoleDescription'),
  async handle(call, input) {
    const { Description: description = '' } = input;
    const role = await changeIdentity(call, roles, input, (before) => ({ ...before, description }));
    return { Role: roleShape(role) };
  },
});

export const updateAssumeRolePolicy = defineOperation<UpdateAssumeRolePolicyRequest, object>({
  name: 'UpdateAssumeRolePolicy',
  access: onIdentity(roles, 'iam:UpdateAssumeRolePolicy'),
  validate({ PolicyDocument = '' }) {
    checkTrust(PolicyDocument);
  },
  async handle(call, input) {
    const { PolicyDocument: trust = '' } = input;
    await changeIdentity(call, roles, input, (role, tx) => {
      assertUnprotected(role);
      assertTrusteesExist(tx, call.account, checkTrust(trust));
      return { ...role, trust };
    });
    return {};
  },
});

export const deleteRole = defineOperation<DeleteRoleRequest, object>({
  name: 'DeleteRole',
  access: onIdentity(roles, 'iam:DeleteRole'),
  async handle({ plane, account }, input) {
    await plane.store.transact((tx) => {
      const role = named(tx, account, roles, input);
      assertUnprotected(role);
      assertBare(role);
      assertInNoProfile(tx, account, role.name);
      tx.delete(tables.roles.key(account, role.name));
      renameTrustee(tx, account, role.arn, role.id);
    });
    return {};
  },
});
