// What an object is encrypted with: what its request says, else what its bucket says, else keys of S3.
import type { ServerSideEncryptionConfiguration } from '@aws-sdk/client-s3';
import { isRecord } from '@pergola/kernel';
import type { Call } from '../../call.ts';
import { bucketArn, objectArn } from './bucket.ts';
import { findConfiguration } from './configurations/configuration-store.ts';
import { type DataKey, makeDataKey } from './data-key.ts';
import { faults } from './faults.ts';
import type { KmsEncryption } from './object.ts';

/** The members of a writing request that speak of encryption. */
export interface EncryptionInput {
  readonly ServerSideEncryption?: string | undefined;
  readonly SSEKMSKeyId?: string | undefined;
  readonly SSEKMSEncryptionContext?: string | undefined;
  readonly SSECustomerAlgorithm?: string | undefined;
  readonly BucketKeyEnabled?: boolean | undefined;
}

/** Refuses what S3 refuses, and what this service does not have. */
export function assertEncryption(input: EncryptionInput): void {
  const { ServerSideEncryption: mode, SSEKMSKeyId } = input;
  if (input.SSECustomerAlgorithm !== undefined)
    throw faults.headerNotImplemented(
      'x-amz-server-side-encryption-customer-algorithm',
      'encryption with keys of the customer',
    );
  if (mode === 'aws:kms:dsse')
    throw faults.headerNotImplemented('x-amz-server-side-encryption', 'encryption in two layers');
  if (mode !== undefined && mode !== 'AES256' && mode !== 'aws:kms')
    throw faults.invalidArgument(
      'The encryption method specified is not supported',
      'x-amz-server-side-encryption',
      mode,
    );
  if (mode !== 'aws:kms' && (SSEKMSKeyId !== undefined || input.SSEKMSEncryptionContext !== undefined))
    throw faults.invalidArgument(
      'Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms',
      'x-amz-server-side-encryption',
      mode ?? 'null',
    );
  parseContext(input.SSEKMSEncryptionContext);
}

/** A new data key for an object that is written, or undefined when no KMS key is wanted. */
export async function newDataKey(
  call: Call,
  input: EncryptionInput & { readonly Bucket?: string | undefined; readonly Key?: string | undefined },
): Promise<DataKey | undefined> {
  const { Bucket = '', Key = '' } = input;
  const wanted = input.ServerSideEncryption ? wantedBy(input) : usualOf(call, Bucket);
  if (wanted.mode !== 'aws:kms') return undefined;
  const bucketKey = input.BucketKeyEnabled ?? wanted.bucketKey ?? usualOf(call, Bucket).bucketKey ?? false;
  return makeDataKey(call, Bucket, {
    keyId: wanted.keyId,
    context: {
      ...parseContext(input.SSEKMSEncryptionContext),
      // With a bucket key, KMS hears of the bucket and not of the object.
      'aws:s3:arn': bucketKey ? bucketArn(Bucket) : objectArn(Bucket, Key),
    },
    bucketKey,
  });
}

interface Wanted {
  readonly mode: string | undefined;
  readonly keyId: string | undefined;
  readonly bucketKey?: boolean | undefined;
}

function wantedBy({ ServerSideEncryption: mode, SSEKMSKeyId: keyId }: EncryptionInput): Wanted {
  return { mode, keyId };
}

/** The default of a bucket; without a mode when none was ever put. */
function usualOf(call: Call, bucket: string): Wanted {
  const { store } = call.plane;
  const kept = findConfiguration<ServerSideEncryptionConfiguration>(store, bucket, 'encryption');
  const [rule] = kept?.Rules ?? [];
  const { SSEAlgorithm: mode, KMSMasterKeyID: keyId } = rule?.ApplyServerSideEncryptionByDefault ?? {};
  return { mode, keyId, bucketKey: rule?.BucketKeyEnabled };
}

/** The members of an answer that tell it. */
export function encryptionMembers(encryption: KmsEncryption | undefined) {
  if (!encryption) return { ServerSideEncryption: 'AES256' } as const;
  return {
    ServerSideEncryption: 'aws:kms',
    SSEKMSKeyId: encryption.keyArn,
    BucketKeyEnabled: encryption.bucketKey || undefined,
  } as const;
}

/** The header `x-amz-server-side-encryption-context`: JSON of strings, in base64. */
function parseContext(header: string | undefined): Readonly<Record<string, string>> {
  if (header === undefined) return {};
  const context = parseOrNothing(Buffer.from(header, 'base64').toString());
  const isContext = isRecord(context) && Object.values(context).every((value) => typeof value === 'string');
  if (isContext) return context as Record<string, string>;
  throw faults.invalidArgument(
    'The header x-amz-server-side-encryption-context shall be Base64-encoded UTF-8 string holding JSON which represents a string-string map',
    'x-amz-server-side-encryption-context',
    header,
  );
}

function parseOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the caller answers with the header's fault.
    return undefined;
  }
}
