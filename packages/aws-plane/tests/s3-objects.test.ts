import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  type GetObjectCommandInput,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
  PutObjectTaggingCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type S3Plane, startS3 } from './s3-plane.ts';

const Bucket = 'objects';
let s3: S3Plane;
let client: S3Client;

beforeAll(async () => {
  s3 = await startS3();
  client = s3.client('administrator');
  await client.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => s3[Symbol.asyncDispose]());

const put = (
  Key: string,
  Body: NonNullable<PutObjectCommandInput['Body']>,
  more: Omit<Partial<PutObjectCommandInput>, 'Bucket' | 'Key'> = {},
) => client.send(new PutObjectCommand({ Bucket, Key, ...more, Body }));
const get = async (Key: string, more: Omit<Partial<GetObjectCommandInput>, 'Bucket' | 'Key'> = {}) => {
  const answer = await client.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return { ...answer, bytes: Buffer.from(await answer.Body!.transformToByteArray()) };
};
const failure = (work: Promise<unknown>) =>
  work.then(
    () => expect.unreachable('must fail'),
    (error) => error,
  );
const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');
const bodyFiles = () => {
  const folder = join(s3.plane.dataDir, 's3', 'objects');
  return readdirSync(folder).flatMap((name) => readdirSync(join(folder, name)));
};

describe('PutObject and GetObject', () => {
  it.each([0, 1, 65_536, 65_537, 3_000_001])('keep %i bytes', async (sizeBytes) => {
    const bytes = randomBytes(sizeBytes);
    const written = await put(`size-${sizeBytes}`, bytes);
    expect(written.ETag).toBe(`"${md5(bytes)}"`);
    expect(written.ServerSideEncryption).toBe('AES256');
    const read = await get(`size-${sizeBytes}`);
    expect(read.bytes.equals(bytes)).toBe(true);
    expect(read.ContentLength).toBe(sizeBytes);
    expect(read.ETag).toBe(written.ETag);
    expect(read.ChecksumCRC32).toBe(written.ChecksumCRC32);
  });

  it('take a stream sent in chunks with its checksum behind', async () => {
    const bytes = randomBytes(200_000);
    const written = await put('stream', Readable.from([bytes.subarray(0, 9), bytes.subarray(9)]), {
      ContentLength: bytes.length,
    });
    expect(written.ChecksumCRC32).toMatch(/==$/);
    expect((await get('stream')).bytes.equals(bytes)).toBe(true);
  });

  it.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)('keep a %s checksum', async (name) => {
    const written = await put('checked', 'some bytes', { ChecksumAlgorithm: name });
    const head = await client.send(
      new HeadObjectCommand({ Bucket, Key: 'checked', ChecksumMode: 'ENABLED' }),
    );
    expect(written[`Checksum${name}`]).toBeTruthy();
    expect(head[`Checksum${name}`]).toBe(written[`Checksum${name}`]);
    expect(head.ChecksumType).toBe('FULL_OBJECT');
  });

  it('keep metadata, and answer with overridden headers when asked', async () => {
    await put('described', 'x', {
      ContentType: 'text/plain',
      CacheControl: 'no-cache',
      ContentDisposition: 'attachment',
      ContentEncoding: 'identity',
      ContentLanguage: 'de',
      Expires: new Date('2030-01-02T03:04:05Z'),
      Metadata: { One: '1', two: 'zwei' },
      StorageClass: 'STANDARD_IA',
      Tagging: 'a=1&b=2',
    });
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'described' }));
    expect(head).toMatchObject({
      ContentType: 'text/plain',
      CacheControl: 'no-cache',
      ContentDisposition: 'attachment',
      ContentEncoding: 'identity',
      ContentLanguage: 'de',
      ExpiresString: 'Wed, 02 Jan 2030 03:04:05 GMT',
      Metadata: { one: '1', two: 'zwei' },
      StorageClass: 'STANDARD_IA',
      ContentLength: 1,
      AcceptRanges: 'bytes',
    });
    const read = await get('described', {
      ResponseContentType: 'text/html',
      ResponseCacheControl: 'private',
    });
    expect(read).toMatchObject({ ContentType: 'text/html', CacheControl: 'private', TagCount: 2 });
  });

  it('refuse what a bucket of today refuses', async () => {
    expect(await failure(put('x', 'x', { ACL: 'public-read' }))).toMatchObject({
      name: 'AccessControlListNotSupported',
      message: 'The bucket does not allow ACLs',
    });
    await put('x', 'x', { ACL: 'bucket-owner-full-control' });
    expect(await failure(put('x', 'x', { Metadata: { m: 'v'.repeat(2_048) } }))).toMatchObject({
      name: 'MetadataTooLarge',
    });
    expect(await failure(put('k'.repeat(1_025), 'x'))).toMatchObject({ name: 'KeyTooLongError' });
    expect(await failure(put('x', 'x', { StorageClass: 'NOPE' as 'STANDARD' }))).toMatchObject({
      name: 'InvalidStorageClass',
    });
    expect(await failure(put('x', 'x', { ServerSideEncryption: 'aws:kms:dsse' }))).toMatchObject({
      name: 'NotImplemented',
      $metadata: { httpStatusCode: 501 },
    });
  });

  it('keep nothing of a body whose checksum is wrong', async () => {
    const before = bodyFiles().length;
    const wrong = put('wrong', randomBytes(100_000), {
      ContentMD5: createHash('md5').update('other').digest('base64'),
    });
    expect(await failure(wrong)).toMatchObject({ name: 'BadDigest', $metadata: { httpStatusCode: 400 } });
    expect(await failure(get('wrong'))).toMatchObject({ name: 'NoSuchKey' });
    expect(bodyFiles()).toHaveLength(before);
  });

  it('keep nothing of an upload that the client gives up', async () => {
    const before = bodyFiles().length;
    const url = new URL(await getSignedUrl(client, new PutObjectCommand({ Bucket, Key: 'half' })));
    await new Promise<void>((resolve) => {
      const upload = request(url, { method: 'PUT', headers: { 'content-length': 10_000_000 } });
      upload.on('error', () => resolve());
      upload.write(randomBytes(500_000), () => upload.destroy());
      upload.on('close', () => resolve());
    });
    await expect.poll(() => bodyFiles().length).toBe(before);
    expect(await failure(get('half'))).toMatchObject({ name: 'NoSuchKey' });
  });

  it('write only when the condition holds', async () => {
    const first = await put('conditional', '1', { IfNoneMatch: '*' });
    expect(await failure(put('conditional', '2', { IfNoneMatch: '*' }))).toMatchObject({
      name: 'PreconditionFailed',
      Condition: 'If-None-Match',
    });
    expect(await failure(put('conditional', '2', { IfMatch: '"0"' }))).toMatchObject({
      name: 'PreconditionFailed',
    });
    await put('conditional', '2', { IfMatch: first.ETag });
    expect(await failure(put('nowhere', '2', { IfMatch: '"0"' }))).toMatchObject({ name: 'NoSuchKey' });
    const racers = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) => put('raced', String(n), { IfNoneMatch: '*' })),
    );
    expect(racers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('read only when the condition holds', async () => {
    await put('read-if', 'x');
    const { ETag, LastModified } = await get('read-if');
    const later = new Date(LastModified!.getTime() + 1_000);
    const earlier = new Date(LastModified!.getTime() - 1_000);
    await get('read-if', { IfMatch: ETag, IfUnmodifiedSince: earlier });
    await get('read-if', { IfNoneMatch: '"other"', IfModifiedSince: later });
    const status = async (more: object) => (await failure(get('read-if', more))).$metadata.httpStatusCode;
    expect(await status({ IfMatch: '"other"' })).toBe(412);
    expect(await status({ IfUnmodifiedSince: earlier })).toBe(412);
    expect(await status({ IfNoneMatch: ETag })).toBe(304);
    expect(await status({ IfModifiedSince: LastModified })).toBe(304);
    const { $response } = await failure(get('read-if', { IfNoneMatch: ETag }));
    expect($response.headers).toMatchObject({ etag: ETag, 'last-modified': LastModified?.toUTCString() });
  });
});

