// Versions through the SDK: every state of a bucket, every way to write, read, list and delete.
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  type DeleteMarkerEntry,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandInput,
  type ListObjectVersionsOutput,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type S3Plane, startS3 } from './s3-plane.ts';

let s3: S3Plane;
let client: S3Client;
beforeAll(async () => {
  s3 = await startS3();
  client = s3.client('administrator');
});
afterAll(() => s3[Symbol.asyncDispose]());

let buckets = 0;
async function newBucket(...states: ('Enabled' | 'Suspended')[]): Promise<string> {
  const Bucket = `versions-${++buckets}`;
  await client.send(new CreateBucketCommand({ Bucket }));
  for (const state of states) await configure(Bucket, state);
  return Bucket;
}
const configure = (Bucket: string, Status: 'Enabled' | 'Suspended') =>
  client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
const put = async (Bucket: string, Key: string, Body: string) =>
  (await client.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId;
const remove = (Bucket: string, Key: string, VersionId?: string) =>
  client.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
const get = async (Bucket: string, Key: string, VersionId?: string) => {
  const { Body, VersionId: version } = await client.send(new GetObjectCommand({ Bucket, Key, VersionId }));
  return [await Body?.transformToString(), version];
};
/** `key version latest` of every version, and `-key version latest` of every marker. */
async function list(Bucket: string, options: object = {}): Promise<string[]> {
  const { Versions = [], DeleteMarkers = [] } = await client.send(
    new ListObjectVersionsCommand({ Bucket, ...options }),
  );
  const show = (sign: string) => (one: DeleteMarkerEntry) =>
    `${sign}${one.Key} ${one.VersionId} ${one.IsLatest}`;
  return [...Versions.map(show('')), ...DeleteMarkers.map(show('-'))];
}
async function* pagesOf(input: ListObjectVersionsCommandInput): AsyncGenerator<ListObjectVersionsOutput> {
  let page: ListObjectVersionsOutput | undefined;
  do {
    const markers: object | undefined = page && {
      KeyMarker: page.NextKeyMarker,
      VersionIdMarker: page.NextVersionIdMarker,
    };
    page = await client.send(new ListObjectVersionsCommand({ ...input, ...markers }));
    yield page;
  } while (page.IsTruncated);
}
async function refusalOf(promise: Promise<unknown>) {
  const error = (await promise.then(
    () => expect.unreachable('refused'),
    (refusal: unknown) => refusal,
  )) as Error & { $metadata: { httpStatusCode: number }; $response: { headers: Record<string, string> } };
  return {
    code: error.name,
    status: error.$metadata.httpStatusCode,
    message: error.message,
    headers: error.$response.headers,
  };
}

describe('the state of a bucket', () => {
  it('goes from nothing to enabled and suspended, and survives a restart', async () => {
    const Bucket = await newBucket();
    const status = async () => (await client.send(new GetBucketVersioningCommand({ Bucket }))).Status;
    expect(await status()).toBeUndefined();
    await configure(Bucket, 'Enabled');
    const id = await put(Bucket, 'kept', 'one');
    await put(Bucket, 'kept', 'two');
    await s3.restart();
    client = s3.client('administrator');
    expect(await status()).toBe('Enabled');
    expect(await get(Bucket, 'kept', id)).toEqual(['one', id]);
    await configure(Bucket, 'Suspended');
    expect(await status()).toBe('Suspended');
  });

  it('is never without a word, and never needs a device', async () => {
    const Bucket = await newBucket();
    const putting = (VersioningConfiguration: object) =>
      refusalOf(client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration })));
    expect(await putting({})).toMatchObject({ code: 'IllegalVersioningConfigurationException', status: 400 });
    expect(await putting({ Status: 'Enabled', MFADelete: 'Enabled' })).toMatchObject({ status: 501 });
  });
});

