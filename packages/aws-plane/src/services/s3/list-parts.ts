// s3:ListParts. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html
import type { ListPartsOutput, ListPartsRequest } from '@aws-sdk/client-s3';
import { defineOperation } from '../../operation.ts';
import { objectAccess, requireBucket } from './access.ts';
import { parseLimit } from './listing.ts';
import { requireUpload } from './multipart.ts';
import { checksumMember, toWireAlgorithm } from './object-checksums.ts';
import { canonicalIdOf } from './owner.ts';
import { partsOf } from './state.ts';

export const listParts = defineOperation<ListPartsRequest, ListPartsOutput>({
  name: 'ListParts',
  access: objectAccess('s3:ListMultipartUploadParts'),
  handle(call, input) {
    const bucket = requireBucket(call, input.Bucket);
    const upload = requireUpload(call.plane.store, input);
    const limit = parseLimit(input.MaxParts, 'max-parts', 'max-parts');
    const marker = Number.parseInt(input.PartNumberMarker ?? '0', 10) || 0;
    const found = partsOf(call.plane.store, upload.id, marker, limit + 1);
    const parts = found.slice(0, limit);
    return {
      Bucket: upload.bucket,
      Key: upload.key,
      UploadId: upload.id,
      PartNumberMarker: String(marker),
      NextPartNumberMarker: String(parts.at(-1)?.number ?? 0),
      MaxParts: limit,
      IsTruncated: limit > 0 && found.length > limit,
      StorageClass: upload.storageClass,
      Owner: { ID: canonicalIdOf(bucket.account) },
      Initiator: { ID: upload.initiator },
      ...(upload.checksum && {
        ChecksumAlgorithm: toWireAlgorithm(upload.checksum.algorithm),
        ChecksumType: upload.checksum.type,
      }),
      Parts: parts.map((part) => ({
        PartNumber: part.number,
        ETag: `"${part.etag}"`,
        Size: part.sizeBytes,
        LastModified: new Date(part.modifiedMs),
        ...checksumMember(part.checksum),
      })),
    };
  },
});
