// S3's keys in the store. Buckets are one namespace over all accounts, as on AWS.
//
//   aws/s3/bucket/<bucket>              BucketRecord
//   aws/s3/policy/<bucket>              the bucket policy's text
//   aws/s3/config/<bucket>/<kind>       see configurations/configuration-store.ts
//   aws/s3/object/<bucket>/<key>        ObjectRecord; older versions: see version-state.ts
//   aws/s3/upload/<bucket>/<id>         UploadRecord
//   aws/s3/part/<upload id>/<number>    PartRecord, number padded to 5 digits
//   aws/s3/file/<id>                    marks a body file as in use
//   aws/s3/body/<id>                    blob: a small body, or the parts of a multipart object as JSON
import type { Entry, Reader, Transaction } from '@pergola/store';
import type { BucketRecord } from './bucket.ts';
import { deleteAllConfigurations } from './configurations/configuration-store.ts';
import { escapeKey, LAST, unescapeKey } from '../../key-escape.ts';
import type { ObjectRecord, PartRecord, UploadRecord } from './object.ts';

const root = 'aws/s3';
const bucketKey = (name: string) => `${root}/bucket/${name}`;
const policyKey = (name: string) => `${root}/policy/${name}`;
const objectPrefix = (bucket: string) => `${root}/object/${bucket}/`;
const objectKey = (bucket: string, key: string) => objectPrefix(bucket) + escapeKey(key);
const uploadPrefix = (bucket: string) => `${root}/upload/${bucket}/`;
const partPrefix = (uploadId: string) => `${root}/part/${uploadId}/`;
const partKey = (uploadId: string, number: number) => partPrefix(uploadId) + String(number).padStart(5, '0');
const fileKey = (id: string) => `${root}/file/${id}`;
const blobKey = (id: string) => `${root}/body/${id}`;

const BUCKET_NAME_MAX = 63;
export const KEY_BYTES_MAX = 1_024;

function parse<T>(text: string | undefined): T | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

// Buckets.

export function findBucket(reader: Reader, name: string): BucketRecord | undefined {
  if (name.length > BUCKET_NAME_MAX) return undefined;
  return parse(reader.get(bucketKey(name))?.value);
}

/** Buckets of an account whose name starts with `prefix` and comes after `after`, by name. */
export function bucketsOf(reader: Reader, account: string, prefix: string, after?: string): BucketRecord[] {
  const options = after === undefined ? {} : { after: bucketKey(after) };
  return reader
    .list(bucketKey(prefix), options)
    .map((entry) => JSON.parse(entry.value) as BucketRecord)
    .filter((bucket) => bucket.account === account);
}

export function allBuckets(reader: Reader): BucketRecord[] {
  return reader.list(bucketKey('')).map((entry) => JSON.parse(entry.value) as BucketRecord);
}

export function putBucket(tx: Transaction, bucket: BucketRecord): void {
  tx.put(bucketKey(bucket.name), JSON.stringify(bucket));
}

/** Forgets a bucket, its policy and its configurations. The caller has checked that it is empty. */
export function deleteBucket(tx: Transaction, name: string): void {
  tx.delete(bucketKey(name));
  tx.delete(policyKey(name));
  deleteAllConfigurations(tx, name);
}

export function findPolicyText(reader: Reader, bucket: string): string | undefined {
  return reader.get(policyKey(bucket))?.value;
}

export function putPolicyText(tx: Transaction, bucket: string, text: string | undefined): void {
  if (text === undefined) tx.delete(policyKey(bucket));
  else tx.put(policyKey(bucket), text);
}

// Objects.

export function findObject(reader: Reader, bucket: string, key: string): ObjectRecord | undefined {
  return parse(reader.get(objectKey(bucket, key))?.value);
}

export function putObject(tx: Transaction, bucket: string, key: string, record: ObjectRecord): void {
  tx.put(objectKey(bucket, key), JSON.stringify(record));
}

export function deleteObject(tx: Transaction, bucket: string, key: string): void {
  tx.delete(objectKey(bucket, key));
}

/** One entry of a listing; the record is parsed only when it is shown. */
export interface ListedObject {
  readonly key: string;
  readonly record: () => ObjectRecord;
}

