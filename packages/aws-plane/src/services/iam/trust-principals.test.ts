import { expect, it } from 'vitest';
import { readRecord, type StoredRole, tables, writeRecord } from './state.ts';
import { account, openTestStore } from './store.fixture.ts';
import { renameTrustee } from './trust-principals.ts';

const from = `arn:aws:iam::${account}:user/ann`;
const roleTrusting = (name: string, trust: object): StoredRole => ({
  name,
  path: '/',
  id: `AROA${name}`,
  arn: `arn:aws:iam::${account}:role/${name}`,
  createdAt: new Date(0).toISOString(),
  tags: {},
  attached: [],
  inline: {},
  trust: JSON.stringify(trust, undefined, 2),
  maxSessionDurationSeconds: 3600,
});

it('renames principals, in lists and alone, and nothing else', async () => {
  await using test = openTestStore();
  const statement = (Principal: unknown) => ({
    Effect: 'Allow',
    Principal,
    Action: 'sts:AssumeRole',
    Condition: { ArnEquals: { 'aws:PrincipalArn': from } },
  });
  const roles = [
    roleTrusting('one', { Statement: statement({ AWS: from, Service: 's3.amazonaws.com' }) }),
    roleTrusting('list', { Statement: [statement({ AWS: [account, from] }), statement('*')] }),
    roleTrusting('condition', { Statement: [statement({ AWS: `${from}-other` })] }),
  ];
  await test.store.transact((tx) => {
    for (const role of roles) writeRecord(tx, tables.roles, { account, name: role.name }, role);
    renameTrustee(tx, account, from, 'AIDA1');
  });
  const trustOf = (name: string) => readRecord(test.store, tables.roles, account, name)?.trust ?? '';
  expect(JSON.parse(trustOf('one'))).toEqual({
    Statement: [statement({ AWS: 'AIDA1', Service: 's3.amazonaws.com' })],
  });
  expect(JSON.parse(trustOf('list'))).toEqual({
    Statement: [statement({ AWS: [account, 'AIDA1'] }), statement('*')],
  });
  expect(trustOf('condition')).toBe(roles[2]?.trust);
});
