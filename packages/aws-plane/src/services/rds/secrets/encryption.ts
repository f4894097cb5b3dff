// Keys that storage and secrets are encrypted with. They are looked up and shown; the files are not encrypted with them.
import type { DescribeKeyResponse } from '@aws-sdk/client-kms';
import type { Call } from '../../../call.ts';
import { AwsFault } from '../../../fault.ts';

export interface EncryptionRequest {
  readonly StorageEncrypted?: boolean | undefined;
  readonly KmsKeyId?: string | undefined;
}

export interface Encryption {
  readonly encrypted: boolean;
  /** ARN of the key. */
  readonly kmsKeyId?: string | undefined;
}

const notAccessible = (key: string) =>
  new AwsFault(
    'KMSKeyNotAccessibleFault',
    400,
    `The specified KMS key [${key}] does not exist, is not enabled or you do not have permissions to access it.`,
  );

/** ARN of a key that is named by id, ARN or alias. Whoever calls must be allowed to see it, as in RDS. */
export async function keyArn(call: Call, key: string): Promise<string> {
  const { principal, account, region, plane } = call;
  try {
    const answer = (await plane.ports.callInside({
      as: principal.facts,
      session: principal.session,
      account,
      region,
      service: 'kms',
      operation: 'DescribeKey',
      input: { KeyId: key },
      context: {
        'kms:ViaService': `rds.${region}.amazonaws.com`,
        'aws:ViaAWSService': 'true',
        'aws:CalledVia': 'rds.amazonaws.com',
      },
    })) as DescribeKeyResponse;
    const { Arn = '', Enabled = false } = answer.KeyMetadata ?? {};
    if (!Enabled) throw notAccessible(key);
    return Arn;
  } catch (error) {
    if (error instanceof AwsFault) throw notAccessible(key);
    throw error;
  }
}

export async function keyFor(call: Call, request: EncryptionRequest): Promise<Encryption> {
  const { KmsKeyId, StorageEncrypted = KmsKeyId !== undefined } = request;
  if (!StorageEncrypted) return { encrypted: false };
  return { encrypted: true, kmsKeyId: await keyArn(call, KmsKeyId ?? 'alias/aws/rds') };
}