/** Where a listing goes on: after that key, or after every key that starts with that prefix. */
export interface Position {
  readonly afterKey?: string | undefined;
  readonly afterPrefix?: string | undefined;
}

/** At most `limit` objects whose key starts with `prefix`, beyond `position`, in the order of their UTF-8 bytes. */
export function listObjects(
  reader: Reader,
  within: { readonly bucket: string; readonly prefix: string },
  position: Position,
  limit: number,
): ListedObject[] {
  const { bucket } = within;
  if (Buffer.byteLength(within.prefix) > KEY_BYTES_MAX) return [];
  const after =
    position.afterPrefix === undefined
      ? objectKey(bucket, cutToKey(position.afterKey ?? ''))
      : objectKey(bucket, cutToKey(position.afterPrefix)) + LAST;
  const start = objectPrefix(bucket).length;
  return listBehind(reader, objectKey(bucket, within.prefix), after, limit).map((entry) => ({
    key: unescapeKey(entry.key.slice(start)),
    record: () => JSON.parse(entry.value) as ObjectRecord,
  }));
}

/** Entries under `prefix` behind `after`, which may stand before the prefix, in it, or behind all of it. */
export function listBehind(reader: Reader, prefix: string, after: string, limit: number): Entry[] {
  const isWithin = after.startsWith(prefix);
  if (!isWithin && Buffer.compare(Buffer.from(after), Buffer.from(prefix)) > 0) return [];
  return reader.list(prefix, isWithin ? { after, limit } : { limit });
}

/** No key lies between a text longer than any key and its beginning. */
export function cutToKey(text: string): string {
  return Buffer.byteLength(text) <= KEY_BYTES_MAX
    ? text
    : Buffer.from(text).toString('utf8', 0, KEY_BYTES_MAX);
}

// Multipart uploads.

export function findUpload(reader: Reader, bucket: string, id: string): UploadRecord | undefined {
  if (bucket.length > BUCKET_NAME_MAX || !/^[A-Za-z0-9]{1,128}$/.test(id)) return undefined;
  return parse(reader.get(uploadPrefix(bucket) + id)?.value);
}

/** All uploads of a bucket, unordered. */
export function uploadsOf(reader: Reader, bucket: string, limit = Infinity): UploadRecord[] {
  return reader.list(uploadPrefix(bucket), { limit }).map((entry) => JSON.parse(entry.value) as UploadRecord);
}

export function putUpload(tx: Transaction, upload: UploadRecord): void {
  tx.put(uploadPrefix(upload.bucket) + upload.id, JSON.stringify(upload));
}

export function findPart(reader: Reader, uploadId: string, number: number): PartRecord | undefined {
  return parse(reader.get(partKey(uploadId, number))?.value);
}

export function putPart(tx: Transaction, uploadId: string, part: PartRecord): void {
  tx.put(partKey(uploadId, part.number), JSON.stringify(part));
}

/** Parts with a number above `after`, by number. */
export function partsOf(reader: Reader, uploadId: string, after = 0, limit = Infinity): PartRecord[] {
  return reader
    .list(partPrefix(uploadId), { after: partKey(uploadId, after), limit })
    .map((entry) => JSON.parse(entry.value) as PartRecord);
}

/** Forgets an upload and its parts, and returns the parts. */
export function deleteUpload(tx: Transaction, upload: UploadRecord): PartRecord[] {
  const parts = partsOf(tx, upload.id);
  tx.delete(uploadPrefix(upload.bucket) + upload.id);
  for (const part of parts) tx.delete(partKey(upload.id, part.number));
  return parts;
}

// Bodies.

export function isFileInUse(reader: Reader, id: string): boolean {
  return reader.get(fileKey(id)) !== undefined;
}

export function putFileInUse(tx: Transaction, id: string): void {
  tx.put(fileKey(id), '');
}

export function deleteFileInUse(tx: Transaction, id: string): void {
  tx.delete(fileKey(id));
}

export function findBlob(reader: Reader, id: string): Buffer | undefined {
  return reader.blob(blobKey(id));
}

export function putBlob(tx: Transaction, id: string, bytes: Uint8Array): void {
  tx.putBlob(blobKey(id), bytes);
}

export function deleteBlob(tx: Transaction, id: string): void {
  tx.deleteBlob(blobKey(id));
}
