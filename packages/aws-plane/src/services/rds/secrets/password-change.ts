// A master's next password: a new one that is given, one that is managed from now on, no longer, or drawn anew.
import type { Call } from '../../../call.ts';
import { faults } from '../faults.ts';
import { checkPassword } from '../instances/rules.ts';
import type { ManagedSecret } from '../records.ts';
import { createSecret, deleteSecret, drawPassword, replaceSecret } from './managed-secret.ts';
import { keyArn } from './encryption.ts';
import type { PasswordOwner, PasswordRequest } from './master-password.ts';

export interface PasswordChangeRequest extends PasswordRequest {
  readonly RotateMasterUserPassword?: boolean | undefined;
  readonly ApplyImmediately?: boolean | undefined;
}

export interface PasswordChange {
  readonly password: string | undefined;
  readonly secret: ManagedSecret | undefined;
}

/** Undefined when nothing changes. */
export async function newPasswordFor(
  call: Call,
  owner: PasswordOwner & { readonly secret: ManagedSecret | undefined },
  request: PasswordChangeRequest,
): Promise<PasswordChange | undefined> {
  const { MasterUserPassword: given, ManageMasterUserPassword: managed, RotateMasterUserPassword } = request;
  const { secret, masterUser: username } = owner;
  if (given !== undefined && (managed === true || (secret && managed !== false)))
    throw faults.invalidCombination(
      "You can't specify MasterUserPassword when you manage the master user password in AWS Secrets Manager.",
    );
  if (managed === false && secret) {
    if (given === undefined)
      throw faults.invalidCombination(
        'You must specify MasterUserPassword when you stop managing it in AWS Secrets Manager.',
      );
    const password = checkPassword(owner.engine, given);
    await deleteSecret(call, secret);
    return { password, secret: undefined };
  }
  if (given !== undefined) return { password: checkPassword(owner.engine, given), secret };
  const password = drawPassword(call.plane.random);
  if (managed && !secret) {
    const key = request.MasterUserSecretKmsKeyId;
    const kmsKeyId = key && (await keyArn(call, key));
    return { password, secret: await createSecret(call, { ...owner, kmsKeyId }, { username, password }) };
  }
  if (!RotateMasterUserPassword) return undefined;
  if (!secret)
    throw faults.invalidCombination(
      'Only a master user password that is managed in AWS Secrets Manager can be rotated.',
    );
  if (!request.ApplyImmediately)
    throw faults.invalidCombination(
      'You must specify apply immediately when rotating the master user password.',
    );
  await replaceSecret(call, secret, { username, password });
  return { password, secret };
}
