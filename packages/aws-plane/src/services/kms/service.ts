// KMS: symmetric keys, their aliases and policies, and what is encrypted with them. What each operation does not do
// stands in the README beside this file.
import type { AnyOperation, ServiceDefinition } from '../../operation.ts';
import { createAlias, deleteAliasOperation, listAliasesOperation, updateAlias } from './aliases.ts';
import {
  decrypt,
  encrypt,
  generateDataKey,
  generateDataKeyWithoutPlaintext,
  generateRandom,
  reEncrypt,
} from './cryptography.ts';
import { listGrants, listRetirableGrants } from './grants.ts';
import { getKeyPolicy, listKeyPolicies, putKeyPolicy } from './key-policies.ts';
import {
  cancelKeyDeletion,
  disableKey,
  enableKey,
  scheduleKeyDeletion,
  updateKeyDescription,
} from './key-states.ts';
import { listResourceTags, tagResource, untagResource } from './key-tags.ts';
import { createKey, describeKey, listKeysOperation } from './keys.ts';
import {
  disableKeyRotation,
  enableKeyRotation,
  getKeyRotationStatus,
  listKeyRotations,
  rotateKeyOnDemand,
} from './rotation.ts';
import { sweepKeys } from './state.ts';

const operations: readonly AnyOperation[] = [
  createKey,
  describeKey,
  listKeysOperation,
  enableKey,
  disableKey,
  scheduleKeyDeletion,
  cancelKeyDeletion,
  updateKeyDescription,

  createAlias,
  updateAlias,
  deleteAliasOperation,
  listAliasesOperation,

  putKeyPolicy,
  getKeyPolicy,
  listKeyPolicies,
  listGrants,
  listRetirableGrants,
  tagResource,
  untagResource,
  listResourceTags,

  enableKeyRotation,
  disableKeyRotation,
  getKeyRotationStatus,
  rotateKeyOnDemand,
  listKeyRotations,

  encrypt,
  decrypt,
  reEncrypt,
  generateDataKey,
  generateDataKeyWithoutPlaintext,
  generateRandom,
];

export const kms: ServiceDefinition = {
  name: 'kms',
  async start({ store, clock }) {
    await store.transact((tx) => sweepKeys(tx, clock.nowMs()));
  },
  operations,
};
