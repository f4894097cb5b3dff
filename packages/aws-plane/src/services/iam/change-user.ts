// UpdateUser and DeleteUser.
import type { DeleteUserRequest, UpdateUserRequest } from '@aws-sdk/client-iam';
import type { Transaction } from '@pergola/store';
import { defineOperation } from '../../operation.ts';
import { faults } from './faults.ts';
import { assertBare, checkOn, named, onIdentity, users } from './identities.ts';
import { arnOf, pathOf } from './naming.ts';
import { accessKeysOf, readRecord, type StoredUser, tables, writeAccessKey, writeRecord } from './state.ts';
import { renameTrustee } from './trust-principals.ts';

/** Renames and moves a user: its id, keys and policies stay. Policies must allow it on the old and the new ARN. */
export const updateUser = defineOperation<UpdateUserRequest, object>({
  name: 'UpdateUser',
  access: {
    iam(input, call) {
      const { UserName = '', NewUserName = UserName } = input;
      const identity = readRecord(call.plane.store, tables.users, call.account, UserName);
      const action = 'iam:UpdateUser';
      const old = checkOn(call, users, { action, identity, name: UserName });
      const path = input.NewPath ?? identity?.path ?? '/';
      return [old, { ...old, resource: arnOf(call.account, 'user', path, NewUserName) }];
    },
  },
  validate: ({ NewPath }) => void pathOf(NewPath),
  async handle({ plane, account }, input) {
    await plane.store.transact((tx) => {
      const before = named(tx, account, users, input);
      const name = input.NewUserName ?? before.name;
      const path = input.NewPath === undefined ? before.path : pathOf(input.NewPath);
      const taken = readRecord(tx, tables.users, account, name);
      if (taken && taken.id !== before.id) throw faults.exists('User', name);
      move(tx, account, before, { ...before, name, path, arn: arnOf(account, 'user', path, name) });
    });
    return {};
  },
});

function move(tx: Transaction, account: string, before: StoredUser, after: StoredUser): void {
  tx.delete(tables.users.key(account, before.name));
  writeRecord(tx, tables.users, { account, name: after.name }, after);
  for (const key of accessKeysOf(tx, account, before.name))
    writeAccessKey(tx, { ...key, userName: after.name });
  renameTrustee(tx, account, before.arn, after.arn);
}

export const deleteUser = defineOperation<DeleteUserRequest, object>({
  name: 'DeleteUser',
  access: onIdentity(users, 'iam:DeleteUser'),
  async handle({ plane, account }, input) {
    await plane.store.transact((tx) => {
      const user = named(tx, account, users, input);
      if (accessKeysOf(tx, account, user.name).length > 0) throw faults.mustDeleteKeysFirst();
      assertBare(user);
      if (user.groups?.length) throw faults.mustLeaveGroupsFirst();
      tx.delete(tables.users.key(account, user.name));
      renameTrustee(tx, account, user.arn, user.id);
    });
    return {};
  },
});
