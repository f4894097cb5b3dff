// The few things that publishing an issuer does to a bucket and its objects.
import {
  AwsError,
  type AwsTarget,
  type BucketCall,
  callBucket,
  partitionOf,
  withRetries,
} from '@pergola/aws-client';
import { jsonEqual } from '@pergola/kernel';

/** A bucket of the target's region. */
export interface Bucket {
  readonly target: AwsTarget;
  readonly name: string;
}

/** The statement that `allowPublicRead` owns in the bucket's policy; others are left alone. */
const statementId = 'AllowPublicReadOfIssuerDocuments';

function call(
  { target, name }: Bucket,
  method: BucketCall['method'],
  { key = '', ...rest }: { key?: string; query?: string; body?: string; contentType?: string } = {},
): Promise<string> {
  const path = `/${key.split('/').map(encodeURIComponent).join('/')}`;
  return withRetries(target, () => callBucket(target, { bucket: name, method, path, ...rest }));
}

/** Creates the bucket unless the caller already owns it. Returns whether it was created. */
export async function ensureBucket(bucket: Bucket): Promise<boolean> {
  const { region } = bucket.target;
  const xml = `<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>${region}</LocationConstraint></CreateBucketConfiguration>`;
  try {
    // us-east-1 is the default and must not be named.
    await call(bucket, 'PUT', region === 'us-east-1' ? {} : { body: xml });
    return true;
  } catch (error) {
    if (error instanceof AwsError && error.code === 'BucketAlreadyOwnedByYou') return false;
    throw error;
  }
}

/** Lets anyone read the objects at `keys`, and nothing else. Returns whether that had to be changed. */
export async function allowPublicRead(bucket: Bucket, keys: readonly string[]): Promise<boolean> {
  const prefix = `arn:${partitionOf(bucket.target.region)}:s3:::${bucket.name}`;
  const statement = {
    Sid: statementId,
    Effect: 'Allow',
    Principal: '*',
    Action: 's3:GetObject',
    Resource: keys.map((key) => `${prefix}/${key}`),
  };
  const current = await readPolicy(bucket);
  const statements = current.Statement;
  if (statements.some((existing) => jsonEqual(existing, statement))) return false;
  await removePublicAccessBlock(bucket);
  const others = statements.filter((existing) => existing.Sid !== statementId);
  const policy = { ...current, Statement: [...others, statement] };
  await call(bucket, 'PUT', {
    query: 'policy=',
    body: JSON.stringify(policy),
    contentType: 'application/json',
  });
  return true;
}

interface BucketPolicy {
  readonly Version: string;
  readonly Statement: readonly { readonly Sid?: string }[];
}

async function readPolicy(bucket: Bucket): Promise<BucketPolicy> {
  try {
    const policy = JSON.parse(await call(bucket, 'GET', { query: 'policy=' }));
    const statements = Array.isArray(policy.Statement) ? policy.Statement : [policy.Statement];
    return { ...policy, Statement: statements };
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'NoSuchBucketPolicy') throw error;
    return { Version: '2012-10-17', Statement: [] };
  }
}

/** Since 2023 new buckets refuse public policies until this is removed. */
async function removePublicAccessBlock(bucket: Bucket): Promise<void> {
  try {
    await call(bucket, 'DELETE', { query: 'publicAccessBlock=' });
  } catch (error) {
    // A store that does not know the operation has no such block either.
    if (!(error instanceof AwsError) || error.code !== 'NotImplemented') throw error;
  }
}

/** The text of an object; undefined when there is none. */
export async function readObject(bucket: Bucket, key: string): Promise<string | undefined> {
  try {
    return await call(bucket, 'GET', { key });
  } catch (error) {
    if (error instanceof AwsError && error.code === 'NoSuchKey') return undefined;
    throw error;
  }
}

/** Writes an object of JSON. */
export async function writeJson(bucket: Bucket, key: string, value: unknown): Promise<void> {
  await call(bucket, 'PUT', { key, body: JSON.stringify(value), contentType: 'application/json' });
}
