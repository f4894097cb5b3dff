// Access keys of users: at most two for each, and the secret is shown once.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html
import type {
  AccessKeyMetadata,
  CreateAccessKeyRequest,
  CreateAccessKeyResponse,
  DeleteAccessKeyRequest,
  GetAccessKeyLastUsedRequest,
  GetAccessKeyLastUsedResponse,
  ListAccessKeysRequest,
  ListAccessKeysResponse,
  UpdateAccessKeyRequest,
} from '@aws-sdk/client-iam';
import { alphabets, type Random } from '@pergola/kernel';
import type { Reader } from '@pergola/store';
import type { Call } from '../../call.ts';
import { defineOperation } from '../../operation.ts';
import { faults } from './faults.ts';
import { checkOn, named, onOwnUser, users } from './identities.ts';
import { pageOf } from './paging.ts';
import { quotas } from './quotas.ts';
import {
  accessKeysOf,
  deleteAccessKey as removeAccessKey,
  readAccessKey,
  readKeyUse,
  readRecord,
  type StoredAccessKey,
  tables,
  writeAccessKey,
} from './state.ts';
import { userNameOr } from './users.ts';
import { timestampOf } from './timestamp.ts';

/** A new id and secret in AWS's alphabets: 20 and 40 characters. */
export function drawKey(random: Random): Pick<StoredAccessKey, 'accessKeyId' | 'secretAccessKey'> {
  return {
    accessKeyId: `AKIA${random.text(16, alphabets.base32)}`,
    secretAccessKey: random.text(40, alphabets.base64),
  };
}

export const createAccessKey = defineOperation<CreateAccessKeyRequest, CreateAccessKeyResponse>({
  name: 'CreateAccessKey',
  access: onOwnUser('iam:CreateAccessKey'),
  async handle(call, input) {
    const { plane, account, nowMs } = call;
    const UserName = userNameOr(call, input.UserName);
    const drawn = drawKey(plane.random);
    const createdAt = timestampOf(nowMs);
    const { value: key } = await plane.store.transact((tx) => {
      const { name } = named(tx, account, users, { UserName });
      const most = quotas.AccessKeysPerUser;
      if (accessKeysOf(tx, account, name).length >= most) throw faults.quota('AccessKeysPerUser', most);
      const made: StoredAccessKey = { ...drawn, account, userName: name, active: true, createdAt };
      writeAccessKey(tx, made);
      return made;
    });
    return { AccessKey: { ...keyShape(key), SecretAccessKey: key.secretAccessKey } };
  },
});

export const listAccessKeys = defineOperation<ListAccessKeysRequest, ListAccessKeysResponse>({
  name: 'ListAccessKeys',
  access: onOwnUser('iam:ListAccessKeys'),
  handle(call, input) {
    const { plane, account } = call;
    const { name } = named(plane.store, account, users, { UserName: userNameOr(call, input.UserName) });
    const keys = accessKeysOf(plane.store, account, name);
    const { items, ...page } = pageOf(keys, ({ accessKeyId }) => accessKeyId, input);
    return { AccessKeyMetadata: items.map(keyShape), ...page };
  },
});

export const updateAccessKey = defineOperation<UpdateAccessKeyRequest, object>({
  name: 'UpdateAccessKey',
  access: onOwnUser('iam:UpdateAccessKey'),
  async handle(call, { UserName, AccessKeyId, Status }) {
    await call.plane.store.transact((tx) => {
      writeAccessKey(tx, { ...ownKey(tx, call, UserName, AccessKeyId), active: Status === 'Active' });
    });
    return {};
  },
});

export const deleteAccessKey = defineOperation<DeleteAccessKeyRequest, object>({
  name: 'DeleteAccessKey',
  access: onOwnUser('iam:DeleteAccessKey'),
  async handle(call, { UserName, AccessKeyId }) {
    await call.plane.store.transact((tx) => {
      removeAccessKey(tx, ownKey(tx, call, UserName, AccessKeyId).accessKeyId);
    });
    return {};
  },
});

export const getAccessKeyLastUsed = defineOperation<
  GetAccessKeyLastUsedRequest,
  GetAccessKeyLastUsedResponse
>({
  name: 'GetAccessKeyLastUsed',
  access: {
    iam({ AccessKeyId = '' }, call) {
      const key = readAccessKey(call.plane.store, AccessKeyId);
      const name = key?.account === call.account ? key.userName : '*';
      const identity = readRecord(call.plane.store, tables.users, call.account, name);
      return [checkOn(call, users, { action: 'iam:GetAccessKeyLastUsed', identity, name })];
    },
  },
  handle({ plane, account }, { AccessKeyId = '' }) {
    const key = readAccessKey(plane.store, AccessKeyId);
    if (key?.account !== account) throw faults.noSuchAccessKey(AccessKeyId);
    const use = readKeyUse(plane.store, AccessKeyId);
    return {
      UserName: key.userName,
      AccessKeyLastUsed: use
        ? { LastUsedDate: new Date(use.atMs), ServiceName: use.service, Region: use.region }
        : { ServiceName: 'N/A', Region: 'N/A', LastUsedDate: undefined },
    };
  },
});

function ownKey(reader: Reader, call: Call, userName: string | undefined, accessKeyId = ''): StoredAccessKey {
  const { name } = named(reader, call.account, users, { UserName: userNameOr(call, userName) });
  const key = readAccessKey(reader, accessKeyId);
  if (key?.account !== call.account || key.userName !== name) throw faults.noSuchAccessKey(accessKeyId);
  return key;
}

function keyShape({ userName, accessKeyId, active, createdAt }: StoredAccessKey) {
  return {
    UserName: userName,
    AccessKeyId: accessKeyId,
    Status: active ? 'Active' : 'Inactive',
    CreateDate: new Date(createdAt),
  } satisfies AccessKeyMetadata;
}
