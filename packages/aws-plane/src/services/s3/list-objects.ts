// s3:ListObjects, the first version. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html
import type { ListObjectsOutput, ListObjectsRequest } from '@aws-sdk/client-s3';
import { defineOperation } from '../../operation.ts';
import { requireBucket } from './access.ts';
import { afterMarker, assertEncodingType, encodeKey, parseLimit, readPage } from './listing.ts';
import { describeListed, listAccess } from './listed-object.ts';
import { canonicalIdOf } from './owner.ts';

export const listObjects = defineOperation<ListObjectsRequest, ListObjectsOutput>({
  name: 'ListObjects',
  access: listAccess(),
  validate: (input) => assertEncodingType(input.EncodingType),
  handle(call, input) {
    const { Bucket = '', Prefix = '', Delimiter = '', Marker = '', EncodingType } = input;
    const bucket = requireBucket(call, Bucket);
    const limit = parseLimit(input.MaxKeys, 'maxKeys', 'max-keys');
    const page = readPage(call, {
      bucket: Bucket,
      prefix: Prefix,
      delimiter: Delimiter,
      position: afterMarker(Marker, { prefix: Prefix, delimiter: Delimiter }),
      limit,
    });
    const encode = (text: string) => encodeKey(text, EncodingType);
    const owner = { ID: canonicalIdOf(bucket.account) };
    const next = page.next?.afterPrefix ?? page.next?.afterKey;
    return {
      Name: Bucket,
      Prefix: encode(Prefix),
      Marker: encode(Marker),
      // Without a delimiter clients go on from the last key, and S3 gives no marker.
      ...(Delimiter !== '' && {
        Delimiter: encode(Delimiter),
        NextMarker: next === undefined ? undefined : encode(next),
      }),
      EncodingType,
      MaxKeys: limit,
      IsTruncated: page.next !== undefined,
      Contents: page.objects.map((object) => describeListed(object, encode, owner)),
      CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
    };
  },
});