describe('ranges', () => {
  const bytes = randomBytes(300_000);
  beforeAll(() =>
    Promise.all([put('large', bytes), put('small', bytes.subarray(0, 1_000)), put('empty', '')]),
  );

  it.each([
    ['bytes=0-0', 0, 0],
    ['bytes=10-19', 10, 19],
    ['bytes=250000-', 250_000, 299_999],
    ['bytes=-5', 299_995, 299_999],
    ['bytes=-999999', 0, 299_999],
    ['bytes=299999-400000', 299_999, 299_999],
  ])('%s', async (Range, start, end) => {
    const part = await get('large', { Range });
    expect(part.$metadata.httpStatusCode).toBe(206);
    expect(part.ContentRange).toBe(`bytes ${start}-${end}/300000`);
    expect(part.bytes.equals(bytes.subarray(start, end + 1))).toBe(true);
    expect(part.ChecksumCRC32).toBeUndefined();
  });

  it('of small objects come from the store', async () => {
    const part = await get('small', { Range: 'bytes=990-2000' });
    expect(part.bytes.equals(bytes.subarray(990, 1_000))).toBe(true);
  });

  it.each(['bytes=5-1', 'bytes=0-1,5-6', 'lines=1-2', 'bytes=-'])('%s is ignored', async (Range) => {
    const whole = await get('small', { Range });
    expect(whole.$metadata.httpStatusCode).toBe(200);
    expect(whole.ContentLength).toBe(1_000);
  });

  it.each([
    ['small', 'bytes=1000-'],
    ['small', 'bytes=-0'],
    ['empty', 'bytes=0-'],
  ])('of %s, %s cannot be satisfied', async (key, Range) => {
    expect(await failure(get(key, { Range }))).toMatchObject({
      name: 'InvalidRange',
      $metadata: { httpStatusCode: 416 },
      RangeRequested: Range,
    });
  });
});

