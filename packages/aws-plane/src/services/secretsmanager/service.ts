// Secrets Manager: secrets, their versions and labels, encrypted with KMS. What each operation does not do stands in the
// README beside this file.
import type { AnyOperation, ServiceDefinition } from '../../operation.ts';
import { getRandomPassword } from './random-password.ts';
import { cancelRotateSecret, rotateSecret } from './rotation.ts';
import { deleteSecret, restoreSecret } from './secret-deletion.ts';
import { listSecretsOperation } from './secret-lists.ts';
import {
  deleteResourcePolicy,
  getResourcePolicy,
  putResourcePolicy,
  validateResourcePolicy,
} from './secret-policies.ts';
import { tagResource, untagResource } from './secret-tags.ts';
import { batchGetSecretValue, getSecretValue, putSecretValue } from './secret-values.ts';
import { listSecretVersionIds, updateSecretVersionStage } from './secret-versions.ts';
import { createSecret, describeSecret, updateSecret } from './secrets.ts';
import { sweepSecrets } from './state.ts';

const operations: readonly AnyOperation[] = [
  createSecret,
  updateSecret,
  describeSecret,
  listSecretsOperation,
  deleteSecret,
  restoreSecret,

  putSecretValue,
  getSecretValue,
  batchGetSecretValue,
  listSecretVersionIds,
  updateSecretVersionStage,
  getRandomPassword,

  putResourcePolicy,
  getResourcePolicy,
  deleteResourcePolicy,
  validateResourcePolicy,
  tagResource,
  untagResource,
  rotateSecret,
  cancelRotateSecret,
];

export const secretsManager: ServiceDefinition = {
  name: 'secretsmanager',
  async start({ store, clock }) {
    await store.transact((tx) => sweepSecrets(tx, clock.nowMs()));
  },
  operations,
};
