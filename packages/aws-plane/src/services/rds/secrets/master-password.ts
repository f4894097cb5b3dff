// The master's first password: the one that is given, or one that RDS draws and keeps in Secrets Manager.
import type { Call } from '../../../call.ts';
import type { EngineFacts } from '../catalogue/engines.ts';
import { faults } from '../faults.ts';
import { checkPassword } from '../instances/rules.ts';
import type { ManagedSecret } from '../records.ts';
import { keyArn } from './encryption.ts';
import { createSecret, drawPassword } from './managed-secret.ts';

export interface PasswordRequest {
  readonly MasterUserPassword?: string | undefined;
  readonly ManageMasterUserPassword?: boolean | undefined;
  readonly MasterUserSecretKmsKeyId?: string | undefined;
}

export interface PasswordOwner {
  readonly engine: EngineFacts;
  readonly arn: string;
  readonly as: 'instance' | 'cluster';
  readonly masterUser: string;
  /** Throws where the owner exists already: no secret is made for nothing. */
  readonly exists?: () => void;
}

export async function masterPasswordFor(
  call: Call,
  owner: PasswordOwner,
  request: PasswordRequest,
): Promise<{ readonly password: string; readonly secret?: ManagedSecret }> {
  const { MasterUserPassword: given, ManageMasterUserPassword, MasterUserSecretKmsKeyId } = request;
  if (!ManageMasterUserPassword) {
    if (MasterUserSecretKmsKeyId !== undefined)
      throw faults.invalidCombination(
        'You can specify MasterUserSecretKmsKeyId only when ManageMasterUserPassword is enabled.',
      );
    if (given === undefined || given === '')
      throw faults.invalidValue('The parameter MasterUserPassword must be provided and must not be blank.');
    return { password: checkPassword(owner.engine, given) };
  }
  if (given !== undefined)
    throw faults.invalidCombination(
      "You can't specify MasterUserPassword when you manage the master user password in AWS Secrets Manager.",
    );
  owner.exists?.();
  const password = drawPassword(call.plane.random);
  const kmsKeyId = MasterUserSecretKmsKeyId && (await keyArn(call, MasterUserSecretKmsKeyId));
  const login = { username: owner.masterUser, password };
  return { password, secret: await createSecret(call, { ...owner, kmsKeyId }, login) };
}
