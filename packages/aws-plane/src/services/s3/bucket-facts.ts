// s3: settings that every bucket has by default and that cannot be changed here; told as AWS tells them for a new
// bucket. https://docs.aws.amazon.com/AmazonS3/latest/userguide/creating-buckets-s3.html
import type {
  GetBucketAclOutput,
  GetBucketLocationOutput,
  GetObjectAclOutput,
  GetObjectAclRequest,
} from '@aws-sdk/client-s3';
import { defineOperation } from '../../operation.ts';
import { bucketAccess, type BucketInput, readAccess, requireBucket } from './access.ts';
import { requireObject } from './object-read.ts';
import { canonicalIdOf } from './owner.ts';

function fullControlOf(account: string): GetBucketAclOutput {
  const owner = { ID: canonicalIdOf(account) };
  return {
    Owner: owner,
    Grants: [{ Grantee: { ...owner, Type: 'CanonicalUser' }, Permission: 'FULL_CONTROL' }],
  };
}

export const getBucketLocation = defineOperation<BucketInput, GetBucketLocationOutput>({
  name: 'GetBucketLocation',
  access: bucketAccess('s3:GetBucketLocation'),
  handle(call, { Bucket }) {
    const { region } = requireBucket(call, Bucket);
    // us-east-1 has no location constraint: S3 answers an empty element.
    if (region === 'us-east-1') return {};
    return { LocationConstraint: region as NonNullable<GetBucketLocationOutput['LocationConstraint']> };
  },
});

export const getBucketAcl = defineOperation<BucketInput, GetBucketAclOutput>({
  name: 'GetBucketAcl',
  access: bucketAccess('s3:GetBucketAcl'),
  handle: (call, { Bucket }) => fullControlOf(requireBucket(call, Bucket).account),
});

export const getObjectAcl = defineOperation<GetObjectAclRequest, GetObjectAclOutput>({
  name: 'GetObjectAcl',
  access: readAccess('s3:GetObjectAcl', 's3:GetObjectVersionAcl'),
  handle(call, input) {
    requireObject(call, input);
    return fullControlOf(requireBucket(call, input.Bucket).account);
  },
});
