// s3:ListMultipartUploads: by key, and for the same key by the time they began.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html
import type { ListMultipartUploadsOutput, ListMultipartUploadsRequest } from '@aws-sdk/client-s3';
import { defineOperation } from '../../operation.ts';
import { bucketAccess, requireBucket } from './access.ts';
import { assertEncodingType, commonPrefixOf, encodeKey, parseLimit } from './listing.ts';
import type { UploadRecord } from './object.ts';
import { toWireAlgorithm } from './object-checksums.ts';
import { canonicalIdOf } from './owner.ts';
import { uploadsOf } from './state.ts';

export const listMultipartUploads = defineOperation<ListMultipartUploadsRequest, ListMultipartUploadsOutput>({
  name: 'ListMultipartUploads',
  access: bucketAccess('s3:ListBucketMultipartUploads'),
  validate: (input) => assertEncodingType(input.EncodingType),
  handle(call, input) {
    const { Prefix = '', Delimiter = '', KeyMarker = '', UploadIdMarker = '', EncodingType } = input;
    const bucket = requireBucket(call, input.Bucket);
    const limit = parseLimit(input.MaxUploads, 'max-uploads', 'max-uploads');
    const encode = (text: string) => encodeKey(text, EncodingType);
    const uploads = uploadsOf(call.plane.store, bucket.name)
      .filter((upload) => upload.key.startsWith(Prefix))
      .toSorted(byKeyAndTime);
    const page = rollUp(uploads, { Prefix, Delimiter, KeyMarker, UploadIdMarker, limit });
    return {
      Bucket: bucket.name,
      Prefix: encode(Prefix),
      ...(Delimiter !== '' && { Delimiter: encode(Delimiter) }),
      KeyMarker: encode(KeyMarker),
      UploadIdMarker,
      NextKeyMarker: page.next && encode(page.next.key),
      NextUploadIdMarker: page.next?.uploadId,
      EncodingType,
      MaxUploads: limit,
      IsTruncated: page.next !== undefined,
      Uploads: page.uploads.map((upload) => ({
        UploadId: upload.id,
        Key: encode(upload.key),
        Initiated: new Date(upload.initiatedMs),
        StorageClass: upload.storageClass,
        Owner: { ID: canonicalIdOf(bucket.account) },
        Initiator: { ID: upload.initiator },
        ...(upload.checksum && {
          ChecksumAlgorithm: toWireAlgorithm(upload.checksum.algorithm),
          ChecksumType: upload.checksum.type,
        }),
      })),
      CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: encode(prefix) })),
    };
  },
});

function compareKeys(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

function byKeyAndTime(left: UploadRecord, right: UploadRecord): number {
  return (
    compareKeys(left.key, right.key) || left.initiatedMs - right.initiatedMs || compareKeys(left.id, right.id)
  );
}

interface Cut {
  readonly Prefix: string;
  readonly Delimiter: string;
  readonly KeyMarker: string;
  readonly UploadIdMarker: string;
  readonly limit: number;
}

interface Page {
  readonly uploads: UploadRecord[];
  readonly prefixes: string[];
  readonly next: { readonly key: string; readonly uploadId?: string } | undefined;
}

/** One page of sorted uploads. */
function rollUp(sorted: readonly UploadRecord[], cut: Cut): Page {
  const page: Page = { uploads: [], prefixes: [], next: undefined };
  if (cut.limit === 0) return page;
  let next: { key: string; uploadId?: string } | undefined;
  for (const upload of sorted.slice(startOf(sorted, cut))) {
    const prefix = commonPrefixOf(upload.key, { prefix: cut.Prefix, delimiter: cut.Delimiter });
    if (prefix !== undefined && (prefix === page.prefixes.at(-1) || prefix === cut.KeyMarker)) continue;
    if (page.uploads.length + page.prefixes.length === cut.limit) return { ...page, next };
    if (prefix === undefined) page.uploads.push(upload);
    else page.prefixes.push(prefix);
    next = prefix === undefined ? { key: upload.key, uploadId: upload.id } : { key: prefix };
  }
  return page;
}

/** Where the page begins: behind the marked upload, or behind all uploads of the marked key. */
function startOf(sorted: readonly UploadRecord[], { KeyMarker, UploadIdMarker }: Cut): number {
  const marked = sorted.findIndex((upload) => upload.key === KeyMarker && upload.id === UploadIdMarker);
  if (marked >= 0) return marked + 1;
  const behind = sorted.findIndex((upload) => compareKeys(upload.key, KeyMarker) > 0);
  return behind < 0 ? sorted.length : behind;
}
