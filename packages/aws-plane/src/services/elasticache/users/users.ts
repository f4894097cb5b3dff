// Users of caches.
// https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html
import type {
  AuthenticationMode,
  CreateUserMessage,
  DeleteUserMessage,
  DescribeUsersMessage,
  DescribeUsersResult,
  ModifyUserMessage,
  User,
} from '@aws-sdk/client-elasticache';
import type { Reader } from '@pergola/store';
import { accessStringFault } from '@pergola/engines';
import type { Call } from '../../../call.ts';
import { type AnyOperation, defineOperation } from '../../../operation.ts';
import { checkOn, conditions, creationChecks, homeOf, onNamed } from '../access.ts';
import { faults } from '../faults.ts';
import { arnOf, userGroups, users } from '../kinds.ts';
import { identifier } from '../names.ts';
import { pageOf } from '../paging.ts';
import type { StoredUser } from '../records.ts';
import { deleteRecord, type Home, readRecord, writeRecord } from '../state.ts';
import { withTags } from '../tags.ts';
import { allUsers, DEFAULT_USER, findUser, groupsOfUser } from './user-records.ts';
import { tellCachesOf } from './user-changes.ts';

function shapeOf(reader: Reader, home: Home, user: StoredUser): User {
  return {
    UserId: user.name,
    UserName: user.userName,
    Status: user.status,
    Engine: user.engine,
    MinimumEngineVersion: user.mode === 'iam' ? '7.0' : '6.0',
    AccessString: user.access,
    UserGroupIds: groupsOfUser(reader, home, user.name).map(({ name }) => name),
    Authentication: {
      Type: user.mode,
      ...(user.mode === 'password' ? { PasswordCount: user.passwords.length } : {}),
    },
    ARN: user.arn,
  };
}

interface AuthenticationRequest {
  readonly AuthenticationMode?: AuthenticationMode | undefined;
  readonly Passwords?: readonly string[] | undefined;
  readonly NoPasswordRequired?: boolean | undefined;
}

type Authentication = Pick<StoredUser, 'mode' | 'passwords'>;

/** How a user logs in; undefined when the request does not say. */
function authenticationOf({
  AuthenticationMode: given,
  Passwords = [],
  NoPasswordRequired = false,
}: AuthenticationRequest): Authentication | undefined {
  if (given && (Passwords.length > 0 || NoPasswordRequired)) {
    throw faults.invalidCombination(
      'AuthenticationMode cannot be specified together with Passwords or NoPasswordRequired.',
    );
  }
  if (NoPasswordRequired && Passwords.length > 0) {
    throw faults.invalidCombination('Password field is not allowed with NoPasswordRequired flag.');
  }
  if (given) return modeOf(given);
  if (NoPasswordRequired) return { mode: 'no-password', passwords: [] };
  return Passwords.length > 0 ? { mode: 'password', passwords: checkedPasswords(Passwords) } : undefined;
}

function modeOf({ Type, Passwords = [] }: AuthenticationMode): Authentication | undefined {
  if (Type === 'iam') return { mode: 'iam', passwords: [] };
  if (Type === 'no-password-required') return { mode: 'no-password', passwords: [] };
  return Type === 'password' ? { mode: 'password', passwords: checkedPasswords(Passwords) } : undefined;
}

function checkedPasswords(passwords: readonly string[]): readonly string[] {
  if (passwords.length === 0 || passwords.length > 2) {
    throw faults.invalidValue('The number of passwords must be between 1 and 2.');
  }
  for (const password of passwords) {
    if (password.length < 16 || password.length > 128 || !/^[!-~]+$/.test(password)) {
      throw faults.invalidValue('Passwords length must be between 16-128 characters.');
    }
  }
  return [...new Set(passwords)];
}

