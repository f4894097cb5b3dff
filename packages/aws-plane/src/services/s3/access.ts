// What S3's operations ask of policies: the action, the ARN, the bucket's policy and owner, the condition keys.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
import type { AccessCheck } from '../../access-check.ts';
import type { Call } from '../../call.ts';
import type { AwsFault } from '../../fault.ts';
import type { Access } from '../../operation.ts';
import { type BucketRecord, bucketArn, objectArn, type Tags } from './bucket.ts';
import { isOfAccount, policyFor } from './bucket-policy.ts';
import { faults } from './faults.ts';
import { findBucket, findObject, KEY_BYTES_MAX } from './state.ts';
import { isVersionId } from './version-id.ts';
import { isDeleteMarker, type VersionRecord } from './version-state.ts';
import { findVersion } from './versions.ts';

/** Members that nearly every input of S3 has. */
export interface BucketInput {
  readonly Bucket?: string | undefined;
  readonly ExpectedBucketOwner?: string | undefined;
}

export interface ObjectInput extends BucketInput {
  readonly Key?: string | undefined;
  readonly VersionId?: string | undefined;
}

type Context = Record<string, string | readonly string[]>;

/** The bucket, or NoSuchBucket. S3 says so before it looks at policies: without a bucket there is no owner. */
export function requireBucket(call: Call, name: string | undefined): BucketRecord {
  const bucket = findBucket(call.plane.store, name ?? '');
  if (!bucket) throw faults.noSuchBucket(name ?? '');
  return bucket;
}

/** The account root may always repair a bucket policy that shuts everyone out. */
const policyRepairs = new Set(['s3:GetBucketPolicy', 's3:PutBucketPolicy', 's3:DeleteBucketPolicy']);

/** A check on a bucket, or on an object of it when `key` is given. */
export function checkOn(
  call: Call,
  action: string,
  target: {
    readonly input: BucketInput & { readonly VersionId?: string | undefined };
    readonly key?: string | undefined;
  },
  context: Context = {},
): AccessCheck {
  const { input, key } = target;
  const bucket = requireBucket(call, input.Bucket);
  assertOwner(bucket, input.ExpectedBucketOwner);
  if (key !== undefined) assertKey(key);
  const isRepair = call.principal.facts.kind === 'root' && policyRepairs.has(action);
  return {
    action,
    resource: key === undefined ? bucketArn(bucket.name) : objectArn(bucket.name, key),
    context: {
      's3:ResourceAccount': bucket.account,
      ...(input.VersionId !== undefined && { 's3:VersionId': input.VersionId }),
      ...context,
    },
    resourceAccount: bucket.account,
    resourcePolicy: isRepair ? undefined : policyFor(call, bucket),
    denial: (sentence) => denialOf(call, bucket, sentence),
  };
}

/** S3 explains itself only within the account. */
function denialOf(call: Call, bucket: BucketRecord, sentence: string): AwsFault {
  return isOfAccount(call, bucket.account) ? denialInWordsOfS3(sentence) : faults.accessDenied();
}

/** S3 puts the ARN in quotation marks, unlike its sisters. */
export function denialInWordsOfS3(sentence: string): AwsFault {
  const quoted = sentence.replace(
    / on resource: (arn:aws:s3:::.*?)(?= because | with an )/s,
    ' on resource: "$1"',
  );
  return faults.accessDenied(quoted);
}

/** One action on the bucket's ARN. */
export function bucketAccess<Input extends BucketInput>(
  action: string,
  contextOf: (input: Input) => Context = () => ({}),
): Access<Input> {
  return { iam: (input, call) => [checkOn(call, action, { input }, contextOf(input))] };
}

/** One action on the object's ARN, whether or not the object is there. */
export function objectAccess<Input extends ObjectInput>(
  action: string,
  contextOf: (input: Input) => Context = () => ({}),
): Access<Input> {
  return {
    iam: (input, call) => [checkOn(call, action, { input, key: input.Key }, contextOf(input))],
  };
}

/** Checks for reading an object: `action`, and s3:ListBucket too when it is absent, for else S3 does not tell. */
export function readChecks(call: Call, action: string, input: ObjectInput): AccessCheck[] {
  const key = input.Key ?? '';
  const check = checkOn(call, action, { input, key });
  const found = findAny(call, input);
  if (!found) return [check, checkOn(call, 's3:ListBucket', { input })];
  if (isDeleteMarker(found) || !found.tags) return [check];
  return [checkOn(call, action, { input, key }, existingTags(found.tags))];
}

/** `readChecks` as an access: reading a version by its id is an action of its own. */
export function readAccess<Input extends ObjectInput>(action: string, versionAction: string): Access<Input> {
  return {
    iam: (input, call) => readChecks(call, input.VersionId === undefined ? action : versionAction, input),
  };
}

/** Condition keys of a request that writes an object. */
export function writeContext(input: {
  readonly ACL?: string | undefined;
  readonly StorageClass?: string | undefined;
  readonly ServerSideEncryption?: string | undefined;
  readonly SSEKMSKeyId?: string | undefined;
}): Context {
  return {
    ...(input.ACL !== undefined && { 's3:x-amz-acl': input.ACL }),
    ...(input.StorageClass !== undefined && { 's3:x-amz-storage-class': input.StorageClass }),
    ...(input.ServerSideEncryption !== undefined && {
      's3:x-amz-server-side-encryption': input.ServerSideEncryption,
    }),
    ...(input.SSEKMSKeyId !== undefined && {
      's3:x-amz-server-side-encryption-aws-kms-key-id': input.SSEKMSKeyId,
    }),
  };
}

/** Condition keys of the tags that a request wants to set. */
export function requestTags(tags: Tags): Context {
  const context: Context = { 's3:RequestObjectTagKeys': tags.map((tag) => tag.Key) };
  for (const { Key, Value } of tags) context[`s3:RequestObjectTag/${Key}`] = Value;
  return context;
}

/** The condition keys of the tags that an object has, if it is there. */
export function existingTagsOf(call: Call, input: ObjectInput): Context {
  return existingTags(tagsOf(call, input));
}

/** The tags of the object or version that an input names, if it is there. */
export function tagsOf(call: Call, input: ObjectInput): Tags {
  const found = findAny(call, input);
  return found && !isDeleteMarker(found) ? (found.tags ?? []) : [];
}

/** What an input names; a malformed version id names nothing. */
function findAny(call: Call, input: ObjectInput): VersionRecord | undefined {
  const { Bucket: bucket = '', Key: key = '', VersionId } = input;
  if (VersionId === undefined) return findObject(call.plane.store, bucket, key);
  return isVersionId(VersionId) ? findVersion(call.plane.store, { bucket, key }, VersionId) : undefined;
}

function existingTags(tags: Tags = []): Context {
  return Object.fromEntries(tags.map(({ Key, Value }) => [`s3:ExistingObjectTag/${Key}`, Value]));
}

/** S3 answers a wrong `x-amz-expected-bucket-owner` like a denial, so that it tells nothing. */
export function assertOwner(bucket: BucketRecord, expected: string | undefined): void {
  if (expected !== undefined && expected !== bucket.account) throw faults.accessDenied();
}

function assertKey(key: string): void {
  const sizeBytes = Buffer.byteLength(key);
  if (sizeBytes > KEY_BYTES_MAX) throw faults.keyTooLong(sizeBytes);
}
