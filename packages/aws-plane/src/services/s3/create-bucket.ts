// s3:CreateBucket. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
import type { CreateBucketOutput, CreateBucketRequest } from '@aws-sdk/client-s3';
import { AwsFault } from '../../fault.ts';
import { defineOperation } from '../../operation.ts';
import { denialInWordsOfS3 } from './access.ts';
import { bucketArn, type BucketRecord, defaultPublicAccessBlock, isBucketName } from './bucket.ts';
import { faults } from './faults.ts';
import { toSeconds } from './object.ts';
import { findBucket, putBucket } from './state.ts';
import { BUCKET_TAGS_MAX, parseTags } from './tags.ts';

/** The region whose endpoint is S3's global one: it has no location constraint, and makes buckets anywhere. */
const GLOBAL_REGION = 'us-east-1';

export const createBucket = defineOperation<CreateBucketRequest, CreateBucketOutput>({
  name: 'CreateBucket',
  access: {
    iam: ({ Bucket = '', ACL, CreateBucketConfiguration: configuration }) => [
      {
        action: 's3:CreateBucket',
        resource: bucketArn(Bucket),
        denial: denialInWordsOfS3,
        context: {
          ...(ACL !== undefined && { 's3:x-amz-acl': ACL }),
          ...(configuration?.LocationConstraint && {
            's3:LocationConstraint': configuration.LocationConstraint,
          }),
        },
      },
    ],
  },
  validate(input) {
    if (!isBucketName(input.Bucket ?? '')) throw faults.invalidBucketName(input.Bucket ?? '');
    assertFeatures(input);
  },
  async handle(call, input) {
    const name = input.Bucket ?? '';
    const bucket: BucketRecord = {
      name,
      account: call.account,
      region: regionFor(call.region, input.CreateBucketConfiguration?.LocationConstraint),
      createdMs: toSeconds(call.nowMs),
      publicAccessBlock: defaultPublicAccessBlock,
      tags: input.CreateBucketConfiguration?.Tags?.length
        ? parseTags(input.CreateBucketConfiguration.Tags, BUCKET_TAGS_MAX)
        : undefined,
    };
    await call.plane.store.transact((tx) => {
      const existing = findBucket(tx, name);
      if (!existing) return putBucket(tx, bucket);
      if (existing.account !== call.account) throw faults.bucketAlreadyExists(name);
      // In us-east-1, and only there, making one's own bucket again succeeds.
      if (existing.region !== GLOBAL_REGION || bucket.region !== GLOBAL_REGION)
        throw faults.bucketAlreadyOwnedByYou(name);
    });
    return { Location: `/${name}`, BucketArn: bucketArn(name) };
  },
});

function regionFor(endpoint: string, constraint: string | undefined): string {
  if (constraint === undefined || constraint === '') {
    if (endpoint === GLOBAL_REGION) return GLOBAL_REGION;
    throw faults.illegalLocationConstraint('unspecified');
  }
  const region = constraint === 'EU' ? 'eu-west-1' : constraint;
  if (endpoint !== GLOBAL_REGION && endpoint !== region) throw faults.illegalLocationConstraint(constraint);
  // AWS knows no constraint of this name: the region is chosen by leaving it out.
  if (region === GLOBAL_REGION || !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region))
    throw faults.invalidLocationConstraint(constraint);
  return region;
}

/** ACLs, other ownership and object lock would change what every object of the bucket means. */
function assertFeatures(input: CreateBucketRequest): void {
  if (input.ObjectOwnership !== undefined && input.ObjectOwnership !== 'BucketOwnerEnforced')
    throw faults.headerNotImplemented('x-amz-object-ownership', 'ownership with ACLs');
  if (input.ObjectLockEnabledForBucket === true)
    throw faults.headerNotImplemented('x-amz-bucket-object-lock-enabled', 'object lock');
  if (input.CreateBucketConfiguration?.Location ?? input.CreateBucketConfiguration?.Bucket)
    throw new AwsFault('NotImplemented', 501, 'Directory buckets are not implemented.');
  const grants = [
    input.GrantFullControl,
    input.GrantRead,
    input.GrantReadACP,
    input.GrantWrite,
    input.GrantWriteACP,
  ];
  const hasAcl = input.ACL !== undefined && input.ACL !== 'private';
  if (hasAcl || grants.some((grant) => grant !== undefined))
    throw new AwsFault(
      'InvalidBucketAclWithObjectOwnership',
      400,
      "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
    );
}
