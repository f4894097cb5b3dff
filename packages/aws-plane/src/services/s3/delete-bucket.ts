// s3:DeleteBucket: only an empty one. Unfinished uploads do not count, and go with it.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html
import type { DeleteBucketRequest } from '@aws-sdk/client-s3';
import { defineOperation } from '../../operation.ts';
import { bucketAccess } from './access.ts';
import { faults } from './faults.ts';
import { deleteBucket as forgetBucket, deleteUpload, findBucket, listObjects, uploadsOf } from './state.ts';
import { commit } from './storage.ts';
import { listOlder } from './version-state.ts';

export const deleteBucket = defineOperation<DeleteBucketRequest, object>({
  name: 'DeleteBucket',
  access: bucketAccess('s3:DeleteBucket'),
  async handle(call, { Bucket = '' }) {
    await commit(call.plane, (tx, drop) => {
      const bucket = findBucket(tx, Bucket);
      if (!bucket) throw faults.noSuchBucket(Bucket);
      const all = { bucket: Bucket, prefix: '' };
      if (listObjects(tx, all, {}, 1).length > 0 || listOlder(tx, all, {}, 1).length > 0)
        throw faults.bucketNotEmpty(bucket);
      for (const upload of uploadsOf(tx, Bucket)) {
        for (const part of deleteUpload(tx, upload)) drop(part.body);
      }
      forgetBucket(tx, Bucket);
    });
    return {};
  },
});
