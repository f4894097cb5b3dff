// RotateSecret and CancelRotateSecret: nothing here could run a rotation function, so that both are refused.
import type { CancelRotateSecretRequest, RotateSecretRequest } from '@aws-sdk/client-secrets-manager';
import { defineOperation } from '../../operation.ts';
import { onSecret } from './access.ts';
import { faults } from './faults.ts';
import { keptSecret } from './secret-names.ts';

export const rotateSecret = defineOperation<RotateSecretRequest, never>({
  name: 'RotateSecret',
  access: onSecret('RotateSecret'),
  handle(call, { SecretId }) {
    keptSecret(call, SecretId);
    throw faults.notImplemented('Rotation of secrets');
  },
});

export const cancelRotateSecret = defineOperation<CancelRotateSecretRequest, never>({
  name: 'CancelRotateSecret',
  access: onSecret('CancelRotateSecret'),
  handle(call, { SecretId }) {
    keptSecret(call, SecretId);
    throw faults.notImplemented('Rotation of secrets');
  },
});
