// CreateKey, DescribeKey, ListKeys.
import type {
  CreateKeyRequest,
  CreateKeyResponse,
  DescribeKeyRequest,
  DescribeKeyResponse,
  KeyMetadata,
  ListKeysRequest,
  ListKeysResponse,
} from '@aws-sdk/client-kms';
import type { AccessCheck } from '../../access-check.ts';
import { defineOperation, iam } from '../../operation.ts';
import { onKey, requestTagContext } from './access.ts';
import { faults } from './faults.ts';
import { keyArn, parseKeyName } from './key-names.ts';
import { assertKeyPolicy, defaultPolicy } from './key-policies.ts';
import { namedTags, withTags } from './key-tags.ts';
import { existingKey } from './managed-keys.ts';
import { newMaterial } from './material.ts';
import { pageOf } from './pages.ts';
import { listKeys, putKey, type StoredKey } from './state.ts';

const PAGE_KEYS = 100;

export const createKey = defineOperation<CreateKeyRequest, CreateKeyResponse>({
  name: 'CreateKey',
  access: {
    iam(input) {
      const tags = namedTags(input.Tags);
      const context = { ...creationContext(input), ...requestTagContext(tags) };
      const create: AccessCheck = { action: 'kms:CreateKey', resource: '*', context };
      return input.Tags?.length ? [create, { ...create, action: 'kms:TagResource' }] : [create];
    },
  },
  validate: refuseUnserved,
  async handle(call, { Description: description = '', Policy, Tags, BypassPolicyLockoutSafetyCheck }) {
    const { account, region, nowMs, plane } = call;
    const id = plane.random.uuid();
    const tags = withTags({}, Tags);
    if (Policy !== undefined) {
      const bypassLockoutCheck = BypassPolicyLockoutSafetyCheck;
      assertKeyPolicy(call, { account, region, id }, { text: Policy, bypassLockoutCheck });
    }
    const { value } = await plane.store.transact((tx) =>
      putKey(tx, {
        account,
        region,
        id,
        manager: 'CUSTOMER',
        createdMs: nowMs,
        description,
        enabled: true,
        policy: Policy ?? defaultPolicy(account),
        tags,
        materials: [newMaterial(plane.random, nowMs, 'creation')],
      }),
    );
    return { KeyMetadata: metadataOf(value) };
  },
});

function creationContext(input: CreateKeyRequest): Record<string, string> {
  const bypass = input.BypassPolicyLockoutSafetyCheck === true;
  return {
    'kms:KeySpec': input.KeySpec ?? input.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT',
    'kms:KeyUsage': input.KeyUsage ?? 'ENCRYPT_DECRYPT',
    'kms:KeyOrigin': input.Origin ?? 'AWS_KMS',
    'kms:MultiRegion': String(input.MultiRegion ?? false),
    'kms:BypassPolicyLockoutSafetyCheck': String(bypass),
  };
}

function refuseUnserved(input: CreateKeyRequest): void {
  const spec = input.KeySpec ?? input.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT';
  if (spec !== 'SYMMETRIC_DEFAULT') throw faults.notImplemented(`A key of the spec ${spec}`);
  const usage = input.KeyUsage ?? 'ENCRYPT_DECRYPT';
  if (usage !== 'ENCRYPT_DECRYPT')
    throw faults.validation(
      `The request was rejected because KeyUsage ${usage} does not go with KeySpec ${spec}`,
    );
  const origin = input.Origin ?? 'AWS_KMS';
  if (origin !== 'AWS_KMS') throw faults.notImplemented(`A key of the origin ${origin}`);
  if (input.CustomKeyStoreId !== undefined || input.XksKeyId !== undefined)
    throw faults.notImplemented('A key in a custom key store');
  if (input.MultiRegion === true) throw faults.notImplemented('A multi-Region key');
}

export const describeKey = defineOperation<DescribeKeyRequest, DescribeKeyResponse>({
  name: 'DescribeKey',
  access: onKey('DescribeKey'),
  async handle(call, { KeyId = '', GrantTokens = [] }) {
    if (GrantTokens.length > 0) throw faults.invalidGrantToken();
    return { KeyMetadata: metadataOf(await existingKey(call, parseKeyName(call, KeyId))) };
  },
});

export const listKeysOperation = defineOperation<ListKeysRequest, ListKeysResponse>({
  name: 'ListKeys',
  access: iam('kms:ListKeys'),
  handle(call, input) {
    const all = listKeys(call.plane.store, call, call.nowMs);
    const { items, ...page } = pageOf(all, ({ id }) => id, input, PAGE_KEYS);
    return { Keys: items.map((key) => ({ KeyId: key.id, KeyArn: keyArn(key, key.id) })), ...page };
  },
});

export function stateOf({ deletion, enabled }: StoredKey): 'PendingDeletion' | 'Enabled' | 'Disabled' {
  if (deletion) return 'PendingDeletion';
  return enabled ? 'Enabled' : 'Disabled';
}

function metadataOf(key: StoredKey): KeyMetadata {
  const state = stateOf(key);
  return {
    AWSAccountId: key.account,
    KeyId: key.id,
    Arn: keyArn(key, key.id),
    CreationDate: new Date(key.createdMs),
    Enabled: state === 'Enabled',
    Description: key.description,
    KeyUsage: 'ENCRYPT_DECRYPT',
    KeyState: state,
    ...(key.deletion && { DeletionDate: new Date(key.deletion.atMs) }),
    Origin: 'AWS_KMS',
    KeyManager: key.manager,
    CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
    KeySpec: 'SYMMETRIC_DEFAULT',
    EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
    MultiRegion: false,
    ...(!key.deletion && { CurrentKeyMaterialId: key.materials.at(-1)?.id }),
  };
}
