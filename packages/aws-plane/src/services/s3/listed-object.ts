// How the listings show an object, and who may list.
import type { _Object, Owner } from '@aws-sdk/client-s3';
import type { Access } from '../../operation.ts';
import { bucketAccess, type BucketInput } from './access.ts';
import { toWireAlgorithm } from './object-checksums.ts';
import type { ListedObject } from './state.ts';

export function describeListed(
  object: ListedObject,
  encode: (text: string) => string,
  owner: Owner | undefined,
): _Object {
  const { etag, sizeBytes, modifiedMs, storageClass, checksum } = object.record();
  return {
    Key: encode(object.key),
    LastModified: new Date(modifiedMs),
    ETag: `"${etag}"`,
    ...(checksum && {
      ChecksumAlgorithm: [toWireAlgorithm(checksum.algorithm)],
      ChecksumType: checksum.type,
    }),
    Size: sizeBytes,
    StorageClass: storageClass,
    Owner: owner,
  };
}

interface ListInput extends BucketInput {
  readonly Prefix?: string | undefined;
  readonly Delimiter?: string | undefined;
  readonly MaxKeys?: number | undefined;
}

/** Listing is `s3:ListBucket` on the bucket, whatever the operation is called; policies often bind the prefix. */
export function listAccess<Input extends ListInput>(action = 's3:ListBucket'): Access<Input> {
  return bucketAccess(action, ({ Prefix, Delimiter, MaxKeys }) => ({
    ...(Prefix !== undefined && { 's3:prefix': Prefix }),
    ...(Delimiter !== undefined && { 's3:delimiter': Delimiter }),
    ...(MaxKeys !== undefined && { 's3:max-keys': String(MaxKeys) }),
  }));
}