describe('DeleteObject and DeleteObjects', () => {
  it('succeed for what is not there, and remove the files of what was', async () => {
    const before = bodyFiles().length;
    await put('doomed', randomBytes(100_000));
    expect(bodyFiles()).toHaveLength(before + 1);
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'doomed' }));
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'doomed' }));
    expect(bodyFiles()).toHaveLength(before);
    expect(await failure(get('doomed'))).toMatchObject({ name: 'NoSuchKey', Key: 'doomed' });
  });

  it('name each key, or only the failures when quiet', async () => {
    await Promise.all([put('d1', '1'), put('d2', '2')]);
    const Objects = [{ Key: 'd1' }, { Key: 'never' }, { Key: 'd2', ETag: '"0"' }];
    const answer = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(answer.Deleted).toEqual([{ Key: 'd1' }, { Key: 'never' }]);
    expect(answer.Errors).toMatchObject([{ Key: 'd2', Code: 'PreconditionFailed' }]);
    const quiet = await client.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'd2' }], Quiet: true } }),
    );
    expect(quiet.Deleted).toBeUndefined();
    expect(await failure(get('d2'))).toMatchObject({ name: 'NoSuchKey' });
  });

  it('refuse more than 1,000 keys', async () => {
    const Objects = Array.from({ length: 1_001 }, (_, n) => ({ Key: `k${n}` }));
    expect(
      await failure(client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }))),
    ).toMatchObject({ name: 'MalformedXML' });
  });
});

describe('CopyObject', () => {
  const copy = (Key: string, CopySource: string, more: object = {}) =>
    client.send(new CopyObjectCommand({ Bucket, Key, CopySource, ...more }));

  it('copies bytes, metadata and tags, or replaces them', async () => {
    const bytes = randomBytes(100_000);
    await put('source +ü', bytes, { Metadata: { a: '1' }, ContentType: 'text/plain', Tagging: 't=1' });
    const source = `${Bucket}/${encodeURIComponent('source +ü')}`;
    const { CopyObjectResult } = await copy('copy', source);
    expect(CopyObjectResult?.ETag).toBe(`"${md5(bytes)}"`);
    const copied = await get('copy');
    expect(copied.bytes.equals(bytes)).toBe(true);
    expect(copied).toMatchObject({ Metadata: { a: '1' }, ContentType: 'text/plain', TagCount: 1 });
    await copy('replaced', source, {
      MetadataDirective: 'REPLACE',
      Metadata: { b: '2' },
      TaggingDirective: 'REPLACE',
      ChecksumAlgorithm: 'SHA256',
    });
    const replaced = await get('replaced');
    expect(replaced.Metadata).toEqual({ b: '2' });
    expect(replaced.TagCount).toBeUndefined();
    expect(replaced.ChecksumSHA256).toBe(createHash('sha256').update(bytes).digest('base64'));
  });

  it('onto itself must change something', async () => {
    await put('self', 'x');
    expect(await failure(copy('self', `${Bucket}/self`))).toMatchObject({ name: 'InvalidRequest' });
    await copy('self', `${Bucket}/self`, { MetadataDirective: 'REPLACE', Metadata: { n: '1' } });
    expect(await get('self')).toMatchObject({ Metadata: { n: '1' } });
  });

  it('holds the conditions on its source and names a missing one', async () => {
    const { ETag } = await put('from', 'x');
    expect(await failure(copy('to', `${Bucket}/from`, { CopySourceIfNoneMatch: ETag }))).toMatchObject({
      name: 'PreconditionFailed',
    });
    await copy('to', `/${Bucket}/from`, { CopySourceIfMatch: ETag });
    expect(await failure(copy('to', `${Bucket}/missing`))).toMatchObject({
      name: 'NoSuchKey',
      Key: 'missing',
    });
    expect(await failure(copy('to', `no-such-bucket-here/x`))).toMatchObject({ name: 'NoSuchBucket' });
    expect(await failure(copy('to', 'nonsense'))).toMatchObject({ name: 'InvalidArgument' });
  });
});