describe('an enabled bucket', () => {
  it('keeps what is overwritten and what is deleted', async () => {
    const Bucket = await newBucket();
    expect(await put(Bucket, 'k', 'before')).toBeUndefined();
    await configure(Bucket, 'Enabled');
    expect(await get(Bucket, 'k')).toEqual(['before', 'null']);
    const [one, two] = [await put(Bucket, 'k', 'one'), await put(Bucket, 'k', 'two')];
    expect(one).toMatch(/^[A-Za-z0-9._]{32}$/);
    expect(await list(Bucket)).toEqual([`k ${two} true`, `k ${one} false`, 'k null false']);
    const marker = await remove(Bucket, 'k');
    expect(marker).toMatchObject({ DeleteMarker: true });
    expect(await get(Bucket, 'k', 'null')).toEqual(['before', 'null']);
    expect(await get(Bucket, 'k', one)).toEqual(['one', one]);
    expect((await client.send(new ListObjectsV2Command({ Bucket }))).Contents).toBeUndefined();
    expect(await list(Bucket)).toEqual([
      `k ${two} false`,
      `k ${one} false`,
      'k null false',
      `-k ${marker.VersionId} true`,
    ]);
    expect(await remove(Bucket, 'k', marker.VersionId)).toMatchObject({
      DeleteMarker: true,
      VersionId: marker.VersionId,
    });
    expect(await get(Bucket, 'k')).toEqual(['two', two]);
    expect((await remove(Bucket, 'k', two)).DeleteMarker).toBeUndefined();
    expect(await get(Bucket, 'k')).toEqual(['one', one]);
    await remove(Bucket, 'k', one);
    await remove(Bucket, 'k', one);
    expect(await list(Bucket)).toEqual(['k null true']);
  });

  it('says that a marker hides what is asked for', async () => {
    const Bucket = await newBucket('Enabled');
    await put(Bucket, 'k', 'one');
    const { VersionId } = await remove(Bucket, 'k');
    const hidden = { 'x-amz-delete-marker': 'true', 'x-amz-version-id': VersionId };
    expect(await refusalOf(get(Bucket, 'k'))).toMatchObject({
      code: 'NoSuchKey',
      status: 404,
      headers: hidden,
    });
    const head = (id?: string) => client.send(new HeadObjectCommand({ Bucket, Key: 'k', VersionId: id }));
    expect(await refusalOf(head())).toMatchObject({ status: 404, headers: hidden });
    const named = await refusalOf(head(VersionId));
    expect(named).toMatchObject({ status: 405, headers: { ...hidden, allow: 'DELETE' } });
    expect(new Date(named.headers['last-modified'] ?? '').getTime()).toBeGreaterThan(0);
    expect(await refusalOf(get(Bucket, 'k', VersionId))).toMatchObject({
      code: 'MethodNotAllowed',
      status: 405,
    });
    expect(await refusalOf(get(Bucket, 'k', 'x'.repeat(32)))).toMatchObject({
      code: 'NoSuchVersion',
      status: 404,
    });
    expect(await refusalOf(get(Bucket, 'k', 'short'))).toMatchObject({
      code: 'InvalidArgument',
      status: 400,
    });
  });

  it('copies, completes, tags and describes by version', async () => {
    const Bucket = await newBucket('Enabled');
    const one = await put(Bucket, 'a b', 'one');
    await put(Bucket, 'a b', 'two');
    const copied = await client.send(
      new CopyObjectCommand({ Bucket, Key: 'a b', CopySource: `${Bucket}/a%20b?versionId=${one}` }),
    );
    expect(copied.CopySourceVersionId).toBe(one);
    expect(await get(Bucket, 'a b')).toEqual(['one', copied.VersionId]);
    const named = { Bucket, Key: 'a b', VersionId: one };
    const Tagging = { TagSet: [{ Key: 'old', Value: 'yes' }] };
    expect((await client.send(new PutObjectTaggingCommand({ ...named, Tagging }))).VersionId).toBe(one);
    expect(await client.send(new GetObjectTaggingCommand(named))).toMatchObject({
      ...Tagging,
      VersionId: one,
    });
    expect((await client.send(new GetObjectTaggingCommand({ Bucket, Key: 'a b' }))).TagSet).toEqual([]);
    const attributes = new GetObjectAttributesCommand({ ...named, ObjectAttributes: ['ObjectSize'] });
    expect(await client.send(attributes)).toMatchObject({ ObjectSize: 3, VersionId: one });

    const upload = { Bucket, Key: 'large' };
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(upload));
    const part = { ...upload, UploadId, PartNumber: 1 };
    const { ETag } = await client.send(new UploadPartCommand({ ...part, Body: 'part' }));
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    const before = await put(Bucket, 'large', 'small');
    const done = await client.send(
      new CompleteMultipartUploadCommand({ ...upload, UploadId, MultipartUpload }),
    );
    expect(await get(Bucket, 'large')).toEqual(['part', done.VersionId]);
    expect(await get(Bucket, 'large', before)).toEqual(['small', before]);
    const { VersionId: marker } = await remove(Bucket, 'large');
    const source = `${Bucket}/large?versionId=${marker}`;
    const copying = client.send(new CopyObjectCommand({ Bucket, Key: 'x', CopySource: source }));
    expect(await refusalOf(copying)).toMatchObject({ code: 'InvalidRequest', status: 400 });
  });

  it('holds conditions against what is current', async () => {
    const Bucket = await newBucket('Enabled');
    const write = (conditions: object) =>
      client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x', ...conditions }));
    await write({ IfNoneMatch: '*' });
    expect(await refusalOf(write({ IfNoneMatch: '*' }))).toMatchObject({ status: 412 });
    await remove(Bucket, 'k');
    expect(await refusalOf(write({ IfMatch: '*' }))).toMatchObject({ code: 'NoSuchKey' });
    await write({ IfNoneMatch: '*' });
    expect(await list(Bucket)).toHaveLength(3);
  });

  it('is deleted only without any version, as many as it had', async () => {
    const Bucket = await newBucket('Enabled');
    for (let n = 0; n < 5; n++) for (const key of ['a', 'b', 'dir/c']) await put(Bucket, key, `${n}`);
    await remove(Bucket, 'a');
    for (const Key of ['b', 'dir/c', 'never']) await remove(Bucket, Key);
    const deleting = () => client.send(new DeleteBucketCommand({ Bucket }));
    expect(await refusalOf(deleting())).toMatchObject({
      code: 'BucketNotEmpty',
      message: 'The bucket you tried to delete is not empty. You must delete all versions in the bucket.',
    });
    // Page by page, each deleted before the next is asked for, as clients empty buckets.
    let seen = 0;
    for await (const page of pagesOf({ Bucket, MaxKeys: 2 })) {
      const all = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
      seen += all.length;
      const Objects = all.map(({ Key, VersionId }) => ({ Key, VersionId }));
      const { Errors } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
      expect(Errors).toBeUndefined();
    }
    expect(seen).toBe(19);
    await deleting();
  });
});

