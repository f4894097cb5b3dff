import { createHash, randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  DeleteObjectCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type S3Plane, startS3 } from './s3-plane.ts';

const Bucket = 'multipart';
const MIB = 1_024 ** 2;
let s3: S3Plane;
let client: S3Client;

beforeAll(async () => {
  s3 = await startS3();
  client = s3.client('administrator');
  await client.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => s3[Symbol.asyncDispose]());

const failure = (work: Promise<unknown>) =>
  work.then(
    () => expect.unreachable('must fail'),
    (error) => error,
  );
const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest();
const crc = (bytes: Uint8Array) => {
  const digest = Buffer.alloc(4);
  digest.writeUInt32BE(crc32(bytes));
  return digest;
};
const begin = async (Key: string, more: Partial<CreateMultipartUploadCommandInput> = {}) =>
  (await client.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }))).UploadId!;
const uploadPart = (Key: string, UploadId: string, PartNumber: number, Body: Buffer | string) =>
  client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
const complete = (
  Key: string,
  UploadId: string,
  Parts: { PartNumber: number; ETag?: string | undefined }[],
) => client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));
const read = async (Key: string, more: object = {}) => {
  const answer = await client.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return { ...answer, bytes: Buffer.from(await answer.Body!.transformToByteArray()) };
};
const bodyFiles = () => {
  const folder = join(s3.plane.dataDir, 's3', 'objects');
  return readdirSync(folder).flatMap((name) => readdirSync(join(folder, name)));
};

