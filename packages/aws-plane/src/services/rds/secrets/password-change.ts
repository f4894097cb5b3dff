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

type Owner = PasswordOwner & { readonly secret: ManagedSecret | undefined };

/** Undefined when nothing changes. */
export async function newPasswordFor(
  call: Call,
  owner: Owner,
  request: PasswordChangeRequest,
): Promise<PasswordChange | undefined> {
  const { MasterUserPassword: given, ManageMasterUserPassword: managed } = request;
  const { secret } = owner;
  if (given !== undefined && (managed === true || (secret && managed !== false)))
    throw faults.invalidCombination(
      "You can't specify MasterUserPassword when you manage the master user password in AWS Secrets Manager.",
    );
  if (managed === false && secret) return unmanage(call, owner, given);
  if (given !== undefined) return { password: checkPassword(owner.engine, given), secret };
  if (managed && !secret) return manage(call, owner, request);
  return request.RotateMasterUserPassword ? rotate(call, owner, request) : undefined;
}

async function unmanage(
  call: Call,
  { secret, engine }: Owner,
  given: string | undefined,
): Promise<PasswordChange> {
  if (given === undefined)
    throw faults.invalidCombination(
      'You must specify MasterUserPassword when you stop managing it in AWS Secrets Manager.',
    );
  const password = checkPassword(engine, given);
  if (secret) await deleteSecret(call, secret);
  return { password, secret: undefined };
}

async function manage(call: Call, owner: Owner, request: PasswordChangeRequest): Promise<PasswordChange> {
  const password = drawPassword(call.plane.random);
  const key = request.MasterUserSecretKmsKeyId;
  const kmsKeyId = key && (await keyArn(call, key));
  const login = { username: owner.masterUser, password };
  return { password, secret: await createSecret(call, { ...owner, kmsKeyId }, login) };
}

async function rotate(
  call: Call,
  { secret, masterUser: username }: Owner,
  { ApplyImmediately }: PasswordChangeRequest,
): Promise<PasswordChange> {
  if (!secret)
    throw faults.invalidCombination(
      'Only a master user password that is managed in AWS Secrets Manager can be rotated.',
    );
  if (!ApplyImmediately)
    throw faults.invalidCombination(
      'You must specify apply immediately when rotating the master user password.',
    );
  const password = drawPassword(call.plane.random);
  await replaceSecret(call, secret, { username, password });
  return { password, secret };
}
