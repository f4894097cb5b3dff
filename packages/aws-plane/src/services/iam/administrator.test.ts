import { fakeClock, seededRandom } from '@pergola/kernel';
import { expect, it } from 'vitest';
import { ensureAdministrator } from './administrator.ts';
import { accessKeysOf, deleteAccessKey, readRecord, tables, writeAccessKey } from './state.ts';
import { account, openTestStore, type TestStore } from './store.fixture.ts';

const foundation = ({ store }: TestStore) => ({
  store,
  random: seededRandom(7),
  clock: fakeClock(),
  defaultAccount: account,
});

it('makes the administrator once and finds it afterwards', async () => {
  await using test = openTestStore();
  const first = await ensureAdministrator(foundation(test));
  expect(first).toMatchObject({ userName: 'admin', arn: `arn:aws:iam::${account}:user/admin` });
  expect(await ensureAdministrator({ ...foundation(test), random: seededRandom(8) })).toEqual(first);
  expect(readRecord(test.store, tables.users, account, 'admin')?.attached).toEqual([
    'arn:aws:iam::aws:policy/AdministratorAccess',
  ]);
});

it('makes a new key when the old one was deleted or made inactive', async () => {
  await using test = openTestStore();
  const { accessKeyId } = await ensureAdministrator(foundation(test));
  await test.store.transact((tx) => deleteAccessKey(tx, accessKeyId));
  const second = await ensureAdministrator({ ...foundation(test), random: seededRandom(9) });
  expect(second.accessKeyId).not.toBe(accessKeyId);
  const [key] = accessKeysOf(test.store, account, 'admin');
  await test.store.transact((tx) => writeAccessKey(tx, { ...key!, active: false }));
  const third = await ensureAdministrator({ ...foundation(test), random: seededRandom(10) });
  expect(third.accessKeyId).not.toBe(second.accessKeyId);
});

it('takes given keys, also another secret for the same id', async () => {
  await using test = openTestStore();
  const accessKeyId = 'AKIAIOSFODNN7EXAMPLE';
  for (const secretAccessKey of ['first-secret', 'second-secret']) {
    const given = { accessKeyId, secretAccessKey };
    expect(await ensureAdministrator(foundation(test), given)).toMatchObject(given);
    expect(accessKeysOf(test.store, account, 'admin')).toMatchObject([given]);
  }
});

it("does not take another user's key", async () => {
  await using test = openTestStore();
  const given = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' };
  const theirs = { ...given, account, userName: 'ann', active: true, createdAt: new Date(0).toISOString() };
  await test.store.transact((tx) => writeAccessKey(tx, theirs));
  await expect(ensureAdministrator(foundation(test), given)).rejects.toThrow(/belongs to the user ann/);
});
