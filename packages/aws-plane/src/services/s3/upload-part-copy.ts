// s3:UploadPartCopy: a part that is a stretch of another object.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html
import type { UploadPartCopyOutput, UploadPartCopyRequest } from '@aws-sdk/client-s3';
import { createChecksum } from '../../checksums/checksum.ts';
import { defineOperation } from '../../operation.ts';
import { checkOn } from './access.ts';
import type { ByteRange } from './bodies.ts';
import { requireSource, sourceBytes, sourceChecks, sourceVersion, withSource } from './copy-source.ts';
import { openDataKey } from './data-key.ts';
import { faults } from './faults.ts';
import { assertPartNumber, requireUpload } from './multipart.ts';
import type { PartRecord } from './object.ts';
import { encryptionMembers } from './object-encryption.ts';
import { checksumMember } from './object-checksums.ts';
import { PUT_BYTES_MAX } from './object-write.ts';
import { keepPart } from './part.ts';
import { bodiesOf } from './storage.ts';

export const uploadPartCopy = defineOperation<UploadPartCopyRequest, UploadPartCopyOutput>({
  name: 'UploadPartCopy',
  access: {
    iam: (input, call) => [
      ...sourceChecks(call, input),
      checkOn(call, 's3:PutObject', { input, key: input.Key }),
    ],
  },
  validate: (input) => void assertPartNumber(input.PartNumber),
  async handle(call, input) {
    const upload = requireUpload(call.plane.store, input);
    requireSource(call, input);
    const own = upload.encryption && (await openDataKey(call, upload.bucket, upload.encryption));
    const checksum = upload.checksum && createChecksum(upload.checksum.algorithm);
    const { source, received } = await withSource(call, input, async (source, key) => {
      const range = parseCopyRange(input.CopySourceRange, source.sizeBytes);
      const received = await bodiesOf(call.plane).receive(
        sourceBytes(call, { body: source.body, key }, range),
        { checksum, key: own, sizeMaxBytes: PUT_BYTES_MAX, tooLarge: faults.entityTooLarge },
      );
      return { source, received };
    });
    const part = await keepPart(
      call,
      input,
      received,
      (): PartRecord => ({
        number: assertPartNumber(input.PartNumber),
        etag: received.md5.toString('hex'),
        sizeBytes: received.sizeBytes,
        modifiedMs: call.nowMs,
        body: received.body,
        checksum: checksum &&
          upload.checksum && {
            algorithm: upload.checksum.algorithm,
            value: checksum.digestBase64(),
            type: 'FULL_OBJECT',
          },
      }),
    );
    return {
      CopyPartResult: {
        ETag: `"${part.etag}"`,
        LastModified: new Date(part.modifiedMs),
        ...checksumMember(part.checksum),
      },
      ...encryptionMembers(upload.encryption),
      CopySourceVersionId: sourceVersion(call, input, source),
    };
  },
});

/** Stricter than a Range header: both ends are required and must lie within the source. */
function parseCopyRange(header: string | undefined, sizeBytes: number): ByteRange {
  if (header === undefined) return { start: 0, end: sizeBytes - 1 };
  const match = /^bytes=(\d+)-(\d+)$/.exec(header);
  const [start, end] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || start > end)
    throw faults.invalidArgument(
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
      'x-amz-copy-source-range',
      header,
    );
  if (end >= sizeBytes)
    throw faults.invalidArgument(
      `Range specified is not valid for source object of size: ${sizeBytes}`,
      'x-amz-copy-source-range',
      header,
    );
  return { start, end };
}
