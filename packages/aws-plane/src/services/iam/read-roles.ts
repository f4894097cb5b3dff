// GetRole and ListRoles.
import type {
  GetRoleRequest,
  GetRoleResponse,
  ListRolesRequest,
  ListRolesResponse,
} from '@aws-sdk/client-iam';
import { defineOperation, iam } from '../../operation.ts';
import { pageOf } from './paging.ts';
import { onRole, roleNamed, roleShape } from './roles.ts';
import { listRecords, tables } from './state.ts';

export const getRole = defineOperation<GetRoleRequest, GetRoleResponse>({
  name: 'GetRole',
  access: onRole('iam:GetRole'),
  handle: (call, { RoleName }) => ({ Role: roleShape(roleNamed(call, RoleName)) }),
});

export const listRoles = defineOperation<ListRolesRequest, ListRolesResponse>({
  name: 'ListRoles',
  access: iam(
    'iam:ListRoles',
    ({ PathPrefix }, { account }) => `arn:aws:iam::${account}:role${PathPrefix ?? '/'}`,
  ),
  handle({ plane, account }, input) {
    const all = listRecords(plane.store, tables.roles, account).filter(({ path }) =>
      path.startsWith(input.PathPrefix ?? '/'),
    );
    const { items, ...page } = pageOf(all, ({ name }) => name, input);
    return { Roles: items.map((role) => roleShape(role, 'listed')), ...page };
  },
});
