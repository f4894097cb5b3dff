// What PutObject, CopyObject and CreateMultipartUpload share: the headers of an object to be, and writing it.
import type { Random } from '@pergola/kernel';
import type { Transaction } from '@pergola/store';
import type { Call } from '../../call.ts';
import type { VerifiedBody } from '../../verified-body.ts';
import { conditionsOnWrite, type WriteConditions } from './conditions.ts';
import { faults } from './faults.ts';
import { assertEncryption, type EncryptionInput } from './object-encryption.ts';
import type { ObjectHeaders, ObjectRecord, StorageClass } from './object.ts';
import { findBucket, findObject } from './state.ts';
import type { DropBody } from './storage.ts';
import { putVersion } from './versions.ts';

/** Largest body of one PutObject or UploadPart: 5 GiB. */
export const PUT_BYTES_MAX = 5 * 1_024 ** 3;
const METADATA_BYTES_MAX = 2_048;

const storageClasses: ReadonlySet<string> = new Set<StorageClass>([
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER_IR',
]);
/** Objects of these classes cannot be read at once on AWS, so accepting them would promise too much. */
const frozenClasses = new Set(['GLACIER', 'DEEP_ARCHIVE']);

/** The members of a writing request that this file understands. */
export interface WriteInput extends EncryptionInput {
  readonly ACL?: string | undefined;
  readonly GrantFullControl?: string | undefined;
  readonly GrantRead?: string | undefined;
  readonly GrantReadACP?: string | undefined;
  readonly GrantWriteACP?: string | undefined;
  readonly CacheControl?: string | undefined;
  readonly ContentDisposition?: string | undefined;
  readonly ContentEncoding?: string | undefined;
  readonly ContentLanguage?: string | undefined;
  readonly ContentType?: string | undefined;
  readonly Expires?: Date | undefined;
  readonly Metadata?: Record<string, string> | undefined;
  readonly StorageClass?: string | undefined;
  readonly WebsiteRedirectLocation?: string | undefined;
  readonly ObjectLockMode?: string | undefined;
  readonly ObjectLockRetainUntilDate?: Date | undefined;
  readonly ObjectLockLegalHoldStatus?: string | undefined;
}

/** Refuses what a new bucket of today refuses, and what this service does not have. */
export function assertWritable(input: WriteInput): void {
  assertAcl(input);
  assertEncryption(input);
  if (input.ObjectLockMode ?? input.ObjectLockRetainUntilDate ?? input.ObjectLockLegalHoldStatus)
    throw faults.invalidRequest('Bucket is missing Object Lock Configuration');
  storageClassOf(input);
  const metadataBytes = sizeOfMetadata(input.Metadata ?? {});
  if (metadataBytes > METADATA_BYTES_MAX) throw faults.metadataTooLarge(metadataBytes);
}

/** Ownership is `BucketOwnerEnforced` on every bucket: the only ACL it takes is the one that changes nothing. */
function assertAcl(input: WriteInput): void {
  const grants = [input.GrantFullControl, input.GrantRead, input.GrantReadACP, input.GrantWriteACP];
  const isForeign = input.ACL !== undefined && input.ACL !== 'bucket-owner-full-control';
  if (isForeign || grants.some((grant) => grant !== undefined)) throw faults.aclNotSupported();
}

function sizeOfMetadata(metadata: Readonly<Record<string, string>>): number {
  let sizeBytes = 0;
  for (const [name, value] of Object.entries(metadata))
    sizeBytes += Buffer.byteLength(name) + Buffer.byteLength(value);
  return sizeBytes;
}

/** The storage class that a request asks for; kept and told, without effect. */
export function storageClassOf({ StorageClass: wanted = 'STANDARD' }: WriteInput): StorageClass {
  if (storageClasses.has(wanted)) return wanted as StorageClass;
  if (frozenClasses.has(wanted))
    throw faults.headerNotImplemented('x-amz-storage-class', `archiving to ${wanted}`);
  throw faults.invalidStorageClass(wanted);
}

/** The system metadata and user metadata of a request. */
export function headersOf(input: WriteInput): ObjectHeaders {
  return {
    CacheControl: input.CacheControl,
    ContentDisposition: input.ContentDisposition,
    // SDKs of some years sent the transfer's own coding here; S3 strips it.
    ContentEncoding: input.ContentEncoding?.replace(/^aws-chunked,?\s*/, '') || undefined,
    ContentLanguage: input.ContentLanguage,
    ContentType: input.ContentType ?? 'binary/octet-stream',
    expiresMs: input.Expires?.getTime(),
    WebsiteRedirectLocation: input.WebsiteRedirectLocation,
    Metadata: Object.keys(input.Metadata ?? {}).length > 0 ? input.Metadata : undefined,
  };
}

/** A body must say its size beforehand, and one request may not carry more than 5 GiB. */
export function assertSize({ announcedBytes }: VerifiedBody): void {
  if (announcedBytes === undefined) throw faults.missingContentLength();
  if (announcedBytes > PUT_BYTES_MAX) throw faults.entityTooLarge(announcedBytes, PUT_BYTES_MAX);
}

/** What a write is about to replace. */
export interface Target {
  readonly bucket: string;
  readonly key: string;
  readonly conditions: WriteConditions;
  /** For the id of a version. */
  readonly random: Random;
}

export function targetOf(
  call: Call,
  input: WriteConditions & { readonly Bucket?: string | undefined; readonly Key?: string | undefined },
): Target {
  return { bucket: input.Bucket ?? '', key: input.Key ?? '', conditions: input, random: call.plane.random };
}

/** Puts an object in place of, or before, whatever had its key, if the conditions hold at that very moment. */
export function replaceObject(
  tx: Transaction,
  drop: DropBody,
  target: Target,
  record: ObjectRecord,
): ObjectRecord {
  const { bucket, key, random } = target;
  const found = findBucket(tx, bucket);
  // The bucket may have been deleted while the body came in.
  if (!found) throw faults.noSuchBucket(bucket);
  if (isConditional(target)) conditionsOnWrite(target.conditions, findObject(tx, bucket, key), key);
  return putVersion({ tx, drop, random, versioning: found.versioning }, target, record);
}

/** Checks conditions before the body is read, so that a client need not send what would be refused. */
export function checkEarly(call: Call, target: Target): void {
  const { bucket, key, conditions } = target;
  if (isConditional(target)) conditionsOnWrite(conditions, findObject(call.plane.store, bucket, key), key);
}

function isConditional({ conditions: { IfMatch, IfNoneMatch } }: Target): boolean {
  return IfMatch !== undefined || IfNoneMatch !== undefined;
}
