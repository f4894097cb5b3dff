// s3:UploadPart. https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html
import type { UploadPartOutput, UploadPartRequest } from '@aws-sdk/client-s3';
import { type Checksum, createChecksum } from '../../checksums/checksum.ts';
import { defineOperation } from '../../operation.ts';
import type { VerifiedBody } from '../../verified-body.ts';
import { objectAccess } from './access.ts';
import { openDataKey } from './data-key.ts';
import { faults } from './faults.ts';
import { assertPartNumber, requireUpload } from './multipart.ts';
import type { PartRecord, StoredChecksum, UploadRecord } from './object.ts';
import { assertVerifiable, checksumMember, parseAlgorithm, verifiedChecksum } from './object-checksums.ts';
import { encryptionMembers } from './object-encryption.ts';
import { assertSize, PUT_BYTES_MAX } from './object-write.ts';
import { keepPart } from './part.ts';
import { bodiesOf } from './storage.ts';

type Input = Omit<UploadPartRequest, 'Body'> & { readonly Body: VerifiedBody };

export const uploadPart = defineOperation<Input, UploadPartOutput>({
  name: 'UploadPart',
  access: objectAccess('s3:PutObject'),
  validate(input) {
    assertVerifiable(input);
    parseAlgorithm(input.ChecksumAlgorithm);
    assertPartNumber(input.PartNumber);
    if (input.SSECustomerAlgorithm !== undefined)
      throw faults.headerNotImplemented('x-amz-server-side-encryption-customer-algorithm');
    assertSize(input.Body);
  },
  async handle(call, input) {
    const upload = requireUpload(call.plane.store, input);
    const own = ownChecksum(upload);
    const key = upload.encryption && (await openDataKey(call, upload.bucket, upload.encryption));
    const received = await bodiesOf(call.plane).receive(input.Body, {
      checksum: own,
      key,
      sizeMaxBytes: PUT_BYTES_MAX,
      tooLarge: faults.entityTooLarge,
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
        checksum: checksumOfPart(upload, input, own),
      }),
    );
    return {
      ETag: `"${part.etag}"`,
      ...encryptionMembers(upload.encryption),
      ...checksumMember(part.checksum),
    };
  },
});

/** A full-object checksum needs one of every part; S3 computes it where the client sends none. */
function ownChecksum({ checksum }: UploadRecord): Checksum | undefined {
  return checksum?.type === 'FULL_OBJECT' ? createChecksum(checksum.algorithm) : undefined;
}

/** The part's checksum; it must be of the algorithm that the upload was begun with. */
function checksumOfPart(
  upload: UploadRecord,
  input: Input,
  own: Checksum | undefined,
): StoredChecksum | undefined {
  const sent = verifiedChecksum(input.Body, input.ChecksumAlgorithm);
  const wanted = upload.checksum?.algorithm;
  if (!sent && own && wanted) return { algorithm: wanted, value: own.digestBase64(), type: 'FULL_OBJECT' };
  if (wanted && sent?.algorithm !== wanted)
    throw faults.invalidRequest(
      `Checksum Type mismatch occurred, expected checksum Type: ${wanted}, actual checksum Type: ${sent?.algorithm ?? 'null'}`,
    );
  return sent;
}
