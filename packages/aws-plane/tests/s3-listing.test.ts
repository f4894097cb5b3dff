import {
  CreateBucketCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  ListObjectVersionsCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Call } from '../src/call.ts';
import { readPage } from '../src/services/s3/listing.ts';
import type { ObjectRecord } from '../src/services/s3/object.ts';
import { deleteObject, listObjects, type Position, putObject } from '../src/services/s3/state.ts';
import { type S3Plane, startS3 } from './s3-plane.ts';

const Bucket = 'listing';
const keys = ['a', 'b/1', 'b/2', 'b/c/3', 'd', 'd/', 'e f+g', 'é', '\u{1f389}', '\u{ffee}'];
let s3: S3Plane;
let client: S3Client;

beforeAll(async () => {
  s3 = await startS3();
  client = s3.client('administrator');
  await client.send(new CreateBucketCommand({ Bucket }));
  for (const Key of keys) await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
});
afterAll(() => s3[Symbol.asyncDispose]());

const list = async (more: Partial<ListObjectsV2CommandInput> = {}) => {
  const answer = await client.send(new ListObjectsV2Command({ Bucket, ...more }));
  return {
    ...answer,
    keys: answer.Contents?.map(({ Key }) => Key) ?? [],
    prefixes: answer.CommonPrefixes?.map(({ Prefix }) => Prefix) ?? [],
  };
};
const failure = (work: Promise<unknown>) =>
  work.then(
    () => expect.unreachable('must fail'),
    (error) => error,
  );

describe('ListObjectsV2', () => {
  it('lists in the order of the UTF-8 bytes, which is not that of UTF-16', async () => {
    const all = await list();
    expect(all.keys).toEqual(['a', 'b/1', 'b/2', 'b/c/3', 'd', 'd/', 'e f+g', 'é', '\u{ffee}', '\u{1f389}']);
    expect(all).toMatchObject({ KeyCount: 10, MaxKeys: 1_000, IsTruncated: false, Name: Bucket });
    expect(all.Contents?.[0]).toMatchObject({
      Size: 1,
      StorageClass: 'STANDARD',
      ChecksumAlgorithm: ['CRC32'],
    });
    expect(all.Contents?.[0]?.Owner).toBeUndefined();
    expect((await list({ FetchOwner: true })).Contents?.[0]?.Owner?.ID).toMatch(/^[0-9a-f]{64}$/);
  });

  it('rolls keys up at the delimiter', async () => {
    const rolled = await list({ Delimiter: '/' });
    expect(rolled.keys).toEqual(['a', 'd', 'e f+g', 'é', '\u{ffee}', '\u{1f389}']);
    expect(rolled.prefixes).toEqual(['b/', 'd/']);
    expect(rolled.KeyCount).toBe(8);
    const below = await list({ Delimiter: '/', Prefix: 'b/' });
    expect([below.keys, below.prefixes]).toEqual([['b/1', 'b/2'], ['b/c/']]);
  });

  it('goes on page by page, with and without a delimiter', async () => {
    for (const Delimiter of [undefined, '/']) {
      const seen: unknown[] = [];
      const pages = paginateListObjectsV2({ client, pageSize: 1 }, { Bucket, Delimiter });
      for await (const page of pages) {
        expect(page.KeyCount).toBe(1);
        seen.push(page.Contents?.[0]?.Key ?? page.CommonPrefixes?.[0]?.Prefix);
      }
      expect(seen).toEqual(
        Delimiter ? ['a', 'b/', 'd', 'd/', 'e f+g', 'é', '\u{ffee}', '\u{1f389}'] : (await list()).keys,
      );
    }
  });

  it('knows start-after, max-keys and encoding-type', async () => {
    expect((await list({ StartAfter: 'd' })).keys[0]).toBe('d/');
    expect((await list({ StartAfter: 'b', Prefix: 'a' })).keys).toEqual([]);
    expect(await list({ MaxKeys: 0 })).toMatchObject({ KeyCount: 0, IsTruncated: false, MaxKeys: 0 });
    expect((await list({ MaxKeys: 5_000 })).MaxKeys).toBe(1_000);
    const encoded = await list({ EncodingType: 'url', Prefix: 'e ' });
    expect([encoded.Prefix, encoded.keys]).toEqual(['e+', ['e+f%2Bg']]);
    expect((await list({ EncodingType: 'url', Prefix: 'b/c' })).keys).toEqual(['b/c/3']);
  });

  it('refuses nonsense', async () => {
    expect(await failure(list({ MaxKeys: -1 }))).toMatchObject({
      name: 'InvalidArgument',
      ArgumentName: 'max-keys',
    });
    expect(await failure(list({ ContinuationToken: '!' }))).toMatchObject({ name: 'InvalidArgument' });
    expect(await failure(list({ EncodingType: 'nope' as 'url' }))).toMatchObject({ name: 'InvalidArgument' });
  });
});

