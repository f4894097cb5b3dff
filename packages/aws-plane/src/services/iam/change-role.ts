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
import { checkDocument } from './documents.ts';
import { faults } from './faults.ts';
import { changeRole, onRole, roleShape } from './roles.ts';
import { readRecord, tables } from './state.ts';

export const updateRole = defineOperation<UpdateRoleRequest, UpdateRoleResponse>({
  name: 'UpdateRole',
  access: onRole('iam:UpdateRole'),
  async handle(call, { RoleName, Description, MaxSessionDuration }) {
    await changeRole(call, RoleName, (role) => ({
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
  access: onRole('iam:UpdateRoleDescription'),
  async handle(call, { RoleName, Description = '' }) {
    return {
      Role: roleShape(await changeRole(call, RoleName, (role) => ({ ...role, description: Description }))),
    };
  },
});

export const updateAssumeRolePolicy = defineOperation<UpdateAssumeRolePolicyRequest, object>({
  name: 'UpdateAssumeRolePolicy',
  access: onRole('iam:UpdateAssumeRolePolicy'),
  validate: ({ PolicyDocument = '' }) => checkDocument(PolicyDocument, 'trust'),
  async handle(call, { RoleName, PolicyDocument = '' }) {
    await changeRole(call, RoleName, (role) => ({ ...role, trust: PolicyDocument }));
    return {};
  },
});

export const deleteRole = defineOperation<DeleteRoleRequest, object>({
  name: 'DeleteRole',
  access: onRole('iam:DeleteRole'),
  async handle({ plane, account }, { RoleName = '' }) {
    await plane.store.transact((tx) => {
      const role = readRecord(tx, tables.roles, account, RoleName);
      if (!role) throw faults.noSuchRole(RoleName);
      if (role.attached.length > 0) throw faults.mustDetachFirst();
      if (Object.keys(role.inline).length > 0) throw faults.mustDeleteInlineFirst();
      tx.delete(tables.roles.key(account, RoleName));
    });
    return {};
  },
});