describe('requests that no SDK would send', () => {
  it('cannot put a line break into the headers of an answer', async () => {
    await put('plain', 'x');
    const command = new GetObjectCommand({ Bucket, Key: 'plain', ResponseContentType: 'a\r\nset-cookie: b' });
    const answer = await fetch(await getSignedUrl(client, command));
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('<Code>InvalidArgument</Code>');
  });

  it('must say how long their body is, and may not be too long', async () => {
    const url = new URL(await getSignedUrl(client, new PutObjectCommand({ Bucket, Key: 'long' })));
    const status = (headers: Record<string, string>) =>
      new Promise((resolve, reject) => {
        const upload = request(url, { method: 'PUT', headers });
        upload.on('response', (response) => resolve(response.resume().statusCode)).on('error', reject);
        upload.useChunkedEncodingByDefault = false;
        upload.flushHeaders();
        if (headers['content-length'] === undefined) upload.end();
      });
    expect(await status({})).toBe(411);
    expect(await status({ 'content-length': String(5 * 1_024 ** 3 + 1) })).toBe(400);
  });
});

describe('presigned URLs', () => {
  it('write and read without credentials', async () => {
    const upload = await getSignedUrl(client, new PutObjectCommand({ Bucket, Key: 'shared' }));
    expect((await fetch(upload, { method: 'PUT', body: 'by link' })).status).toBe(200);
    const download = await getSignedUrl(client, new GetObjectCommand({ Bucket, Key: 'shared' }));
    expect(await (await fetch(download)).text()).toBe('by link');
    expect((await fetch(download.replace('shared', 'other'))).status).toBe(403);
  });
});

describe('tags and attributes', () => {
  it('of objects can be set and read', async () => {
    await put('tagged', 'x');
    const TagSet = [{ Key: 'team', Value: 'blue' }];
    await client.send(new PutObjectTaggingCommand({ Bucket, Key: 'tagged', Tagging: { TagSet } }));
    expect((await client.send(new GetObjectTaggingCommand({ Bucket, Key: 'tagged' }))).TagSet).toEqual(
      TagSet,
    );
    const twice = [...TagSet, ...TagSet];
    expect(
      await failure(
        client.send(new PutObjectTaggingCommand({ Bucket, Key: 'tagged', Tagging: { TagSet: twice } })),
      ),
    ).toMatchObject({ name: 'InvalidTag' });
  });

  it('GetObjectAttributes tells what is asked', async () => {
    const { ETag, ChecksumCRC32 } = await put('attributes', 'abc');
    const answer = await client.send(
      new GetObjectAttributesCommand({
        Bucket,
        Key: 'attributes',
        ObjectAttributes: ['ETag', 'ObjectSize', 'Checksum', 'StorageClass'],
      }),
    );
    expect(answer).toMatchObject({
      ETag: ETag?.replaceAll('"', ''),
      ObjectSize: 3,
      StorageClass: 'STANDARD',
      Checksum: { ChecksumCRC32 },
    });
  });
});

describe('keys', () => {
  it('are any UTF-8 text, and never paths', async () => {
    const special = [
      'a//b',
      '../../etc/passwd',
      './x',
      ' lead',
      'trail ',
      'a+b',
      'a%2Fb',
      'a?b&c=d#e',
      'ünï/🎉',
      '.',
      '..',
      '*',
      '/',
    ];
    for (const key of special) {
      await put(key, key);
      expect((await get(key)).bytes.toString()).toBe(key);
    }
    const { Contents } = await client.send(new ListObjectsV2Command({ Bucket }));
    const listed = Contents!.map(({ Key }) => Key);
    expect(special.filter((key) => !listed.includes(key))).toEqual([]);
  });

  it('survive the whole way, whatever they are', async () => {
    const key = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
      .filter((text) => Buffer.byteLength(text) <= 1_024);
    await fc.assert(
      fc.asyncProperty(key, async (text) => {
        await put(text, text);
        expect((await get(text)).bytes.toString()).toBe(text);
        const { Contents } = await client.send(
          new ListObjectsV2Command({ Bucket, Prefix: text, MaxKeys: 1, EncodingType: 'url' }),
        );
        expect(decodeURIComponent(Contents![0]!.Key!.replaceAll('+', ' '))).toBe(text);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a restart', () => {
  it('keeps every object and sweeps bodies that no object points to', async () => {
    const bytes = randomBytes(150_000);
    await put('kept', bytes);
    const orphan = join(s3.plane.dataDir, 's3', 'objects', 'ab');
    mkdirSync(orphan, { recursive: true });
    writeFileSync(join(orphan, 'ab'.repeat(16)), 'left by a crash');
    await s3.restart();
    client = s3.client('administrator');
    expect((await get('kept')).bytes.equals(bytes)).toBe(true);
    await expect.poll(() => existsSync(join(orphan, 'ab'.repeat(16)))).toBe(false);
    expect((await get('kept')).bytes.equals(bytes)).toBe(true);
  });
});
