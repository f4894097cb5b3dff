// s3: Put- and GetBucketVersioning. https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html
import type { GetBucketVersioningOutput, PutBucketVersioningRequest } from '@aws-sdk/client-s3';
import { defineOperation } from '../../operation.ts';
import { bucketAccess, type BucketInput, requireBucket } from './access.ts';
import { faults } from './faults.ts';
import { findBucket, putBucket } from './state.ts';

export const putBucketVersioning = defineOperation<PutBucketVersioningRequest, object>({
  name: 'PutBucketVersioning',
  access: bucketAccess('s3:PutBucketVersioning'),
  async handle(call, { Bucket = '', VersioningConfiguration = {} }) {
    const { Status, MFADelete } = VersioningConfiguration;
    if (Status !== 'Enabled' && Status !== 'Suspended')
      throw faults.illegalVersioning('The Versioning element must be specified');
    if (MFADelete === 'Enabled') throw faults.notImplemented('MFA delete');
    if (MFADelete !== undefined && MFADelete !== 'Disabled') throw faults.malformedXml();
    await call.plane.store.transact((tx) => {
      const bucket = findBucket(tx, Bucket);
      if (!bucket) throw faults.noSuchBucket(Bucket);
      putBucket(tx, { ...bucket, versioning: Status, mfaDelete: MFADelete ?? bucket.mfaDelete });
    });
    return {};
  },
});

/** A bucket that never had versions has no status at all. */
export const getBucketVersioning = defineOperation<BucketInput, GetBucketVersioningOutput>({
  name: 'GetBucketVersioning',
  access: bucketAccess('s3:GetBucketVersioning'),
  handle(call, { Bucket }) {
    const { versioning, mfaDelete } = requireBucket(call, Bucket);
    return { Status: versioning, MFADelete: mfaDelete };
  },
});