describe('a suspended bucket', () => {
  it('writes null versions in place of the null version, and keeps the others', async () => {
    const Bucket = await newBucket('Enabled');
    const one = await put(Bucket, 'k', 'one');
    await configure(Bucket, 'Suspended');
    expect(await put(Bucket, 'k', 'null 1')).toBe('null');
    expect(await put(Bucket, 'k', 'null 2')).toBe('null');
    expect(await list(Bucket)).toEqual(['k null true', `k ${one} false`]);
    expect(await remove(Bucket, 'k')).toMatchObject({ DeleteMarker: true, VersionId: 'null' });
    expect(await list(Bucket)).toEqual([`k ${one} false`, '-k null true']);
    await remove(Bucket, 'k');
    expect(await list(Bucket)).toEqual([`k ${one} false`, '-k null true']);
    await configure(Bucket, 'Enabled');
    const two = await put(Bucket, 'k', 'two');
    await configure(Bucket, 'Suspended');
    await put(Bucket, 'k', 'null 3');
    expect(await list(Bucket)).toEqual(['k null true', `k ${two} false`, `k ${one} false`]);
    await remove(Bucket, 'k', 'null');
    expect(await get(Bucket, 'k')).toEqual(['two', two]);
  });
});

describe('DeleteObjects', () => {
  it('makes markers, takes versions away, and tells which', async () => {
    const Bucket = await newBucket('Enabled');
    const one = await put(Bucket, 'a', 'one');
    await put(Bucket, 'b', 'two');
    const { VersionId: marker } = await remove(Bucket, 'b');
    const Objects = [
      { Key: 'a', VersionId: one },
      { Key: 'b', VersionId: marker },
      { Key: 'c' },
      { Key: 'a', VersionId: 'bad' },
    ];
    const { Deleted, Errors } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(Deleted).toEqual([
      { Key: 'a', VersionId: one },
      { Key: 'b', VersionId: marker, DeleteMarker: true, DeleteMarkerVersionId: marker },
      { Key: 'c', DeleteMarker: true, DeleteMarkerVersionId: expect.stringMatching(/^[\w.]{32}$/) },
    ]);
    expect(Errors).toMatchObject([{ Key: 'a', Code: 'InvalidArgument' }]);
  });
});

