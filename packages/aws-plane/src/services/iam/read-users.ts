// GetUser and ListUsers.
import type {
  GetUserRequest,
  GetUserResponse,
  ListUsersRequest,
  ListUsersResponse,
} from '@aws-sdk/client-iam';
import { defineOperation, iam } from '../../operation.ts';
import { listBelow, named, onOwnUser, users } from './identities.ts';
import { pageOf } from './paging.ts';
import { userNameOr, userShape } from './users.ts';

export const getUser = defineOperation<GetUserRequest, GetUserResponse>({
  name: 'GetUser',
  access: onOwnUser('iam:GetUser'),
  handle(call, input) {
    const { account, plane } = call;
    const UserName = userNameOr(call, input.UserName);
    return { User: userShape(named(plane.store, account, users, { UserName })) };
  },
});

export const listUsers = defineOperation<ListUsersRequest, ListUsersResponse>({
  name: 'ListUsers',
  access: iam(
    'iam:ListUsers',
    ({ PathPrefix }, { account }) => `arn:aws:iam::${account}:user${PathPrefix ?? '/'}`,
  ),
  handle(call, input) {
    const { items, ...page } = pageOf(listBelow(call, users, input.PathPrefix), ({ name }) => name, input);
    return { Users: items.map((user) => userShape(user, 'listed')), ...page };
  },
});
