// s3: the settings of a bucket that can be put, read and deleted: public access block and tags.
import type {
  DeleteBucketTaggingRequest,
  DeletePublicAccessBlockRequest,
  GetBucketTaggingOutput,
  GetBucketTaggingRequest,
  GetPublicAccessBlockOutput,
  GetPublicAccessBlockRequest,
  PutBucketTaggingRequest,
  PutPublicAccessBlockRequest,
} from '@aws-sdk/client-s3';
import type { Call } from '../../call.ts';
import { defineOperation } from '../../operation.ts';
import { bucketAccess, requireBucket } from './access.ts';
import type { BucketRecord } from './bucket.ts';
import { faults } from './faults.ts';
import { findBucket, putBucket } from './state.ts';
import { BUCKET_TAGS_MAX, parseTags } from './tags.ts';

type Settings = Partial<Pick<BucketRecord, 'publicAccessBlock' | 'tags'>>;

async function changeBucket(call: Call, name: string | undefined, settings: Settings): Promise<object> {
  await call.plane.store.transact((tx) => {
    const bucket = findBucket(tx, name ?? '');
    if (!bucket) throw faults.noSuchBucket(name ?? '');
    putBucket(tx, { ...bucket, ...settings });
  });
  return {};
}

export const putPublicAccessBlock = defineOperation<PutPublicAccessBlockRequest, object>({
  name: 'PutPublicAccessBlock',
  access: bucketAccess('s3:PutBucketPublicAccessBlock'),
  handle(call, { Bucket, PublicAccessBlockConfiguration: wanted = {} }) {
    const publicAccessBlock = {
      BlockPublicAcls: wanted.BlockPublicAcls ?? false,
      IgnorePublicAcls: wanted.IgnorePublicAcls ?? false,
      BlockPublicPolicy: wanted.BlockPublicPolicy ?? false,
      RestrictPublicBuckets: wanted.RestrictPublicBuckets ?? false,
    };
    return changeBucket(call, Bucket, { publicAccessBlock });
  },
});

export const getPublicAccessBlock = defineOperation<GetPublicAccessBlockRequest, GetPublicAccessBlockOutput>({
  name: 'GetPublicAccessBlock',
  access: bucketAccess('s3:GetBucketPublicAccessBlock'),
  handle(call, { Bucket }) {
    const { name, publicAccessBlock } = requireBucket(call, Bucket);
    if (!publicAccessBlock) throw faults.noSuchPublicAccessBlock(name);
    return { PublicAccessBlockConfiguration: publicAccessBlock };
  },
});

export const deletePublicAccessBlock = defineOperation<DeletePublicAccessBlockRequest, object>({
  name: 'DeletePublicAccessBlock',
  access: bucketAccess('s3:PutBucketPublicAccessBlock'),
  handle: (call, { Bucket }) => changeBucket(call, Bucket, { publicAccessBlock: undefined }),
});

export const putBucketTagging = defineOperation<PutBucketTaggingRequest, object>({
  name: 'PutBucketTagging',
  access: bucketAccess('s3:PutBucketTagging'),
  handle: (call, { Bucket, Tagging }) =>
    changeBucket(call, Bucket, { tags: parseTags(Tagging?.TagSet, BUCKET_TAGS_MAX) }),
});

export const getBucketTagging = defineOperation<GetBucketTaggingRequest, GetBucketTaggingOutput>({
  name: 'GetBucketTagging',
  access: bucketAccess('s3:GetBucketTagging'),
  handle(call, { Bucket }) {
    const { name, tags } = requireBucket(call, Bucket);
    if (!tags) throw faults.noSuchTagSet(name);
    return { TagSet: [...tags] };
  },
});

export const deleteBucketTagging = defineOperation<DeleteBucketTaggingRequest, object>({
  name: 'DeleteBucketTagging',
  access: bucketAccess('s3:PutBucketTagging'),
  handle: (call, { Bucket }) => changeBucket(call, Bucket, { tags: undefined }),
});
