// s3:CreateMultipartUpload. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html
import { alphabets } from '@pergola/kernel';
import type { CreateMultipartUploadOutput, CreateMultipartUploadRequest } from '@aws-sdk/client-s3';
import { isCrc } from '../../checksums/crc-combine.ts';
import { defineOperation } from '../../operation.ts';
import { checkOn, requestTags, writeContext } from './access.ts';
import { faults } from './faults.ts';
import type { UploadRecord } from './object.ts';
import { encryptionMembers, newDataKey } from './object-encryption.ts';
import { parseAlgorithm, toWireAlgorithm } from './object-checksums.ts';
import { assertWritable, headersOf, storageClassOf } from './object-write.ts';
import { arnOf } from './owner.ts';
import { findBucket, putUpload } from './state.ts';
import { parseTaggingHeader } from './tags.ts';

export const createMultipartUpload = defineOperation<
  CreateMultipartUploadRequest,
  CreateMultipartUploadOutput
>({
  name: 'CreateMultipartUpload',
  access: {
    iam(input, call) {
      const tags = parseTaggingHeader(input.Tagging);
      const context = { ...writeContext(input), ...(tags && requestTags(tags)) };
      const target = { input, key: input.Key };
      return [
        checkOn(call, 's3:PutObject', target, context),
        ...(tags ? [checkOn(call, 's3:PutObjectTagging', target, context)] : []),
      ];
    },
  },
  validate: assertWritable,
  async handle(call, input) {
    const { Bucket = '', Key = '' } = input;
    const sealing = await newDataKey(call, input);
    const upload: UploadRecord = {
      encryption: sealing?.encryption,
      id: call.plane.random.text(64, alphabets.alphanumeric),
      bucket: Bucket,
      key: Key,
      initiatedMs: call.nowMs,
      initiator: arnOf(call.principal.facts),
      headers: headersOf(input),
      storageClass: storageClassOf(input),
      tags: parseTaggingHeader(input.Tagging),
      checksum: checksumShape(input),
    };
    await call.plane.store.transact((tx) => {
      if (!findBucket(tx, Bucket)) throw faults.noSuchBucket(Bucket);
      putUpload(tx, upload);
    });
    const { checksum } = upload;
    return {
      Bucket,
      Key,
      UploadId: upload.id,
      ...encryptionMembers(upload.encryption),
      ...(checksum && {
        ChecksumAlgorithm: toWireAlgorithm(checksum.algorithm),
        ChecksumType: checksum.type,
      }),
    };
  },
});

/** CRC64NVME exists only for full objects, hashes only as composites; the other CRCs may be either. */
function checksumShape(input: CreateMultipartUploadRequest): UploadRecord['checksum'] {
  const algorithm = parseAlgorithm(input.ChecksumAlgorithm);
  if (!algorithm) {
    if (input.ChecksumType === undefined) return undefined;
    throw faults.invalidRequest(
      'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
    );
  }
  const type = input.ChecksumType ?? (algorithm === 'crc64nvme' ? 'FULL_OBJECT' : 'COMPOSITE');
  const isPossible = type === 'FULL_OBJECT' ? isCrc(algorithm) : algorithm !== 'crc64nvme';
  if (isPossible) return { algorithm, type };
  throw faults.invalidRequest(
    `The ${type} checksum type cannot be used with the ${algorithm} checksum algorithm.`,
  );
}
