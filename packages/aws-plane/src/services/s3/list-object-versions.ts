// s3:ListObjectVersions: no bucket has versions here, so each object is its only, latest, `null` version.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
import type { ListObjectVersionsOutput, ListObjectVersionsRequest } from '@aws-sdk/client-s3';
import { defineOperation } from '../../operation.ts';
import { requireBucket } from './access.ts';
import { faults } from './faults.ts';
import { afterMarker, assertEncodingType, encodeKey, parseLimit, readPage } from './listing.ts';
import { describeListed, listAccess } from './listed-object.ts';
import { canonicalIdOf } from './owner.ts';

export const listObjectVersions = defineOperation<ListObjectVersionsRequest, ListObjectVersionsOutput>({
  name: 'ListObjectVersions',
  access: listAccess('s3:ListBucketVersions'),
  validate(input) {
    assertEncodingType(input.EncodingType);
    if (input.VersionIdMarker !== undefined && !input.KeyMarker)
      throw faults.invalidArgument(
        'A version-id marker cannot be specified without a key marker.',
        'version-id-marker',
        input.VersionIdMarker,
      );
  },
  handle(call, input) {
    const { Bucket = '', Prefix = '', Delimiter = '', KeyMarker = '', EncodingType } = input;
    const bucket = requireBucket(call, Bucket);
    const limit = parseLimit(input.MaxKeys, 'maxKeys', 'max-keys');
    const page = readPage(call, {
      bucket: Bucket,
      prefix: Prefix,
      delimiter: Delimiter,
      position: afterMarker(KeyMarker, { prefix: Prefix, delimiter: Delimiter }),
      limit,
    });
    const encode = (text: string) => encodeKey(text, EncodingType);
    const owner = { ID: canonicalIdOf(bucket.account) };
    const next = page.next?.afterPrefix ?? page.next?.afterKey;
    return {
      Name: Bucket,
      Prefix: encode(Prefix),
      KeyMarker: encode(KeyMarker),
      VersionIdMarker: input.VersionIdMarker ?? '',
      ...(Delimiter !== '' && { Delimiter: encode(Delimiter) }),
      ...(next !== undefined && { NextKeyMarker: encode(next), NextVersionIdMarker: 'null' }),
      EncodingType,
      MaxKeys: limit,
      IsTruncated: page.next !== undefined,
      Versions: page.objects.map((object) => ({
        ...describeListed(object, encode, owner),
        StorageClass: 'STANDARD',
        VersionId: 'null',
        IsLatest: true,
      })),
      CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
    };
  },
});
