import { expect, it } from 'vitest';
import { openDirectory } from './directory.ts';
import {
  readKeyUse,
  type StoredGroup,
  type StoredPolicy,
  type StoredProvider,
  type StoredRole,
  type StoredUser,
  tables,
  writeAccessKey,
  writeRecord,
} from './state.ts';
import { account, allowing, openTestStore } from './store.fixture.ts';

const createdAt = new Date(0).toISOString();
const common = { path: '/', createdAt, tags: {}, attached: [], inline: {} };
const user: StoredUser = { ...common, name: 'Ann', id: 'AIDA1', arn: `arn:aws:iam::${account}:user/Ann` };
const role: StoredRole = {
  ...common,
  name: 'R',
  id: 'AROA1',
  arn: `arn:aws:iam::${account}:role/R`,
  trust:
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}]}',
  maxSessionDurationSeconds: 3600,
};
const policyArn = `arn:aws:iam::${account}:policy/P`;
const managed: StoredPolicy = {
  name: 'P',
  path: '/',
  id: 'ANPA1',
  arn: policyArn,
  createdAt,
  updatedAt: createdAt,
  defaultVersionId: 'v1',
  versions: [
    { id: 'v1', document: allowing('s3:GetObject'), createdAt },
    { id: 'v2', document: allowing('s3:PutObject'), createdAt },
  ],
  nextVersion: 3,
  tags: {},
};

it('knows users and roles in any case of letters, and sees every change at once', async () => {
  await using test = openTestStore();
  const directory = openDirectory(test.store);
  expect(directory.findUser(account, 'ann')).toBeUndefined();
  await test.store.transact((tx) => {
    writeRecord(tx, tables.users, { account, name: 'Ann' }, user);
    writeRecord(tx, tables.roles, { account, name: 'R' }, role);
  });
  expect(directory.findUser(account, 'ANN')).toMatchObject({ userName: 'Ann', userId: 'AIDA1' });
  expect(directory.findUser('999988887777', 'Ann')).toBeUndefined();
  expect(directory.findRole(account, 'r')).toMatchObject({ roleId: 'AROA1', account });
  expect(directory.trustPolicyOfRole(account, 'R')?.name).toBe('trust:R');
  expect(directory.policiesOfUser(account, 'Ann')).toEqual([]);
  const changed = { ...user, inline: { own: allowing('s3:*') } };
  await test.store.transact((tx) => writeRecord(tx, tables.users, { account, name: 'Ann' }, changed));
  expect(directory.policiesOfUser(account, 'Ann').map(({ name }) => name)).toEqual(['inline:own']);
  expect(directory.policiesOfUser(account, 'Ann')[0]).toBe(directory.policiesOfUser(account, 'ann')[0]);
});

it('gathers attached, inline and group policies in their default versions', async () => {
  await using test = openTestStore();
  const directory = openDirectory(test.store);
  const aws = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
  const group: StoredGroup = {
    ...common,
    name: 'G',
    id: 'AGPA1',
    arn: '',
    attached: [aws],
    inline: { g: allowing('sqs:*') },
  };
  const put = (policy: StoredPolicy) =>
    test.store.transact((tx) => writeRecord(tx, tables.policies, { account, name: policyArn }, policy));
  await put(managed);
  await test.store.transact((tx) => {
    const member = {
      ...user,
      attached: [policyArn, `${policyArn}-gone`],
      groups: ['G', 'gone'],
      boundary: aws,
    };
    writeRecord(tx, tables.users, { account, name: 'Ann' }, member);
    writeRecord(tx, tables.groups, { account, name: 'G' }, group);
  });
  const found = directory.policiesOfUser(account, 'Ann');
  expect(found.map(({ name }) => name)).toEqual([policyArn, aws, 'inline:g']);
  expect(directory.boundaryOfUser(account, 'Ann')?.name).toBe(aws);
  const actionOf = () => directory.managedPolicy(policyArn)?.policy.document.statements[0]?.action.patterns;
  expect(actionOf()).toEqual(['s3:GetObject']);
  await put({ ...managed, defaultVersionId: 'v2' });
  expect(actionOf()).toEqual(['s3:PutObject']);
  expect(directory.managedPolicy('nonsense')).toBeUndefined();
});

it('takes a boundary that is not there for one that allows nothing', async () => {
  await using test = openTestStore();
  const directory = openDirectory(test.store);
  const bounded = { boundary: `${policyArn}-gone` };
  await test.store.transact((tx) => {
    writeRecord(tx, tables.users, { account, name: 'Ann' }, { ...user, ...bounded });
    writeRecord(tx, tables.roles, { account, name: 'R' }, { ...role, ...bounded });
  });
  for (const boundary of [directory.boundaryOfUser(account, 'Ann'), directory.boundaryOfRole(account, 'R')]) {
    expect(boundary?.name).toBe(`${policyArn}-gone`);
    expect(boundary?.policy.candidates('s3:getobject')).toEqual({ denies: [], allows: [] });
  }
});

it('finds a managed policy by its ARN in the very same letters', async () => {
  await using test = openTestStore();
  const directory = openDirectory(test.store);
  await test.store.transact((tx) => writeRecord(tx, tables.policies, { account, name: policyArn }, managed));
  expect(directory.managedPolicy(policyArn)?.name).toBe(policyArn);
  expect(directory.managedPolicy(policyArn.replace('/P', '/p'))).toBeUndefined();
});

it('finds a provider by its URL in the very same letters', async () => {
  await using test = openTestStore();
  const directory = openDirectory(test.store);
  const provider: StoredProvider = {
    arn: `arn:aws:iam::${account}:oidc-provider/h.example.com/Id`,
    url: 'h.example.com/Id',
    clientIds: ['sts.amazonaws.com'],
    thumbprints: [],
    createdAt,
    tags: {},
  };
  await test.store.transact((tx) =>
    writeRecord(tx, tables.providers, { account, name: provider.url }, provider),
  );
  expect(directory.findOidcProvider(account, 'h.example.com/Id')).toMatchObject({
    clientIds: ['sts.amazonaws.com'],
  });
  expect(directory.findOidcProvider(account, 'h.example.com/id')).toBeUndefined();
});

it('notes the use of keys that it knows, once a minute for each service', async () => {
  await using test = openTestStore();
  const { store } = test;
  const directory = openDirectory(store);
  const key = {
    accessKeyId: 'AKIA1',
    secretAccessKey: 's',
    account,
    userName: 'Ann',
    active: true,
    createdAt,
  };
  await store.transact((tx) => writeAccessKey(tx, key));
  const settled = () => store.transact(() => undefined);
  const use = (accessKeyId: string, atMs: number, service = 's3') =>
    directory.noteUse({ accessKeyId, service, region: 'us-east-1', atMs });
  use('ASIATEMPORARY', 1_000);
  use('AKIA1', 1_000);
  use('AKIA1', 30_000);
  await settled();
  expect(readKeyUse(store, 'AKIA1')).toEqual({ service: 's3', region: 'us-east-1', atMs: 1_000 });
  expect(readKeyUse(store, 'ASIATEMPORARY')).toBeUndefined();
  use('AKIA1', 31_000, 'iam');
  await settled();
  expect(readKeyUse(store, 'AKIA1')).toMatchObject({ service: 'iam', atMs: 31_000 });
  use('AKIA1', 91_000, 'iam');
  await settled();
  expect(readKeyUse(store, 'AKIA1')?.atMs).toBe(91_000);
});
