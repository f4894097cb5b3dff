// Encryption with KMS keys through the SDK: what is told, what lies in the store, who may read.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { CreateKeyCommand, DisableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetBucketEncryptionCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketEncryptionCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kms as kmsService } from '../src/services/kms/service.ts';
import { findBlob, findObject } from '../src/services/s3/state.ts';
import { s3 as s3Service } from '../src/services/s3/service.ts';
import {
  account,
  adminKey,
  guestKey,
  policyOf,
  refusalOf,
  secretAccessKey,
  startTestPlane,
  type TestPlane,
} from './plane.ts';

const Bucket = 'sealed';
const MIB = 1_024 * 1_024;
let plane: TestPlane;
let admin: S3Client;
let guest: S3Client;
let kms: KMSClient;
let keyArn: string;
beforeAll(async () => {
  plane = await startTestPlane({ services: [s3Service, kmsService] });
  const config = { region: 'us-east-1', endpoint: plane.url, maxAttempts: 1, forcePathStyle: true };
  const as = (accessKeyId: string) => ({ ...config, credentials: { accessKeyId, secretAccessKey } });
  admin = new S3Client(as(adminKey));
  guest = new S3Client(as(guestKey));
  kms = new KMSClient(as(adminKey));
  keyArn = (await kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? '';
  await admin.send(new CreateBucketCommand({ Bucket }));
});
afterAll(async () => {
  for (const client of [admin, guest, kms]) client.destroy();
  await plane[Symbol.asyncDispose]();
});

const usual = (SSEAlgorithm: 'aws:kms' | 'AES256' | 'aws:kms:dsse', KMSMasterKeyID?: string, of = Bucket) =>
  admin.send(
    new PutBucketEncryptionCommand({
      Bucket: of,
      ServerSideEncryptionConfiguration: {
        Rules: [
          {
            ApplyServerSideEncryptionByDefault: { SSEAlgorithm, KMSMasterKeyID },
            BucketKeyEnabled: SSEAlgorithm === 'aws:kms',
          },
        ],
      },
    }),
  );
const put = (Key: string, Body: Buffer | string, more: Partial<PutObjectCommandInput> = {}) =>
  admin.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
async function bytesOf(Key: string, Range?: string, client = admin): Promise<Buffer> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, Range }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}
const sealed = { ServerSideEncryption: 'aws:kms' as const };

describe('an object under a KMS key', () => {
  it('is told so, read whole and in part, and nowhere plain', async () => {
    const body = Buffer.from('the quick brown fox jumps over the lazy dog');
    const written = await put('small', body, { ...sealed, SSEKMSKeyId: keyArn });
    expect(written).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn });
    const head = await admin.send(new HeadObjectCommand({ Bucket, Key: 'small' }));
    expect(head).toMatchObject({ ...sealed, SSEKMSKeyId: keyArn, ContentLength: body.length });
    expect(head.BucketKeyEnabled).toBeUndefined();
    expect(await bytesOf('small')).toEqual(body);
    for (const [from, to] of [
      [0, 0],
      [5, 20],
      [16, 31],
      [33, 42],
    ])
      expect(await bytesOf('small', `bytes=${from}-${to}`)).toEqual(body.subarray(from, Number(to) + 1));
    const record = findObject(plane.plane.store, Bucket, 'small');
    const kept = record?.body.in === 'blob' ? findBlob(plane.plane.store, record.body.id) : undefined;
    expect(kept).toHaveLength(body.length);
    expect(kept?.includes('fox')).toBe(false);
    expect(JSON.stringify(record)).not.toContain('fox');
  });

  it('streams through a file', async () => {
    const body = Buffer.concat([randomBytes(MIB), Buffer.from('needle'), randomBytes(MIB)]);
    await put('large', body, sealed);
    expect((await bytesOf('large')).equals(body)).toBe(true);
    const range = await bytesOf('large', `bytes=${MIB - 3}-${MIB + 8}`);
    expect(range.equals(body.subarray(MIB - 3, MIB + 9))).toBe(true);
    const folder = join(plane.plane.dataDir, 's3', 'objects');
    for (const inner of readdirSync(folder))
      for (const id of readdirSync(join(folder, inner)))
        expect(readFileSync(join(folder, inner, id)).includes('needle')).toBe(false);
  });

  it('comes in parts, and is copied into and out of', async () => {
    const [first, second] = [randomBytes(5 * MIB), Buffer.from('the end')];
    const upload = { Bucket, Key: 'parts' };
    const { UploadId, ...begun } = await admin.send(
      new CreateMultipartUploadCommand({ ...upload, ...sealed, SSEKMSKeyId: keyArn }),
    );
    expect(begun).toMatchObject({ ...sealed, SSEKMSKeyId: keyArn });
    const part = (PartNumber: number) => ({ ...upload, UploadId, PartNumber });
    await put('piece', second, sealed);
    const one = await admin.send(new UploadPartCommand({ ...part(1), Body: first }));
    const two = await admin.send(new UploadPartCopyCommand({ ...part(2), CopySource: `${Bucket}/piece` }));
    expect(one.SSEKMSKeyId).toBe(keyArn);
    const Parts = [
      { PartNumber: 1, ETag: one.ETag },
      { PartNumber: 2, ETag: two.CopyPartResult?.ETag },
    ];
    await admin.send(new CompleteMultipartUploadCommand({ ...upload, UploadId, MultipartUpload: { Parts } }));
    const whole = Buffer.concat([first, second]);
    expect((await bytesOf('parts')).equals(whole)).toBe(true);
    const across = await bytesOf('parts', `bytes=${5 * MIB - 5}-${5 * MIB + 2}`);
    expect(across.equals(whole.subarray(5 * MIB - 5, 5 * MIB + 3))).toBe(true);

    const plain = { Bucket, Key: 'plain', CopySource: `${Bucket}/parts` };
    expect((await admin.send(new CopyObjectCommand(plain))).ServerSideEncryption).toBe('AES256');
    expect((await bytesOf('plain')).equals(whole)).toBe(true);
    const again = await admin.send(
      new CopyObjectCommand({ Bucket, Key: 'again', CopySource: `${Bucket}/plain`, ...sealed }),
    );
    expect(again.ServerSideEncryption).toBe('aws:kms');
    expect(again.SSEKMSKeyId).toMatch(new RegExp(`^arn:aws:kms:us-east-1:${account}:key/`));
    expect((await bytesOf('again')).equals(whole)).toBe(true);
  });
});

