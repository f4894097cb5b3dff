// s3: Put-, Get- and DeleteBucketPolicy, and GetBucketPolicyStatus.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
import type {
  DeleteBucketPolicyRequest,
  GetBucketPolicyOutput,
  GetBucketPolicyRequest,
  GetBucketPolicyStatusOutput,
  GetBucketPolicyStatusRequest,
  PutBucketPolicyRequest,
} from '@aws-sdk/client-s3';
import { defineOperation } from '../../operation.ts';
import { bucketAccess, requireBucket } from './access.ts';
import { bucketArn } from './bucket.ts';
import { checkBucketPolicy } from './bucket-policy-rules.ts';
import { hasPublicPolicy, isPublicPolicy } from './bucket-policy.ts';
import { faults } from './faults.ts';
import { arnOf } from './owner.ts';
import { findBucket, findPolicyText, putPolicyText } from './state.ts';

export const putBucketPolicy = defineOperation<PutBucketPolicyRequest, object>({
  name: 'PutBucketPolicy',
  access: bucketAccess('s3:PutBucketPolicy'),
  async handle(call, { Bucket = '', Policy = '' }) {
    const document = checkBucketPolicy(call, Bucket, Policy);
    await call.plane.store.transact((tx) => {
      const bucket = findBucket(tx, Bucket);
      if (!bucket) throw faults.noSuchBucket(Bucket);
      if (bucket.publicAccessBlock?.BlockPublicPolicy && isPublicPolicy(document))
        throw faults.publicPolicyBlocked(arnOf(call.principal.facts), bucketArn(Bucket));
      putPolicyText(tx, Bucket, Policy);
    });
    return {};
  },
});

export const getBucketPolicy = defineOperation<GetBucketPolicyRequest, GetBucketPolicyOutput>({
  name: 'GetBucketPolicy',
  access: bucketAccess('s3:GetBucketPolicy'),
  handle(call, { Bucket = '' }) {
    const Policy = findPolicyText(call.plane.store, Bucket);
    if (Policy === undefined) throw faults.noSuchBucketPolicy(Bucket);
    return { Policy };
  },
});

export const deleteBucketPolicy = defineOperation<DeleteBucketPolicyRequest, object>({
  name: 'DeleteBucketPolicy',
  access: bucketAccess('s3:DeleteBucketPolicy'),
  async handle(call, { Bucket = '' }) {
    await call.plane.store.transact((tx) => putPolicyText(tx, Bucket, undefined));
    return {};
  },
});

export const getBucketPolicyStatus = defineOperation<
  GetBucketPolicyStatusRequest,
  GetBucketPolicyStatusOutput
>({
  name: 'GetBucketPolicyStatus',
  access: bucketAccess('s3:GetBucketPolicyStatus'),
  handle(call, { Bucket = '' }) {
    if (findPolicyText(call.plane.store, Bucket) === undefined) throw faults.noSuchBucketPolicy(Bucket);
    return { PolicyStatus: { IsPublic: hasPublicPolicy(call, requireBucket(call, Bucket)) } };
  },
});