function checkedAccess(access: string): string {
  if (/(?:^|\s)(?:[<>#!]|nopass|resetpass)/.test(access) || accessStringFault(access) !== undefined) {
    throw faults.invalidValue(`The access string is invalid: ${access}`);
  }
  return access.trim();
}

function assertIam({ mode }: Authentication, id: string, userName: string): void {
  if (mode === 'iam' && id !== userName) {
    throw faults.invalidValue('For IAM authentication mode, user-name and user-id must be identical.');
  }
}

function engineOf(text: string | undefined): string {
  const engine = (text ?? '').toLowerCase();
  if (engine === 'redis' || engine === 'valkey') return engine;
  throw faults.invalidValue(`Invalid engine: ${text ?? ''}. Valid values are: redis, valkey.`);
}

const create = defineOperation<CreateUserMessage, User>({
  name: 'CreateUser',
  access: {
    iam: (input, call) =>
      creationChecks(call, 'CreateUser', users, {
        name: input.UserId,
        tags: input.Tags,
        context: conditions({ UserAuthenticationMode: input.AuthenticationMode?.Type }),
      }),
  },
  async handle(call, input) {
    const home = homeOf(call);
    const { store } = call.plane;
    const name = identifier(input.UserId, 'UserId', 40);
    const authentication = authenticationOf(input);
    if (!authentication) {
      throw faults.invalidValue(
        'No password was provided. A password is required unless NoPasswordRequired is set.',
      );
    }
    const userName = input.UserName ?? '';
    assertIam(authentication, name, userName);
    const user: StoredUser = {
      name,
      arn: arnOf(home, users.noun, name),
      tags: withTags({}, input.Tags),
      userName,
      engine: engineOf(input.Engine),
      access: checkedAccess(input.AccessString ?? ''),
      status: 'active',
      ...authentication,
    };
    await store.transact((tx) => {
      if (findUser(tx, home, name)) throw faults.userExists(name);
      writeRecord(tx, users, home, user);
    });
    return shapeOf(store, home, user);
  },
});

const filters: Readonly<Record<string, (user: StoredUser) => string>> = {
  UserName: ({ userName }) => userName,
  UserId: ({ name }) => name,
  'user-name': ({ userName }) => userName,
  'user-id': ({ name }) => name,
};

const describe = defineOperation<DescribeUsersMessage, DescribeUsersResult>({
  name: 'DescribeUsers',
  access: onNamed('DescribeUsers', users, (input) => input.UserId),
  handle(call, { UserId, Engine, Filters = [], ...page }) {
    const { store } = call.plane;
    const home = homeOf(call);
    if (UserId !== undefined) {
      const user = findUser(store, home, UserId);
      if (!user) throw faults.noSuchUser(UserId);
      return { Users: [shapeOf(store, home, user)] };
    }
    let found = allUsers(store, home).filter(
      ({ engine }) => Engine === undefined || engine === Engine.toLowerCase(),
    );
    for (const { Name = '', Values = [] } of Filters) {
      const show = Object.hasOwn(filters, Name) ? filters[Name] : undefined;
      if (!show) throw faults.invalidValue(`Invalid filter name: ${Name}`);
      found = found.filter((user) => Values.includes(show(user)));
    }
    const { items, Marker } = pageOf(found, ({ name }) => name, page);
    return { Marker, Users: items.map((user) => shapeOf(store, home, user)) };
  },
});

function existing(call: Call, id: string | undefined): StoredUser {
  const user = findUser(call.plane.store, homeOf(call), id ?? '');
  if (!user) throw faults.noSuchUser(id ?? '');
  return user;
}

const modify = defineOperation<ModifyUserMessage, User>({
  name: 'ModifyUser',
  access: {
    iam: (input, call) => [
      checkOn(call, 'ModifyUser', users, {
        name: input.UserId ?? '',
        context: conditions({ UserAuthenticationMode: input.AuthenticationMode?.Type }),
      }),
    ],
  },
  async handle(call, input) {
    const home = homeOf(call);
    const { store } = call.plane;
    const before = existing(call, input.UserId);
    if (input.AccessString !== undefined && input.AppendAccessString !== undefined) {
      throw faults.invalidCombination('AccessString and AppendAccessString cannot be specified together.');
    }
    const authentication = authenticationOf(input) ?? before;
    assertIam(authentication, before.name, before.userName);
    const appended =
      input.AppendAccessString === undefined ? before.access : `${before.access} ${input.AppendAccessString}`;
    const user: StoredUser = {
      ...before,
      mode: authentication.mode,
      passwords: authentication.passwords,
      access: checkedAccess(input.AccessString ?? appended),
      engine: input.Engine === undefined ? before.engine : engineOf(input.Engine),
    };
    await store.transact((tx) => writeRecord(tx, users, home, user));
    await tellCachesOf(call, groupsOfUser(store, home, user.name));
    return { ...shapeOf(store, home, user), Status: 'modifying' };
  },
});

const remove = defineOperation<DeleteUserMessage, User>({
  name: 'DeleteUser',
  access: onNamed('DeleteUser', users, (input) => input.UserId),
  async handle(call, { UserId }) {
    const home = homeOf(call);
    const { store } = call.plane;
    const user = existing(call, UserId);
    if (user.name === DEFAULT_USER) throw faults.invalidValue('User default cannot be deleted.');
    const groups = groupsOfUser(store, home, user.name);
    const shape = { ...shapeOf(store, home, user), Status: 'deleting' };
    await store.transact((tx) => {
      for (const group of groups) {
        const now = readRecord(tx, userGroups, home, group.name);
        if (now)
          writeRecord(tx, userGroups, home, { ...now, users: now.users.filter((id) => id !== user.name) });
      }
      deleteRecord(tx, users, home, user.name);
    });
    await tellCachesOf(call, groups);
    return shape;
  },
});

export const userOperations: readonly AnyOperation[] = [create, describe, modify, remove];
