// The plane's first identity: an IAM user with AdministratorAccess, because rosa refuses the account root.
import type { PlaneContext } from '../../plane-context.ts';
import { drawKey } from './access-keys.ts';
import { arnOf, drawId } from './naming.ts';
import {
  accessKeysOf,
  readAccessKey,
  readRecord,
  type StoredUser,
  tables,
  writeAccessKey,
  writeRecord,
} from './state.ts';
import { timestampOf } from './timestamp.ts';

/** Name of the user that the plane makes. */
export const administratorName = 'admin';

export interface AdministratorIdentity {
  readonly userName: string;
  readonly arn: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

type Foundation = Pick<PlaneContext, 'store' | 'random' | 'clock' | 'defaultAccount'>;

/**
 * Makes the user and its key at the first start, and finds them later. A key or user that was deleted is made
 * again: otherwise nobody could get in. Keys that are given are the ones that count; random ones stay valid beside
 * them. Throws when a given key is another user's.
 */
export async function ensureAdministrator(
  plane: Foundation,
  given?: { readonly accessKeyId: string; readonly secretAccessKey: string },
): Promise<AdministratorIdentity> {
  const { store, random, clock, defaultAccount: account } = plane;
  const createdAt = timestampOf(clock.nowMs());
  const made = {
    ...(given ?? drawKey(random)),
    account,
    userName: administratorName,
    active: true,
    createdAt,
  };
  const id = drawId(random, 'user');
  const { value } = await store.transact((tx) => {
    const found = readRecord(tx, tables.users, account, administratorName);
    const user = found ?? newAdministrator(account, id, createdAt);
    if (!found) writeRecord(tx, tables.users, { account, name: administratorName }, user);
    const own = accessKeysOf(tx, account, administratorName).filter(({ active }) => active);
    const known = given ? own.find((key) => key.accessKeyId === given.accessKeyId) : own[0];
    if (known && (!given || known.secretAccessKey === given.secretAccessKey)) return { user, key: known };
    const holder = readAccessKey(tx, made.accessKeyId);
    if (holder && (holder.account !== account || holder.userName !== administratorName))
      throw new Error(`the access key ${made.accessKeyId} belongs to the user ${holder.userName}`);
    writeAccessKey(tx, made);
    return { user, key: made };
  });
  const { user, key } = value;
  const { accessKeyId, secretAccessKey } = key;
  return { userName: user.name, arn: user.arn, accessKeyId, secretAccessKey };
}

function newAdministrator(account: string, id: string, createdAt: string): StoredUser {
  return {
    name: administratorName,
    path: '/',
    id,
    arn: arnOf(account, 'user', '/', administratorName),
    createdAt,
    tags: {},
    attached: ['arn:aws:iam::aws:policy/AdministratorAccess'],
    inline: {},
  };
}
