// CreateRole: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
import type { CreateRoleRequest, CreateRoleResponse } from '@aws-sdk/client-iam';
import { defineOperation } from '../../operation.ts';
import { checkDocument } from './documents.ts';
import { faults } from './faults.ts';
import { arnOf, drawId, pathOf } from './naming.ts';
import { assertAttachable } from './policies.ts';
import { roleShape } from './roles.ts';
import { readRecord, type StoredRole, tables, writeRecord } from './state.ts';
import { withTags } from './tags.ts';

const SESSION_SECONDS = 3_600;

export const createRole = defineOperation<CreateRoleRequest, CreateRoleResponse>({
  name: 'CreateRole',
  access: {
    iam: ({ RoleName = '', Path, PermissionsBoundary }, { account }) => [
      {
        action: 'iam:CreateRole',
        resource: arnOf(account, 'role', Path ?? '/', RoleName),
        ...(PermissionsBoundary ? { context: { 'iam:PermissionsBoundary': PermissionsBoundary } } : {}),
      },
    ],
  },
  validate({ AssumeRolePolicyDocument = '', Path, PermissionsBoundary, Tags }, call) {
    pathOf(Path);
    checkDocument(AssumeRolePolicyDocument, 'trust');
    if (PermissionsBoundary) assertAttachable(call, PermissionsBoundary);
    withTags({}, Tags);
  },
  async handle(call, input) {
    const { account, plane } = call;
    const { RoleName: name = '', Description, PermissionsBoundary } = input;
    const path = pathOf(input.Path);
    const role: StoredRole = {
      name,
      path,
      id: drawId(plane.random, 'role'),
      arn: arnOf(account, 'role', path, name),
      createdAt: new Date(call.nowMs).toISOString(),
      trust: input.AssumeRolePolicyDocument ?? '',
      maxSessionDurationSeconds: input.MaxSessionDuration ?? SESSION_SECONDS,
      tags: withTags({}, input.Tags),
      attached: [],
      inline: {},
      ...(Description === undefined ? {} : { description: Description }),
      ...(PermissionsBoundary === undefined ? {} : { boundary: PermissionsBoundary }),
    };
    await plane.store.transact((tx) => {
      if (readRecord(tx, tables.roles, account, name)) throw faults.roleExists(name);
      writeRecord(tx, tables.roles, { account, name }, role);
    });
    const { RoleLastUsed: _, ...Role } = roleShape(role);
    return { Role };
  },
});
