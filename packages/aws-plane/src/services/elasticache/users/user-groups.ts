// Groups of users, which caches are given.
import type {
  CreateUserGroupMessage,
  DeleteUserGroupMessage,
  DescribeUserGroupsMessage,
  DescribeUserGroupsResult,
  ModifyUserGroupMessage,
  UserGroup,
} from '@aws-sdk/client-elasticache';
import type { Reader } from '@pergola/store';
import { type AnyOperation, defineOperation } from '../../../operation.ts';
import { checkOn, creationChecks, homeOf, onNamed, use } from '../access.ts';
import { cachesUsing } from '../caches/cache-list.ts';
import { faults } from '../faults.ts';
import { arnOf, named, userGroups, users } from '../kinds.ts';
import { identifier } from '../names.ts';
import { pageOf } from '../paging.ts';
import type { StoredUserGroup } from '../records.ts';
import { deleteRecord, type Home, listRecords, readRecord, writeRecord } from '../state.ts';
import { withTags } from '../tags.ts';
import { DEFAULT_USER, findUser } from './user-records.ts';
import { tellCachesOf } from './user-changes.ts';

function shapeOf(reader: Reader, home: Home, group: StoredUserGroup): UserGroup {
  const caches = cachesUsing(reader, home, (cache) => cache.userGroups.includes(group.name));
  const namesOf = (kind: string) => caches.filter((cache) => cache.kind === kind).map(({ name }) => name);
  return {
    UserGroupId: group.name,
    Status: group.status,
    Engine: group.engine,
    UserIds: [...group.users],
    MinimumEngineVersion: '6.0',
    ReplicationGroups: namesOf('replicationgroup'),
    ServerlessCaches: namesOf('serverlesscache'),
    ARN: group.arn,
  };
}

/** Users that may be together in a group: their names differ, and a group of Redis has one named `default`. */
function checkedUsers(reader: Reader, home: Home, engine: string, ids: readonly string[]): readonly string[] {
  const found = [...new Set(ids.map((id) => id.toLowerCase()))].map((id) => {
    const user = findUser(reader, home, id);
    if (!user) throw faults.noSuchUser(id);
    if (engine === 'valkey' && user.mode === 'no-password' && user.name !== DEFAULT_USER) {
      throw faults.invalidCombination('Valkey user groups cannot contain users without authentication.');
    }
    return user;
  });
  const names = found.map(({ userName }) => userName);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw faults.duplicateUserName(twice);
  if (engine === 'redis' && !names.includes(DEFAULT_USER)) throw faults.defaultUserRequired();
  return found.map(({ name }) => name);
}

function engineOf(text: string | undefined): string {
  const engine = (text ?? '').toLowerCase();
  if (engine === 'redis' || engine === 'valkey') return engine;
  throw faults.invalidValue(`Invalid engine: ${text ?? ''}. Valid values are: redis, valkey.`);
}

const create = defineOperation<CreateUserGroupMessage, UserGroup>({
  name: 'CreateUserGroup',
  access: {
    iam: (input, call) =>
      creationChecks(call, 'CreateUserGroup', userGroups, {
        name: input.UserGroupId,
        tags: input.Tags,
        uses: (input.UserIds ?? []).map((id) => use(users, id)),
      }),
  },
  async handle(call, { UserGroupId, Engine, UserIds = [], Tags }) {
    const home = homeOf(call);
    const { store } = call.plane;
    const name = identifier(UserGroupId, 'UserGroupId', 40);
    const engine = engineOf(Engine);
    const { value } = await store.transact((tx) => {
      if (readRecord(tx, userGroups, home, name)) throw faults.userGroupExists(name);
      return writeRecord(tx, userGroups, home, {
        name,
        arn: arnOf(home, userGroups.noun, name),
        tags: withTags({}, Tags),
        engine,
        users: checkedUsers(tx, home, engine, UserIds),
        status: 'active',
      });
    });
    return { ...shapeOf(store, home, value), Status: 'creating' };
  },
});

const describe = defineOperation<DescribeUserGroupsMessage, DescribeUserGroupsResult>({
  name: 'DescribeUserGroups',
  access: onNamed('DescribeUserGroups', userGroups, (input) => input.UserGroupId),
  handle(call, { UserGroupId, ...page }) {
    const { store } = call.plane;
    const home = homeOf(call);
    const found = UserGroupId
      ? [named(store, userGroups, home, UserGroupId)]
      : listRecords(store, userGroups, home);
    const { items, Marker } = pageOf(found, ({ name }) => name, page);
    return { Marker, UserGroups: items.map((group) => shapeOf(store, home, group)) };
  },
});

const modify = defineOperation<ModifyUserGroupMessage, UserGroup>({
  name: 'ModifyUserGroup',
  access: {
    iam: (input, call) => [
      checkOn(call, 'ModifyUserGroup', userGroups, { name: input.UserGroupId ?? '' }),
      ...(input.UserIdsToAdd ?? []).map((id) => checkOn(call, 'ModifyUserGroup', users, { name: id })),
    ],
  },
  async handle(call, { UserGroupId, UserIdsToAdd = [], UserIdsToRemove = [], Engine }) {
    const home = homeOf(call);
    const { store } = call.plane;
    if (UserIdsToAdd.length + UserIdsToRemove.length === 0 && Engine === undefined) {
      throw faults.invalidCombination(
        'At least one of UserIdsToAdd, UserIdsToRemove and Engine must be specified.',
      );
    }
    const { value } = await store.transact((tx) => {
      const group = named(tx, userGroups, home, UserGroupId);
      const absent = UserIdsToRemove.find((id) => !group.users.includes(id.toLowerCase()));
      if (absent !== undefined)
        throw faults.invalidValue(`User ${absent} is not a member of user group ${group.name}.`);
      const present = UserIdsToAdd.find((id) => group.users.includes(id.toLowerCase()));
      if (present !== undefined)
        throw faults.invalidValue(`User ${present} is already a member of user group ${group.name}.`);
      const gone = new Set(UserIdsToRemove.map((id) => id.toLowerCase()));
      const kept = group.users.filter((id) => !gone.has(id));
      const engine = Engine === undefined ? group.engine : engineOf(Engine);
      const next = checkedUsers(tx, home, engine, [...kept, ...UserIdsToAdd]);
      return writeRecord(tx, userGroups, home, { ...group, engine, users: next });
    });
    await tellCachesOf(call, [value]);
    return { ...shapeOf(store, home, value), Status: 'modifying' };
  },
});

const remove = defineOperation<DeleteUserGroupMessage, UserGroup>({
  name: 'DeleteUserGroup',
  access: onNamed('DeleteUserGroup', userGroups, (input) => input.UserGroupId),
  async handle(call, { UserGroupId }) {
    const home = homeOf(call);
    const { store } = call.plane;
    const group = named(store, userGroups, home, UserGroupId);
    const shape = { ...shapeOf(store, home, group), Status: 'deleting' };
    await store.transact((tx) => {
      const using = cachesUsing(tx, home, (cache) => cache.userGroups.includes(group.name));
      if (using.length > 0) {
        throw faults.userGroupState(
          `User group ${group.name} is associated with ${using.map(({ name }) => name).join(', ')} and cannot be deleted.`,
        );
      }
      deleteRecord(tx, userGroups, home, group.name);
    });
    return shape;
  },
});

export const userGroupOperations: readonly AnyOperation[] = [create, describe, modify, remove];