describe('ListObjectVersions', () => {
  it('pages within a key, rolls up, and checks its markers', async () => {
    const Bucket = await newBucket('Enabled');
    const ids: (string | undefined)[] = [];
    for (let n = 0; n < 3; n++) ids.unshift(await put(Bucket, 'a', `${n}`));
    await put(Bucket, 'd/1', 'x');
    await put(Bucket, 'd/1', 'y');
    await remove(Bucket, 'd/2');
    const seen: unknown[] = [];
    const pages = pagesOf({ Bucket, MaxKeys: 1, Delimiter: '/' });
    for await (const { Versions, CommonPrefixes, NextVersionIdMarker } of pages)
      seen.push([Versions?.[0]?.VersionId ?? CommonPrefixes?.[0]?.Prefix, NextVersionIdMarker]);
    expect(seen).toEqual([...ids.map((id) => [id, id]), ['d/', undefined]]);
    expect(await list(Bucket, { KeyMarker: 'a', VersionIdMarker: ids[1], Prefix: 'a' })).toEqual([
      `a ${ids[2]} false`,
    ]);
    expect(await list(Bucket, { KeyMarker: 'a' })).toHaveLength(3);
    expect(await refusalOf(list(Bucket, { VersionIdMarker: ids[1] }))).toMatchObject({
      code: 'InvalidArgument',
    });
    const malformed = list(Bucket, { KeyMarker: 'a', VersionIdMarker: 'bad' });
    expect(await refusalOf(malformed)).toMatchObject({ code: 'InvalidArgument' });
  });
});

describe('policies', () => {
  it('see the action and the id of a version', async () => {
    const Bucket = await newBucket('Enabled');
    const [one, two] = [await put(Bucket, 'k', 'one'), await put(Bucket, 'k', 'two')];
    const reader = s3.client('reader');
    const read = (VersionId?: string) => reader.send(new GetObjectCommand({ Bucket, Key: 'k', VersionId }));
    const Resource = `arn:aws:s3:::${Bucket}/*`;
    s3.setPolicy('reader', [{ Effect: 'Allow', Action: 's3:GetObject', Resource }]);
    await read();
    expect((await refusalOf(read(one))).message).toContain('s3:GetObjectVersion');
    const Condition = { StringEquals: { 's3:VersionId': one } };
    s3.setPolicy('reader', [{ Effect: 'Allow', Action: 's3:GetObjectVersion', Resource, Condition }]);
    await read(one);
    expect(await refusalOf(read(two))).toMatchObject({ code: 'AccessDenied', status: 403 });
    s3.setPolicy('reader', [{ Effect: 'Allow', Action: 's3:DeleteObject', Resource }]);
    await reader.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
    const destroying = reader.send(new DeleteObjectCommand({ Bucket, Key: 'k', VersionId: one }));
    expect((await refusalOf(destroying)).message).toContain('s3:DeleteObjectVersion');
    const listing = reader.send(new ListObjectVersionsCommand({ Bucket }));
    expect((await refusalOf(listing)).message).toContain('s3:ListBucketVersions');
  });
});
