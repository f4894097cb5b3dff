// Groups of users: CreateGroup, GetGroup, ListGroups, UpdateGroup and DeleteGroup.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_groups.html
import type {
  CreateGroupRequest,
  CreateGroupResponse,
  DeleteGroupRequest,
  GetGroupRequest,
  GetGroupResponse,
  Group,
  ListGroupsRequest,
  ListGroupsResponse,
  UpdateGroupRequest,
} from '@aws-sdk/client-iam';
import type { Reader } from '@pergola/store';
import { defineOperation, iam } from '../../operation.ts';
import { faults } from './faults.ts';
import {
  addIdentity,
  assertBare,
  checkOn,
  creationChecks,
  groups,
  listBelow,
  named,
  onIdentity,
} from './identities.ts';
import { arnOf, drawId, pathOf } from './naming.ts';
import { pageOf } from './paging.ts';
import { listRecords, readRecord, type StoredGroup, type StoredUser, tables, writeRecord } from './state.ts';
import { userShape } from './users.ts';
import { timestampOf } from './timestamp.ts';

export function groupShape(group: StoredGroup): Group {
  return {
    Path: group.path,
    GroupName: group.name,
    GroupId: group.id,
    Arn: group.arn,
    CreateDate: new Date(group.createdAt),
  };
}

function membersOf(reader: Reader, account: string, groupName: string): StoredUser[] {
  return listRecords(reader, tables.users, account).filter((user) => user.groups?.includes(groupName));
}

export const createGroup = defineOperation<CreateGroupRequest, CreateGroupResponse>({
  name: 'CreateGroup',
  access: { iam: (input, call) => creationChecks(call, groups, input) },
  validate: ({ Path }) => void pathOf(Path),
  async handle({ plane, account, nowMs }, { GroupName: name = '', Path }) {
    const path = pathOf(Path);
    const group: StoredGroup = {
      name,
      path,
      id: drawId(plane.random, 'group'),
      arn: arnOf(account, 'group', path, name),
      createdAt: timestampOf(nowMs),
      attached: [],
      inline: {},
    };
    await plane.store.transact((tx) => addIdentity(tx, account, groups, group));
    return { Group: groupShape(group) };
  },
});

export const getGroup = defineOperation<GetGroupRequest, GetGroupResponse>({
  name: 'GetGroup',
  access: onIdentity(groups, 'iam:GetGroup'),
  handle({ plane, account }, input) {
    const group = named(plane.store, account, groups, input);
    const members = membersOf(plane.store, account, group.name);
    const { items, ...page } = pageOf(members, ({ name }) => name, input);
    return { Group: groupShape(group), Users: items.map((user) => userShape(user, 'listed')), ...page };
  },
});

export const listGroups = defineOperation<ListGroupsRequest, ListGroupsResponse>({
  name: 'ListGroups',
  access: iam(
    'iam:ListGroups',
    ({ PathPrefix }, { account }) => `arn:aws:iam::${account}:group${PathPrefix ?? '/'}`,
  ),
  handle(call, input) {
    const below = listBelow(call, groups, input.PathPrefix);
    const { items, ...page } = pageOf(below, ({ name }) => name, input);
    return { Groups: items.map(groupShape), ...page };
  },
});

/** Renames and moves a group: its id, members and policies stay. */
export const updateGroup = defineOperation<UpdateGroupRequest, object>({
  name: 'UpdateGroup',
  access: {
    iam(input, call) {
      const { GroupName = '', NewGroupName = GroupName } = input;
      const identity = readRecord(call.plane.store, tables.groups, call.account, GroupName);
      const old = checkOn(call, groups, { action: 'iam:UpdateGroup', identity, name: GroupName });
      const path = input.NewPath ?? identity?.path ?? '/';
      return [old, { ...old, resource: arnOf(call.account, 'group', path, NewGroupName) }];
    },
  },
  validate: ({ NewPath }) => void pathOf(NewPath),
  async handle({ plane, account }, input) {
    await plane.store.transact((tx) => {
      const before = named(tx, account, groups, input);
      const name = input.NewGroupName ?? before.name;
      const path = input.NewPath === undefined ? before.path : pathOf(input.NewPath);
      const taken = readRecord(tx, tables.groups, account, name);
      if (taken && taken.id !== before.id) throw faults.exists('Group', name);
      tx.delete(tables.groups.key(account, before.name));
      const after = { ...before, name, path, arn: arnOf(account, 'group', path, name) };
      writeRecord(tx, tables.groups, { account, name }, after);
      for (const user of membersOf(tx, account, before.name)) {
        const joined = user.groups?.map((each) => (each === before.name ? name : each)) ?? [];
        writeRecord(tx, tables.users, { account, name: user.name }, { ...user, groups: joined });
      }
    });
    return {};
  },
});

export const deleteGroup = defineOperation<DeleteGroupRequest, object>({
  name: 'DeleteGroup',
  access: onIdentity(groups, 'iam:DeleteGroup'),
  async handle({ plane, account }, input) {
    await plane.store.transact((tx) => {
      const group = named(tx, account, groups, input);
      if (membersOf(tx, account, group.name).length > 0) throw faults.mustLeaveGroupsFirst();
      assertBare(group);
      tx.delete(tables.groups.key(account, group.name));
    });
    return {};
  },
});
