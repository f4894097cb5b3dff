// Lifecycle rules at work, days ahead of the clients.
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  type LifecycleRule,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { type Clock, systemClock } from '@pergola/kernel';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expireAll } from '../src/services/s3/lifecycle/expiry.ts';
import { s3 as s3Service } from '../src/services/s3/service.ts';
import { adminKey, secretAccessKey, startTestPlane, type TestPlane } from './plane.ts';

const DAY_MS = 86_400_000;
let aheadMs = 0;
let plane: TestPlane;
let s3: S3Client;
beforeAll(async () => {
  const clock: Clock = { ...systemClock, nowMs: () => systemClock.nowMs() + aheadMs };
  plane = await startTestPlane({ services: [s3Service], clock });
  const credentials = { accessKeyId: adminKey, secretAccessKey };
  s3 = new S3Client({ region: 'us-east-1', endpoint: plane.url, forcePathStyle: true, credentials });
});
afterAll(async () => {
  s3.destroy();
  await plane[Symbol.asyncDispose]();
});

/** Does what is due in so many days, and comes back. */
async function live(days: number): Promise<void> {
  aheadMs = days * DAY_MS;
  await expireAll(plane.plane, new AbortController().signal);
  aheadMs = 0;
}
async function newBucket(Bucket: string, versioned: boolean, ...rules: Partial<LifecycleRule>[]) {
  await s3.send(new CreateBucketCommand({ Bucket }));
  const VersioningConfiguration = { Status: 'Enabled' as const };
  if (versioned) await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  const Rules = rules.map((rule) => ({ Status: 'Enabled' as const, Filter: { Prefix: '' }, ...rule }));
  await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
}
const put = (Bucket: string, Key: string, more: { Body?: string; Tagging?: string } = {}) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x', ...more }));
/** Keys of versions, and of markers with a dash before them. */
async function left(Bucket: string): Promise<string[]> {
  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  return [...Versions.map(({ Key }) => `${Key}`), ...DeleteMarkers.map(({ Key }) => `-${Key}`)];
}

it('expires what a rule means, at the midnight after its days', async () => {
  const Bucket = 'expiring';
  await newBucket(
    Bucket,
    false,
    { ID: 'logs', Filter: { Prefix: 'logs/' }, Expiration: { Days: 3 } },
    { ID: 'tag', Filter: { Tag: { Key: 'keep', Value: 'no' } }, Expiration: { Days: 1 } },
    { ID: 'size', Filter: { And: { Prefix: 'd/', ObjectSizeGreaterThan: 5 } }, Expiration: { Days: 1 } },
    { ID: 'off', Status: 'Disabled', Expiration: { Days: 1 } },
  );
  await put(Bucket, 'logs/a');
  await put(Bucket, 'other');
  await put(Bucket, 'tagged', { Tagging: 'keep=no' });
  await put(Bucket, 'd/small');
  await put(Bucket, 'd/large', { Body: 'more than five' });
  await live(0);
  expect(await left(Bucket)).toHaveLength(5);
  await live(2);
  expect(await left(Bucket)).toEqual(['d/small', 'logs/a', 'other']);
  await live(2.9);
  expect(await left(Bucket)).toContain('logs/a');
  await live(4);
  expect(await left(Bucket)).toEqual(['d/small', 'other']);
});

it('hides what is current, thins out what is not, and clears lonely markers', async () => {
  const Bucket = 'thinning';
  await newBucket(
    Bucket,
    true,
    { ID: 'hide', Filter: { Prefix: 'hide' }, Expiration: { Days: 10 } },
    { ID: 'thin', NoncurrentVersionExpiration: { NoncurrentDays: 2, NewerNoncurrentVersions: 1 } },
    { ID: 'lonely', Filter: { Prefix: 'gone' }, Expiration: { ExpiredObjectDeleteMarker: true } },
  );
  for (let n = 0; n < 4; n++) await put(Bucket, 'kept');
  await put(Bucket, 'hide');
  const { VersionId } = await put(Bucket, 'gone');
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'gone' }));
  await live(0);
  expect(await left(Bucket)).toEqual(['gone', 'hide', 'kept', 'kept', 'kept', 'kept', '-gone']);
  await live(4);
  expect(await left(Bucket)).toEqual(['gone', 'hide', 'kept', 'kept', '-gone']);
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'gone', VersionId }));
  await live(0);
  expect(await left(Bucket)).toEqual(['hide', 'kept', 'kept']);
  await live(11);
  expect(await left(Bucket)).toEqual(['hide', 'kept', 'kept', '-hide']);
});

it('aborts uploads that nobody completed', async () => {
  const Bucket = 'aborting';
  const days = { DaysAfterInitiation: 2 };
  await newBucket(Bucket, false, { AbortIncompleteMultipartUpload: days, Filter: { Prefix: 'a' } });
  for (const Key of ['a', 'b']) await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const keys = async () =>
    (await s3.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads?.map(({ Key }) => Key);
  await live(1);
  expect(await keys()).toEqual(['a', 'b']);
  await live(3);
  expect(await keys()).toEqual(['b']);
});
