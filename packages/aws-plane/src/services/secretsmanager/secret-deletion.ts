// DeleteSecret, with a recovery window or without, and RestoreSecret.
import type {
  DeleteSecretRequest,
  DeleteSecretResponse,
  RestoreSecretRequest,
  RestoreSecretResponse,
} from '@aws-sdk/client-secrets-manager';
import { defineOperation } from '../../operation.ts';
import { assertOwn, onSecret } from './access.ts';
import { faults } from './faults.ts';
import { existingSecret, secretArn, secretNamed } from './secret-names.ts';
import { findSecret, putSecret, removeSecret } from './state.ts';

const DAY_MS = 86_400_000;
const USUAL_DAYS = 30;

export const deleteSecret = defineOperation<DeleteSecretRequest, DeleteSecretResponse>({
  name: 'DeleteSecret',
  access: onSecret('DeleteSecret', ({ RecoveryWindowInDays: days, ForceDeleteWithoutRecovery: force }) => ({
    ...(days !== undefined && { 'secretsmanager:RecoveryWindowInDays': String(days) }),
    'secretsmanager:ForceDeleteWithoutRecovery': String(force ?? false),
  })),
  validate({ RecoveryWindowInDays: days, ForceDeleteWithoutRecovery: force }) {
    if (force === true && days !== undefined) throw faults.windowAndForce();
    if (days !== undefined && (days < 7 || days > 30)) throw faults.windowRange();
  },
  async handle(call, { SecretId = '', RecoveryWindowInDays: days = USUAL_DAYS, ForceDeleteWithoutRecovery }) {
    const { found, account, region, name } = secretNamed(call, SecretId);
    const force = ForceDeleteWithoutRecovery === true;
    if (!found) {
      // Deleting without recovery once more is no error, so that it may be tried again.
      if (!force) throw faults.noSuchSecret();
      const ARN = `arn:aws:secretsmanager:${region}:${account}:secret:${name}`;
      return { ARN, Name: name, DeletionDate: new Date(call.nowMs) };
    }
    assertOwn(call, found);
    const atMs = force ? call.nowMs : call.nowMs + days * DAY_MS;
    await call.plane.store.transact((tx) => {
      const secret = findSecret(tx, found, found.name, call.nowMs);
      if (secret?.suffix !== found.suffix) throw faults.noSuchSecret();
      if (force) removeSecret(tx, secret);
      else if (secret.deletion) throw faults.alreadyDeleted();
      else putSecret(tx, { ...secret, deletion: { askedMs: call.nowMs, atMs } });
    });
    return { ARN: secretArn(found), Name: found.name, DeletionDate: new Date(atMs) };
  },
});

export const restoreSecret = defineOperation<RestoreSecretRequest, RestoreSecretResponse>({
  name: 'RestoreSecret',
  access: onSecret('RestoreSecret'),
  async handle(call, { SecretId }) {
    const found = existingSecret(call, SecretId);
    await call.plane.store.transact((tx) => {
      const secret = findSecret(tx, found, found.name, call.nowMs);
      if (secret?.suffix !== found.suffix) throw faults.noSuchSecret();
      putSecret(tx, { ...secret, deletion: undefined });
    });
    return { ARN: secretArn(found), Name: found.name };
  },
});