describe('the older listings', () => {
  it('go on from markers', async () => {
    const seen: unknown[] = [];
    for (let Marker: string | undefined = ''; Marker !== undefined; ) {
      const page: Awaited<ReturnType<typeof one>> = await one(Marker);
      seen.push(page.Contents?.[0]?.Key ?? page.CommonPrefixes?.[0]?.Prefix);
      Marker = page.NextMarker;
    }
    expect(seen).toEqual(['a', 'b/', 'd', 'd/', 'e f+g', 'é', '\u{ffee}', '\u{1f389}']);
  });
  const one = (Marker: string) =>
    client.send(new ListObjectsCommand({ Bucket, MaxKeys: 1, Delimiter: '/', Marker }));

  it('show each object as its null version', async () => {
    const { Versions } = await client.send(new ListObjectVersionsCommand({ Bucket, Prefix: 'b/' }));
    expect(Versions?.map(({ Key, VersionId, IsLatest }) => [Key, VersionId, IsLatest])).toEqual([
      ['b/1', 'null', true],
      ['b/2', 'null', true],
      ['b/c/3', 'null', true],
    ]);
  });
});

describe('readPage', () => {
  const object = { etag: '', sizeBytes: 0, modifiedMs: 0 } as unknown as ObjectRecord;
  const character = fc.constantFrom('a', 'b', '/', '\0', '\x05', 'é', '\u{ffff}', '\u{10fffe}', '\u{10ffff}');
  const text = (minLength: number) =>
    fc.array(character, { minLength, maxLength: 5 }).map((characters) => characters.join(''));
  const bytesOf = (key: string) => Buffer.from(key);

  it('gives the pages of a plain model, whatever the keys', async () => {
    const call = { plane: s3.plane } as unknown as Call;
    const inputs = fc.record({
      keys: fc.uniqueArray(text(1), { maxLength: 80 }),
      prefix: fc.oneof(fc.constant(''), character),
      delimiter: fc.constantFrom('', '/', 'a'),
      limit: fc.integer({ min: 1, max: 7 }),
    });
    await fc.assert(
      fc.asyncProperty(inputs, async ({ keys, prefix, delimiter, limit }) => {
        const bucket = 'model';
        await s3.plane.store.transact((tx) => {
          for (const { key } of listObjects(tx, { bucket, prefix: '' }, {}, 1_000))
            deleteObject(tx, bucket, key);
        });
        await s3.plane.store.transact((tx) => {
          for (const key of keys) putObject(tx, bucket, key, object);
        });
        const wanted = [
          ...new Set(
            keys
              .filter((key) => key.startsWith(prefix))
              .sort((left, right) => Buffer.compare(bytesOf(left), bytesOf(right)))
              .map((key) => {
                const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
                return at < 0 ? `key ${key}` : `prefix ${key.slice(0, at + delimiter.length)}`;
              }),
          ),
        ];
        const seen: string[] = [];
        for (let position: Position | undefined = {}; position; ) {
          const page: ReturnType<typeof readPage> = readPage(call, {
            bucket,
            prefix,
            delimiter,
            position,
            limit,
          });
          const items = page.objects.length + page.commonPrefixes.length;
          expect(items).toBe(page.next ? limit : wanted.length - seen.length);
          seen.push(...page.objects.map(({ key }) => `key ${key}`));
          seen.push(...page.commonPrefixes.map((key) => `prefix ${key}`));
          position = page.next;
        }
        expect(seen.sort()).toEqual(wanted.sort());
      }),
      { numRuns: 150 },
    );
  });
});