describe('a multipart upload', () => {
  it('by lib-storage, from a stream', async () => {
    const bytes = randomBytes(12 * MIB);
    const upload = new Upload({
      client,
      params: { Bucket, Key: 'lib', Body: Readable.from([bytes.subarray(0, MIB), bytes.subarray(MIB)]) },
      queueSize: 3,
      partSize: 5 * MIB,
    });
    const done = await upload.done();
    expect(done.ETag).toMatch(/-3"$/);
    const got = await read('lib');
    expect(got.bytes.equals(bytes)).toBe(true);
    expect(got.ChecksumType).toBe('COMPOSITE');
    expect(got.ChecksumCRC32).toMatch(/-3$/);
  });

  it('has the ETag, the composite checksum, the parts and the ranges of its parts', async () => {
    const before = bodyFiles().length;
    const parts = [randomBytes(5 * MIB), randomBytes(5 * MIB), Buffer.from('the last, in the store')];
    const whole = Buffer.concat(parts);
    const id = await begin('parts', {
      ChecksumAlgorithm: 'CRC32',
      Metadata: { a: '1' },
      ContentType: 'text/x',
    });
    const etags = await Promise.all(parts.map((part, index) => uploadPart('parts', id, index * 7 + 1, part)));
    const listed = await client.send(new ListPartsCommand({ Bucket, Key: 'parts', UploadId: id }));
    expect(listed.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [1, 5 * MIB],
      [8, 5 * MIB],
      [15, 22],
    ]);
    expect(await failure(read('parts'))).toMatchObject({ name: 'NoSuchKey' });
    const done = await complete(
      'parts',
      id,
      etags.map(({ ETag }, index) => ({ PartNumber: index * 7 + 1, ETag })),
    );
    expect(done.ETag).toBe(`"${md5(Buffer.concat(parts.map(md5))).toString('hex')}-3"`);
    expect(done.ChecksumCRC32).toBe(`${crc(Buffer.concat(parts.map(crc))).toString('base64')}-3`);
    expect(done.Location).toBe(`${s3.url}/${Bucket}/parts`);

    const got = await read('parts');
    expect(got.bytes.equals(whole)).toBe(true);
    expect(got).toMatchObject({ Metadata: { a: '1' }, ContentType: 'text/x' });
    const across = await read('parts', { Range: `bytes=${5 * MIB - 10}-${10 * MIB + 4}` });
    expect(across.bytes.equals(whole.subarray(5 * MIB - 10, 10 * MIB + 5))).toBe(true);
    const second = await read('parts', { PartNumber: 2 });
    expect(second.bytes.equals(parts[1]!)).toBe(true);
    expect(second).toMatchObject({
      PartsCount: 3,
      ContentRange: `bytes ${5 * MIB}-${10 * MIB - 1}/${whole.length}`,
    });
    expect(await failure(read('parts', { PartNumber: 4 }))).toMatchObject({ name: 'InvalidPartNumber' });
    const attributes = await client.send(
      new GetObjectAttributesCommand({ Bucket, Key: 'parts', ObjectAttributes: ['ObjectParts', 'Checksum'] }),
    );
    expect(attributes.ObjectParts?.Parts?.map(({ Size }) => Size)).toEqual([5 * MIB, 5 * MIB, 22]);

    await client.send(new CopyObjectCommand({ Bucket, Key: 'copied', CopySource: `${Bucket}/parts` }));
    const copied = await client.send(new HeadObjectCommand({ Bucket, Key: 'copied' }));
    expect(copied.ETag).toBe(`"${md5(whole).toString('hex')}"`);

    for (const Key of ['parts', 'copied']) await client.send(new DeleteObjectCommand({ Bucket, Key }));
    expect(bodyFiles()).toHaveLength(before);
  });

  it('may have the checksum of the full object', async () => {
    const parts = [randomBytes(5 * MIB), randomBytes(1_000)];
    const id = await begin('full', { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' });
    const etags = await Promise.all(parts.map((part, index) => uploadPart('full', id, index + 1, part)));
    const done = await complete(
      'full',
      id,
      etags.map(({ ETag }, index) => ({ PartNumber: index + 1, ETag })),
    );
    expect(done.ChecksumCRC32).toBe(crc(Buffer.concat(parts)).toString('base64'));
    expect(done.ChecksumType).toBe('FULL_OBJECT');
  });

  it('replaces a part that is uploaded twice, and forgets unlisted ones', async () => {
    const before = bodyFiles().length;
    const id = await begin('again');
    await uploadPart('again', id, 1, randomBytes(100_000));
    const { ETag } = await uploadPart('again', id, 1, Buffer.from('only this'));
    await uploadPart('again', id, 2, randomBytes(100_000));
    await complete('again', id, [{ PartNumber: 1, ETag }]);
    expect((await read('again')).bytes.toString()).toBe('only this');
    expect(bodyFiles()).toHaveLength(before);
  });

  it('refuses small parts, wrong parts, wrong order and unknown uploads', async () => {
    const id = await begin('wrong');
    const [one, two] = await Promise.all([
      uploadPart('wrong', id, 1, 'small'),
      uploadPart('wrong', id, 2, 'small'),
    ]);
    const first = { PartNumber: 1, ETag: one.ETag };
    const second = { PartNumber: 2, ETag: two.ETag };
    expect(await failure(complete('wrong', id, [first, second]))).toMatchObject({
      name: 'EntityTooSmall',
      ProposedSize: '5',
      MinSizeAllowed: '5242880',
      PartNumber: '1',
    });
    expect(await failure(complete('wrong', id, [second, first]))).toMatchObject({ name: 'InvalidPartOrder' });
    expect(await failure(complete('wrong', id, [{ PartNumber: 3, ETag: one.ETag }]))).toMatchObject({
      name: 'InvalidPart',
    });
    expect(await failure(complete('wrong', id, [{ PartNumber: 1, ETag: '"0"' }]))).toMatchObject({
      name: 'InvalidPart',
    });
    expect(await failure(complete('wrong', 'nothing', [first]))).toMatchObject({
      name: 'NoSuchUpload',
      $metadata: { httpStatusCode: 404 },
    });
    expect(await failure(uploadPart('other-key', id, 1, 'x'))).toMatchObject({ name: 'NoSuchUpload' });
    expect(await failure(uploadPart('wrong', id, 10_001, 'x'))).toMatchObject({ name: 'InvalidArgument' });
    expect(await failure(uploadPart('wrong', '../../etc', 1, 'x'))).toMatchObject({ name: 'NoSuchUpload' });
  });

  it('leaves nothing when it is aborted', async () => {
    const before = bodyFiles().length;
    const id = await begin('aborted');
    await uploadPart('aborted', id, 1, randomBytes(200_000));
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key: 'aborted', UploadId: id }));
    expect(bodyFiles()).toHaveLength(before);
    expect(await failure(uploadPart('aborted', id, 2, randomBytes(200_000)))).toMatchObject({
      name: 'NoSuchUpload',
    });
    expect(bodyFiles()).toHaveLength(before);
  });

  it('takes parts from other objects', async () => {
    const bytes = randomBytes(300_000);
    await client.send(new PutObjectCommand({ Bucket, Key: 'origin', Body: bytes }));
    const id = await begin('assembled');
    const copyPart = (CopySourceRange: string) =>
      client.send(
        new UploadPartCopyCommand({
          Bucket,
          Key: 'assembled',
          UploadId: id,
          PartNumber: 1,
          CopySource: `${Bucket}/origin`,
          CopySourceRange,
        }),
      );
    const { CopyPartResult } = await copyPart('bytes=1000-250000');
    expect(CopyPartResult?.ETag).toBe(`"${md5(bytes.subarray(1_000, 250_001)).toString('hex')}"`);
    expect(await failure(copyPart('bytes=0-300000'))).toMatchObject({ name: 'InvalidArgument' });
    await complete('assembled', id, [{ PartNumber: 1, ETag: CopyPartResult?.ETag }]);
    expect((await read('assembled')).bytes.equals(bytes.subarray(1_000, 250_001))).toBe(true);
  });

  it('goes on being readable while it is replaced', async () => {
    const parts = [randomBytes(5 * MIB), randomBytes(5 * MIB)];
    const id = await begin('busy');
    const etags = await Promise.all(parts.map((part, index) => uploadPart('busy', id, index + 1, part)));
    await complete(
      'busy',
      id,
      etags.map(({ ETag }, index) => ({ PartNumber: index + 1, ETag })),
    );
    const open = await client.send(new GetObjectCommand({ Bucket, Key: 'busy' }));
    await client.send(new PutObjectCommand({ Bucket, Key: 'busy', Body: 'new' }));
    const bytes = Buffer.from(await open.Body!.transformToByteArray());
    expect(bytes.equals(Buffer.concat(parts))).toBe(true);
    expect((await read('busy')).bytes.toString()).toBe('new');
  });
});

describe('ListMultipartUploads', () => {
  it('is by key, in pages, rolled up', async () => {
    const Bucket = 'uploads';
    await client.send(new CreateBucketCommand({ Bucket }));
    for (const Key of ['b', 'a/1', 'a/2', 'c'])
      await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const seen: string[] = [];
    let markers: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } = {};
    for (;;) {
      const page = await client.send(new ListMultipartUploadsCommand({ Bucket, MaxUploads: 3, ...markers }));
      seen.push(...page.Uploads!.map(({ Key }) => Key!));
      if (!page.IsTruncated) break;
      markers = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
    }
    expect(seen).toEqual(['a/1', 'a/2', 'b', 'c']);
    const rolled = await client.send(new ListMultipartUploadsCommand({ Bucket, Delimiter: '/' }));
    expect(rolled.CommonPrefixes).toEqual([{ Prefix: 'a/' }]);
    expect(rolled.Uploads?.map(({ Key }) => Key)).toEqual(['b', 'c']);
  });
});
