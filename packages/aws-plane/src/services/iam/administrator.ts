// The plane's first identity: an IAM user with AdministratorAccess, because rosa refuses the account root.
import { alphabets } from '@pergola/kernel';
import type { PlaneContext } from '../../plane-context.ts';
import {
  accessKeyPrefix,
  readRecord,
  type StoredAccessKey,
  tables,
  writeAccessKey,
  writeRecord,
} from './state.ts';

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
 * again: otherwise nobody could get in.
 */
export async function ensureAdministrator(
  plane: Foundation,
  given?: { readonly accessKeyId: string; readonly secretAccessKey: string },
): Promise<AdministratorIdentity> {
  const { store, random, defaultAccount: account } = plane;
  const arn = `arn:aws:iam::${account}:user/${administratorName}`;
  const createdAt = new Date(plane.clock.nowMs()).toISOString();
  const drawn = given ?? {
    accessKeyId: `AKIA${random.text(16, alphabets.base32)}`,
    secretAccessKey: random.text(40, alphabets.base64),
  };
  const { value: key } = await store.transact((tx) => {
    if (!readRecord(tx, tables.users, account, administratorName)) {
      writeRecord(
        tx,
        tables.users,
        { account, name: administratorName },
        {
          name: administratorName,
          path: '/',
          id: `AIDA${random.text(17, alphabets.base32)}`,
          arn,
          createdAt,
          tags: {},
          attached: ['arn:aws:iam::aws:policy/AdministratorAccess'],
          inline: {},
        },
      );
    }
    const keys = tx.list(accessKeyPrefix).map((entry) => JSON.parse(entry.value) as StoredAccessKey);
    const own = keys.filter(
      (each) => each.account === account && each.userName === administratorName && each.active,
    );
    const known = given ? own.find((each) => each.accessKeyId === given.accessKeyId) : own[0];
    if (known) return known;
    const made = { ...drawn, account, userName: administratorName, active: true, createdAt };
    writeAccessKey(tx, made);
    return made;
  });
  const { accessKeyId, secretAccessKey } = key;
  return { userName: administratorName, arn, accessKeyId, secretAccessKey };
}
