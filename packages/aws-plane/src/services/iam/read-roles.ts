// GetRole and ListRoles.
import type {
  GetRoleRequest,
  GetRoleResponse,
  ListRolesRequest,
  ListRolesResponse,
} from '@aws-sdk/client-iam';
import { defineOperation, iam } from '../../operation.ts';
import { listBelow, named, onIdentity, roles } from './identities.ts';
import { pageOf } from './paging.ts';
import { roleShape } from './roles.ts';

export const getRole = defineOperation<GetRoleRequest, GetRoleResponse>({
  name: 'GetRole',
  access: onIdentity(roles, 'iam:GetRole'),
  handle: ({ plane, account }, input) => ({ Role: roleShape(named(plane.store, account, roles, input)) }),
});

export const listRoles = defineOperation<ListRolesRequest, ListRolesResponse>({
  name: 'ListRoles',
  access: iam(
    'iam:ListRoles',
    ({ PathPrefix }, { account }) => `arn:aws:iam::${account}:role${PathPrefix ?? '/'}`,
  ),
  handle(call, input) {
    const { items, ...page } = pageOf(listBelow(call, roles, input.PathPrefix), ({ name }) => name, input);
    return { Roles: items.map((role) => roleShape(role, 'listed')), ...page };
  },
});
