// s3:ListObjectVersions: every version and delete marker, newest first within a key.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
import type {
  DeleteMarkerEntry,
  ListObjectVersionsOutput,
  ListObjectVersionsRequest,
  ObjectVersion,
  Owner,
} from '@aws-sdk/client-s3';
import type { Call } from '../../call.ts';
import { defineOperation } from '../../operation.ts';
import { requireBucket } from './access.ts';
import { faults } from './faults.ts';
import { afterMarker, assertEncodingType, encodeKey, parseLimit } from './listing.ts';
import { describeListed, listAccess } from './listed-object.ts';
import { canonicalIdOf } from './owner.ts';
import { assertVersionId } from './version-id.ts';
import { afterVersionMarker, type ListedVersion, nextMarkers, readVersionPage } from './version-listing.ts';
import { isDeleteMarker, versionIdOf } from './version-state.ts';
import { isLatestMarker } from './versions.ts';

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
    if (input.VersionIdMarker === '')
      throw faults.invalidArgument('A version-id marker cannot be empty.', 'version-id-marker', '');
    if (input.VersionIdMarker !== undefined) assertVersionId(input.VersionIdMarker, 'version-id-marker');
  },
  handle(call, input) {
    const { Bucket = '', Prefix = '', Delimiter = '', KeyMarker = '', EncodingType, VersionIdMarker } = input;
    const bucket = requireBucket(call, Bucket);
    const limit = parseLimit(input.MaxKeys, 'maxKeys', 'max-keys');
    const { store } = call.plane;
    const within = { bucket: Bucket, prefix: Prefix, delimiter: Delimiter };
    const position =
      VersionIdMarker === undefined
        ? afterMarker(KeyMarker, within)
        : afterVersionMarker(store, { bucket: Bucket, key: KeyMarker }, VersionIdMarker);
    const page = readVersionPage(store, { ...within, position, limit });
    const encode = (text: string) => encodeKey(text, EncodingType);
    const owner = { ID: canonicalIdOf(bucket.account) };
    const next = page.next && nextMarkers(page.next, page.objects.at(-1));
    return {
      Name: Bucket,
      Prefix: encode(Prefix),
      KeyMarker: encode(KeyMarker),
      VersionIdMarker: VersionIdMarker ?? '',
      ...(Delimiter !== '' && { Delimiter: encode(Delimiter) }),
      ...next,
      ...(next?.NextKeyMarker !== undefined && { NextKeyMarker: encode(next.NextKeyMarker) }),
      EncodingType,
      MaxKeys: limit,
      IsTruncated: page.next !== undefined,
      ...describeVersions(call, Bucket, page.objects, { encode, owner }),
      CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
    };
  },
});

function describeVersions(
  call: Call,
  bucket: string,
  listed: readonly ListedVersion[],
  { encode, owner }: { readonly encode: (text: string) => string; readonly owner: Owner },
): { readonly Versions: ObjectVersion[]; readonly DeleteMarkers: DeleteMarkerEntry[] } {
  const Versions: ObjectVersion[] = [];
  const DeleteMarkers: DeleteMarkerEntry[] = [];
  for (const [index, { key, version, isCurrent }] of listed.entries()) {
    const VersionId = versionIdOf(version);
    if (!isDeleteMarker(version)) {
      const object = describeListed({ key, record: () => version }, encode, owner);
      Versions.push({ ...object, StorageClass: 'STANDARD', VersionId, IsLatest: isCurrent });
      continue;
    }
    DeleteMarkers.push({
      Key: encode(key),
      LastModified: new Date(version.modifiedMs),
      Owner: owner,
      VersionId,
      IsLatest: listed[index - 1]?.key !== key && isLatestMarker(call.plane.store, { bucket, key }, version),
    });
  }
  return { Versions, DeleteMarkers };
}
