// Data keys: made and opened by KMS in the name of whoever calls, as S3 does.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
import type { DecryptResponse, GenerateDataKeyResponse } from '@aws-sdk/client-kms';
import type { Call } from '../../call.ts';
import { AwsFault } from '../../fault.ts';
import { requireBucket } from './access.ts';
import { faults } from './faults.ts';
import type { KmsEncryption, ObjectRecord } from './object.ts';

/** A data key in use: what is kept of it, and its bytes. */
export interface DataKey {
  readonly encryption: KmsEncryption;
  readonly key: Buffer;
}

const USUAL_KEY = 'alias/aws/s3';

export async function makeDataKey(
  call: Call,
  bucket: string,
  wanted: Pick<KmsEncryption, 'context' | 'bucketKey'> & { readonly keyId: string | undefined },
): Promise<DataKey> {
  const { keyId = USUAL_KEY, context, bucketKey } = wanted;
  const input = { KeyId: keyId, KeySpec: 'AES_256', EncryptionContext: context };
  const answer = (await askKms(call, bucket, 'GenerateDataKey', input)) as GenerateDataKeyResponse;
  const { Plaintext = Buffer.alloc(0), CiphertextBlob = Buffer.alloc(0), KeyId = '' } = answer;
  const dataKey = Buffer.from(CiphertextBlob).toString('base64');
  return { encryption: { keyArn: KeyId, dataKey, context, bucketKey }, key: Buffer.from(Plaintext) };
}

/** The bytes of a data key, for those who may decrypt with its KMS key. */
export async function openDataKey(call: Call, bucket: string, encryption: KmsEncryption): Promise<Buffer> {
  const { keyArn, dataKey, context } = encryption;
  const input = {
    KeyId: keyArn,
    CiphertextBlob: Buffer.from(dataKey, 'base64'),
    EncryptionContext: context,
  };
  const { Plaintext } = (await askKms(call, bucket, 'Decrypt', input)) as DecryptResponse;
  return Buffer.from(Plaintext ?? []);
}

/**
 * Finds an object and opens its data key if it has one, then hands both to `use`. While KMS answers, the object may
 * be replaced: then all begins anew, so that `use` may open the body at once.
 */
export async function withDataKey<T>(
  call: Call,
  bucket: string,
  find: () => ObjectRecord,
  use: (object: ObjectRecord, key: Buffer | undefined) => T | Promise<T>,
): Promise<T> {
  for (;;) {
    const found = find();
    if (!found.encryption) return use(found, undefined);
    const key = await openDataKey(call, bucket, found.encryption);
    const object = find();
    if (object.encryption?.dataKey === found.encryption.dataKey) return use(object, key);
  }
}

async function askKms(call: Call, bucket: string, operation: string, input: object): Promise<object> {
  const { principal, account, plane } = call;
  const { region } = requireBucket(call, bucket);
  try {
    return await plane.ports.callInside({
      as: principal.facts,
      session: principal.session,
      account,
      region,
      service: 'kms',
      operation,
      input,
      context: {
        'kms:ViaService': `s3.${region}.amazonaws.com`,
        'aws:ViaAWSService': 'true',
        'aws:CalledVia': 's3.amazonaws.com',
      },
    });
  } catch (error) {
    if (!(error instanceof AwsFault)) throw error;
    if (error.code === 'AccessDeniedException') throw faults.accessDenied(error.message);
    throw new AwsFault(`KMS.${error.code}`, 400, error.message);
  }
}