describe('the default of a bucket', () => {
  it('counts where a request says nothing', async () => {
    const own = { Bucket: 'sealed-by-default' };
    await admin.send(new CreateBucketCommand(own));
    await usual('aws:kms', keyArn, own.Bucket);
    const { ServerSideEncryptionConfiguration: kept } = await admin.send(new GetBucketEncryptionCommand(own));
    expect(kept?.Rules).toMatchObject([
      { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyArn } },
    ]);
    const silent = await put('a', 'a', own);
    expect(silent).toMatchObject({ ...sealed, SSEKMSKeyId: keyArn, BucketKeyEnabled: true });
    expect((await put('b', 'b', { ...own, ServerSideEncryption: 'AES256' })).ServerSideEncryption).toBe(
      'AES256',
    );
    expect(await refusalOf(usual('aws:kms:dsse', keyArn, own.Bucket))).toMatchObject({ status: 501 });
    expect(await refusalOf(usual('AES256', keyArn, own.Bucket))).toMatchObject({ code: 'InvalidArgument' });
  });
});

describe('who may use the key', () => {
  const onBucket = { Effect: 'Allow', Action: 's3:*', Resource: '*' };
  const allow = (...more: object[]) =>
    plane.directory.userPolicies.set('guest', [policyOf('inline:guest', [onBucket, ...more])]);

  it('is asked of KMS, through S3 and for that object', async () => {
    await put('secret', 'x', { ...sealed, SSEKMSKeyId: keyArn });
    allow();
    const read = () => bytesOf('secret', undefined, guest);
    const denied = await refusalOf(read());
    expect(denied).toMatchObject({ code: 'AccessDenied', status: 403 });
    expect(denied.message).toContain('kms:Decrypt');
    await guest.send(new HeadObjectCommand({ Bucket, Key: 'secret' }));
    const decrypt = (Condition: object) => ({
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: keyArn,
      Condition,
    });
    const context = 'kms:EncryptionContext:aws:s3:arn';
    allow(decrypt({ StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } }));
    expect(await refusalOf(read())).toMatchObject({ status: 403 });
    allow(
      decrypt({
        StringEquals: {
          'kms:ViaService': 's3.us-east-1.amazonaws.com',
          [context]: `arn:aws:s3:::${Bucket}/secret`,
        },
      }),
    );
    expect((await read()).toString()).toBe('x');
    const write = guest.send(
      new PutObjectCommand({ Bucket, Key: 'secret', Body: 'y', ...sealed, SSEKMSKeyId: keyArn }),
    );
    expect((await refusalOf(write)).message).toContain('kms:GenerateDataKey');
    expect((await read()).toString()).toBe('x');
  });

  it('nobody does when it is disabled or was never there', async () => {
    const made = await kms.send(new CreateKeyCommand({}));
    const SSEKMSKeyId = made.KeyMetadata?.Arn;
    await put('locked', 'x', { ...sealed, SSEKMSKeyId });
    await kms.send(new DisableKeyCommand({ KeyId: SSEKMSKeyId }));
    expect(await refusalOf(bytesOf('locked'))).toMatchObject({ code: 'KMS.DisabledException', status: 400 });
    const absent = put('x', 'x', { ...sealed, SSEKMSKeyId: '00000000-0000-4000-8000-000000000000' });
    expect(await refusalOf(absent)).toMatchObject({ code: 'KMS.NotFoundException', status: 400 });
    expect(await refusalOf(put('x', 'x', { SSEKMSKeyId }))).toMatchObject({ code: 'InvalidArgument' });
    expect(await refusalOf(put('x', 'x', { ServerSideEncryption: 'aws:kms:dsse' }))).toMatchObject({
      status: 501,
    });
  });
});
