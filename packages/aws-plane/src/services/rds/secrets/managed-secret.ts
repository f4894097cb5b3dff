// Passwords of masters that RDS manages in Secrets Manager.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
import type { MasterUserSecret } from '@aws-sdk/client-rds';
import type { CreateSecretResponse } from '@aws-sdk/client-secrets-manager';
import { alphabets, type Random } from '@pergola/kernel';
import type { Call } from '../../../call.ts';
import { AwsFault } from '../../../fault.ts';
import type { ManagedSecret } from '../records.ts';

const PASSWORD_CHARS = 28;

export function secretShape(secret: ManagedSecret | undefined): MasterUserSecret | undefined {
  return secret && { SecretArn: secret.arn, SecretStatus: 'active', KmsKeyId: secret.kmsKeyId };
}

/** Without the characters that RDS does not take. */
export function drawPassword(random: Random): string {
  return random.text(PASSWORD_CHARS, `${alphabets.alphanumeric}!#$%&*()-_=+[]{}<>:?`);
}

/** What is kept in the secret. */
export interface MasterLogin {
  readonly username: string;
  readonly password: string;
}

/** Calls Secrets Manager for whoever made this call: they need the rights to it, as in RDS. */
function ask(call: Call, operation: string, input: object): Promise<object> {
  const { principal, account, region, plane } = call;
  return plane.ports.callInside({
    as: principal.facts,
    session: principal.session,
    account,
    region,
    service: 'secretsmanager',
    operation,
    input,
    context: { 'aws:CalledVia': 'rds.amazonaws.com', 'aws:ViaAWSService': 'true' },
  });
}

/** Makes the secret of a new master. `owner` is the ARN of the instance or cluster. */
export async function createSecret(
  call: Call,
  owner: { readonly arn: string; readonly as: 'instance' | 'cluster'; readonly kmsKeyId: string | undefined },
  login: MasterLogin,
): Promise<ManagedSecret> {
  const word = owner.as === 'cluster' ? 'cluster' : 'db';
  const tag = owner.as === 'cluster' ? 'aws:rds:primaryDBClusterArn' : 'aws:rds:primaryDBInstanceArn';
  const made = (await ask(call, 'CreateSecret', {
    Name: `rds!${word}-${call.plane.random.uuid()}`,
    Description: `Secret associated with primary RDS DB ${owner.as}: ${owner.arn}`,
    KmsKeyId: owner.kmsKeyId,
    SecretString: JSON.stringify(login),
    Tags: [
      { Key: 'aws:secretsmanager:owningService', Value: 'rds' },
      { Key: tag, Value: owner.arn },
    ],
  })) as CreateSecretResponse;
  const key = owner.kmsKeyId ?? `arn:aws:kms:${call.region}:${call.account}:alias/aws/secretsmanager`;
  return { arn: made.ARN ?? '', kmsKeyId: key };
}

export async function replaceSecret(call: Call, secret: ManagedSecret, login: MasterLogin): Promise<void> {
  await ask(call, 'PutSecretValue', { SecretId: secret.arn, SecretString: JSON.stringify(login) });
}

export async function deleteSecret(call: Call, secret: ManagedSecret): Promise<void> {
  await ask(call, 'DeleteSecret', { SecretId: secret.arn, ForceDeleteWithoutRecovery: true });
}

/** For an owner that ends. One that may not be deleted stays: the owner ends all the same. */
export async function giveUpSecret(call: Call, secret: ManagedSecret | undefined): Promise<void> {
  if (!secret) return;
  try {
    await deleteSecret(call, secret);
  } catch (error) {
    if (!(error instanceof AwsFault)) throw error;
    call.plane.logger.warn({ error, secret: secret.arn }, 'the secret of a deleted database stays');
  }
}

/** Writes what a new secret was made for; when that fails, nobody needs the secret. */
export async function withSecret<T>(
  call: Call,
  made: ManagedSecret | undefined,
  write: () => Promise<T>,
): Promise<T> {
  try {
    return await write();
  } catch (error) {
    await giveUpSecret(call, made);
    throw error;
  }
}
