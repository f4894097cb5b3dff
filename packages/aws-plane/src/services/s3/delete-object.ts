// s3:DeleteObject: deleting what is not there succeeds.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html
import type { Transaction } from '@pergola/store';
import type { DeleteObjectOutput, DeleteObjectRequest } from '@aws-sdk/client-s3';
import type { Call } from '../../call.ts';
import { defineOperation } from '../../operation.ts';
import { checkOn } from './access.ts';
import { matchesEtag } from './conditions.ts';
import { faults } from './faults.ts';
import { findBucket, findObject } from './state.ts';
import { commit, type DropBody } from './storage.ts';
import { assertVersionId } from './version-id.ts';
import { isDeleteMarker, versionIdOf, type VersionRecord } from './version-state.ts';
import { deleteCurrent, deleteVersion, findVersion } from './versions.ts';

export const deleteObject = defineOperation<DeleteObjectRequest, DeleteObjectOutput>({
  name: 'DeleteObject',
  access: { iam: (input, call) => [checkOn(call, deleteAction(input), { input, key: input.Key })] },
  async handle(call, input) {
    const { Bucket = '', Key = '', VersionId } = input;
    if (VersionId !== undefined) assertVersionId(VersionId);
    const removed = await commit(call.plane, (tx, drop) =>
      removeObject(call, { tx, drop }, { ...input, Bucket, Key }),
    );
    return { VersionId: removed.versionId, DeleteMarker: removed.isMarker || undefined };
  },
});

/** Which object to delete, and what must be true of it. */
export interface Deletion {
  readonly Bucket: string;
  readonly Key: string;
  /** Well-formed. Absent: what is current. */
  readonly VersionId?: string | undefined;
  readonly IfMatch?: string | undefined;
  readonly IfMatchLastModifiedTime?: Date | undefined;
  readonly IfMatchSize?: number | undefined;
}

export function deleteAction({ VersionId }: { readonly VersionId?: string | undefined }): string {
  return VersionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion';
}

/** What a deletion made or took away. */
export interface Removal {
  /** Of the marker that was made, or of the version that was to go. */
  readonly versionId: string | undefined;
  readonly isMarker: boolean;
}

/** Deletes an object, or one of its versions, if it is there and its conditions hold. */
export function removeObject(
  call: Call,
  { tx, drop }: { readonly tx: Transaction; readonly drop: DropBody },
  deletion: Deletion,
): Removal {
  const { Bucket: bucket, Key: key, VersionId } = deletion;
  const found = findBucket(tx, bucket);
  if (!found) throw faults.noSuchBucket(bucket);
  const place = { bucket, key };
  assertConditions(
    deletion,
    VersionId === undefined ? findObject(tx, bucket, key) : findVersion(tx, place, VersionId),
  );
  if (VersionId !== undefined) {
    const gone = deleteVersion({ tx, drop }, place, VersionId);
    return { versionId: VersionId, isMarker: gone !== undefined && isDeleteMarker(gone) };
  }
  const { versioning } = found;
  const marker = deleteCurrent({ tx, drop, random: call.plane.random, versioning }, place, call.nowMs);
  return { versionId: marker && versionIdOf(marker), isMarker: marker !== undefined };
}

function assertConditions(deletion: Deletion, object: VersionRecord | undefined): void {
  const { IfMatch, IfMatchLastModifiedTime: modified, IfMatchSize: size } = deletion;
  if (IfMatch === undefined && modified === undefined && size === undefined) return;
  if (!object || isDeleteMarker(object)) throw faults.noSuchKey(deletion.Key);
  if (IfMatch !== undefined && !matchesEtag(IfMatch, object.etag))
    throw faults.preconditionFailed('If-Match');
  if (modified && modified.getTime() !== object.modifiedMs)
    throw faults.preconditionFailed('x-amz-if-match-last-modified-time');
  if (size !== undefined && size !== object.sizeBytes) throw faults.preconditionFailed('x-amz-if-match-size');
}
