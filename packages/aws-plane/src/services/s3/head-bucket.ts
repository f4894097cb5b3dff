// s3:HeadBucket: whether a bucket is there and open to the caller, and where.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
import type { HeadBucketOutput, HeadBucketRequest } from '@aws-sdk/client-s3';
import { defineOperation } from '../../operation.ts';
import { bucketAccess, requireBucket } from './access.ts';
import { bucketArn } from './bucket.ts';

export const headBucket = defineOperation<HeadBucketRequest, HeadBucketOutput>({
  name: 'HeadBucket',
  access: bucketAccess('s3:ListBucket'),
  handle(call, input) {
    const { name, region } = requireBucket(call, input.Bucket);
    return { BucketRegion: region, BucketArn: bucketArn(name), AccessPointAlias: false };
  },
});
