// AddUserToGroup, RemoveUserFromGroup and ListGroupsForUser.
import type {
  AddUserToGroupRequest,
  ListGroupsForUserRequest,
  ListGroupsForUserResponse,
  RemoveUserFromGroupRequest,
} from '@aws-sdk/client-iam';
import { defineOperation } from '../../operation.ts';
import { faults } from './faults.ts';
import { groupShape } from './groups.ts';
import { changeIdentity, groups, named, onIdentity, users } from './identities.ts';
import { pageOf } from './paging.ts';
import { quotas } from './quotas.ts';
import { readRecord, tables } from './state.ts';

/** Adding a member again is no error. */
export const addUserToGroup = defineOperation<AddUserToGroupRequest, object>({
  name: 'AddUserToGroup',
  access: onIdentity(groups, 'iam:AddUserToGroup'),
  async handle(call, input) {
    await changeIdentity(call, users, input, (user, tx) => {
      const { name } = named(tx, call.account, groups, input);
      const joined = user.groups ?? [];
      if (joined.includes(name)) return user;
      const most = quotas.GroupsPerUser;
      if (joined.length >= most) throw faults.quota('GroupsPerUser', most);
      return { ...user, groups: [...joined, name] };
    });
    return {};
  },
});

/** Removing a user who is no member is no error. */
export const removeUserFromGroup = defineOperation<RemoveUserFromGroupRequest, object>({
  name: 'RemoveUserFromGroup',
  access: onIdentity(groups, 'iam:RemoveUserFromGroup'),
  async handle(call, input) {
    await changeIdentity(call, users, input, (user, tx) => {
      const { name } = named(tx, call.account, groups, input);
      return { ...user, groups: (user.groups ?? []).filter((each) => each !== name) };
    });
    return {};
  },
});

export const listGroupsForUser = defineOperation<ListGroupsForUserRequest, ListGroupsForUserResponse>({
  name: 'ListGroupsForUser',
  access: onIdentity(users, 'iam:ListGroupsForUser'),
  handle({ plane, account }, input) {
    const { groups: joined = [] } = named(plane.store, account, users, input);
    const { items, ...page } = pageOf([...joined].sort(), (name) => name, input);
    const shapes = items.flatMap((name) => {
      const group = readRecord(plane.store, tables.groups, account, name);
      return group ? [groupShape(group)] : [];
    });
    return { Groups: shapes, ...page };
  },
});
