// s3:AbortMultipartUpload. https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html
import type { AbortMultipartUploadOutput, AbortMultipartUploadRequest } from '@aws-sdk/client-s3';
import { defineOperation } from '../../operation.ts';
import { objectAccess } from './access.ts';
import { requireUpload } from './multipart.ts';
import { deleteUpload } from './state.ts';
import { commit } from './storage.ts';

export const abortMultipartUpload = defineOperation<AbortMultipartUploadRequest, AbortMultipartUploadOutput>({
  name: 'AbortMultipartUpload',
  access: objectAccess('s3:AbortMultipartUpload'),
  async handle(call, input) {
    await commit(call.plane, (tx, drop) => {
      for (const part of deleteUpload(tx, requireUpload(tx, input))) drop(part.body);
    });
    return {};
  },
});
