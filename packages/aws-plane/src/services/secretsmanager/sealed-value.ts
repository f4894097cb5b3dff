// Values as they are kept: each encrypted with a key of its own, which KMS encrypts with the secret's key, in the name
// of whoever calls. https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { DecryptResponse, GenerateDataKeyResponse } from '@aws-sdk/client-kms';
import type { Call } from '../../call.ts';
import { AwsFault } from '../../fault.ts';
import { faults } from './faults.ts';
import { secretArn } from './secret-names.ts';
import type { SealedValue, Secret } from './state.ts';

export interface PlainValue {
  readonly kind: SealedValue['kind'];
  readonly bytes: Buffer;
}

interface ValueInput {
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: Uint8Array | undefined;
}

/** The value that a request brings, or undefined. */
export function valueOf({ SecretString, SecretBinary }: ValueInput): PlainValue | undefined {
  if (SecretString !== undefined && SecretBinary !== undefined) throw faults.twoValues();
  if (SecretString !== undefined) return { kind: 'string', bytes: Buffer.from(SecretString) };
  return SecretBinary && { kind: 'binary', bytes: Buffer.from(SecretBinary) };
}

/** The member of an answer that has the value. */
export function valueShape({ kind, bytes }: PlainValue): ValueInput {
  return kind === 'string' ? { SecretString: bytes.toString('utf8') } : { SecretBinary: bytes };
}

const USUAL_KEY = 'alias/aws/secretsmanager';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What is sealed for a version, and which key KMS used. */
export interface Sealing {
  readonly value: SealedValue;
  readonly kmsKeyId: string;
}

export async function sealValue(
  call: Call,
  secret: Secret,
  versionId: string,
  { kind, bytes }: PlainValue,
): Promise<Sealing> {
  const input = {
    KeyId: secret.kmsKeyId ?? USUAL_KEY,
    KeySpec: 'AES_256',
    EncryptionContext: contextOf(secret, versionId),
  };
  const answer = (await askKms(call, 'GenerateDataKey', input, faults.encryption)) as GenerateDataKeyResponse;
  const { Plaintext = Buffer.alloc(0), CiphertextBlob = Buffer.alloc(0), KeyId = '' } = answer;
  const nonce = call.plane.random.bytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', Plaintext, nonce);
  cipher.setAAD(Buffer.from(kind));
  const body = Buffer.concat([cipher.update(bytes), cipher.final()]);
  const value = {
    kind,
    wrappedKey: Buffer.from(CiphertextBlob).toString('base64'),
    nonce: nonce.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    body: body.toString('base64'),
  };
  return { value, kmsKeyId: secret.kmsKeyId === undefined ? 'DefaultEncryptionKey' : KeyId };
}

export async function openValue(
  call: Call,
  secret: Secret,
  versionId: string,
  { kind, wrappedKey, nonce, tag, body }: SealedValue,
): Promise<PlainValue> {
  const input = {
    CiphertextBlob: Buffer.from(wrappedKey, 'base64'),
    EncryptionContext: contextOf(secret, versionId),
  };
  const answer = (await askKms(call, 'Decrypt', input, faults.decryption)) as DecryptResponse;
  const key = answer.Plaintext ?? Buffer.alloc(0);
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64'), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(kind));
  decipher.setAuthTag(Buffer.from(tag, 'base64'));
  return { kind, bytes: Buffer.concat([decipher.update(Buffer.from(body, 'base64')), decipher.final()]) };
}

function contextOf(secret: Secret, versionId: string): Record<string, string> {
  return { SecretARN: secretArn(secret), SecretVersionId: versionId };
}

/** Calls KMS as whoever calls us: the service itself has no rights to anybody's keys. */
async function askKms(
  call: Call,
  operation: string,
  input: object,
  failure: () => AwsFault,
): Promise<object> {
  const { principal, account, region, plane } = call;
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
        'kms:ViaService': `secretsmanager.${region}.amazonaws.com`,
        'aws:ViaAWSService': 'true',
        'aws:CalledVia': 'secretsmanager.amazonaws.com',
      },
    });
  } catch (error) {
    if (!(error instanceof AwsFault)) throw error;
    throw error.code === 'AccessDeniedException' ? faults.kmsDenied() : failure();
  }
}
