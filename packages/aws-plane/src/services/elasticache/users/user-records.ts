// Users as they are kept, the one that every account has, and what the engine is told of them.
import type { CacheUser } from '@pergola/engines';
import type { Reader, Transaction } from '@pergola/store';
import { arnOf, userGroups, users } from '../kinds.ts';
import type { StoredUser, StoredUserGroup } from '../records.ts';
import { type Home, listRecords, readRecord, writeRecord } from '../state.ts';

export const DEFAULT_USER = 'default';

export function defaultUser(home: Home): StoredUser {
  return {
    name: DEFAULT_USER,
    arn: arnOf(home, 'user', DEFAULT_USER),
    tags: {},
    userName: DEFAULT_USER,
    engine: 'redis',
    access: 'on ~* +@all',
    status: 'active',
    mode: 'no-password',
    passwords: [],
  };
}

/** The user named `default` is there without having been made; it is written when something is to be kept of it. */
export function ensureDefaultUser(tx: Transaction, home: Home, noun: string, name: string): void {
  if (noun !== users.noun || name !== DEFAULT_USER || readRecord(tx, users, home, name)) return;
  writeRecord(tx, users, home, defaultUser(home));
}

export function findUser(reader: Reader, home: Home, id: string): StoredUser | undefined {
  const found = readRecord(reader, users, home, id);
  return found ?? (id.toLowerCase() === DEFAULT_USER ? defaultUser(home) : undefined);
}

export function allUsers(reader: Reader, home: Home): StoredUser[] {
  const kept = listRecords(reader, users, home);
  return kept.some(({ name }) => name === DEFAULT_USER) ? kept : [defaultUser(home), ...kept];
}

export function groupsOfUser(reader: Reader, home: Home, id: string): StoredUserGroup[] {
  return listRecords(reader, userGroups, home).filter((group) => group.users.includes(id));
}

/** The users of groups as an engine has them. Users of Valkey may do without a default one, which then is off. */
export function cacheUsers(reader: Reader, home: Home, groupIds: readonly string[]): CacheUser[] {
  const ids = groupIds.flatMap((id) => readRecord(reader, userGroups, home, id)?.users ?? []);
  const found = [...new Set(ids)].flatMap((id) => findUser(reader, home, id) ?? []).map(cacheUser);
  if (found.length === 0 || found.some(({ name }) => name === DEFAULT_USER)) return found;
  const nobody = { name: DEFAULT_USER, enabled: false, passwords: [], noPassword: false, access: 'off' };
  return [...found, nobody];
}

function cacheUser({ userName, mode, passwords, access }: StoredUser): CacheUser {
  return {
    name: userName,
    enabled: true,
    passwords,
    noPassword: mode === 'no-password',
    access: withChannels(access),
    byToken: mode === 'iam',
  };
}

/** ElastiCache lets users have all channels unless the access string speaks of them. */
function withChannels(access: string): string {
  return /(?:^|\s)(?:&|allchannels|resetchannels)/.test(access) ? access : `${access} &*`;
}
