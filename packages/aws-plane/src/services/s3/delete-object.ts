// s3:DeleteObject: deleting what is not there succeeds.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html
import type { Transaction } from '@pergola/store';
import type { DeleteObjectOutput, DeleteObjectRequest } from '@aws-sdk/client-s3';
import { defineOperation } from '../../operation.ts';
import { checkOn } from './access.ts';
import { matchesEtag } from './conditions.ts';
import { faults } from './faults.ts';
import type { ObjectRecord } from './object.ts';
import { assertVersion } from './object-read.ts';
import { deleteObject as forgetObject, findObject } from './state.ts';
import { commit, type DropBody } from './storage.ts';

export const deleteObject = defineOperation<DeleteObjectRequest, DeleteObjectOutput>({
  name: 'DeleteObject',
  access: { iam: (input, call) => [checkOn(call, deleteAction(input), { input, key: input.Key })] },
  async handle(call, input) {
    const { Bucket = '', Key = '' } = input;
    assertVersion(Key, input.VersionId);
    await commit(call.plane, (tx, drop) => removeObject(tx, drop, { ...input, Bucket, Key }));
    return {};
  },
});

/** Which object to delete, and what must be true of it. */
export interface Deletion {
  readonly Bucket: string;
  readonly Key: string;
  readonly IfMatch?: string | undefined;
  readonly IfMatchLastModifiedTime?: Date | undefined;
  readonly IfMatchSize?: number | undefined;
}

export function deleteAction({ VersionId }: { readonly VersionId?: string | undefined }): string {
  return VersionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion';
}

/** Deletes an object if it is there and its conditions hold. */
export function removeObject(tx: Transaction, drop: DropBody, deletion: Deletion): void {
  const { Bucket, Key } = deletion;
  const object = findObject(tx, Bucket, Key);
  assertConditions(deletion, object);
  if (!object) return;
  forgetObject(tx, Bucket, Key);
  drop(object.body);
}

function assertConditions(deletion: Deletion, object: ObjectRecord | undefined): void {
  const { IfMatch, IfMatchLastModifiedTime: modified, IfMatchSize: size } = deletion;
  if (IfMatch === undefined && modified === undefined && size === undefined) return;
  if (!object) throw faults.noSuchKey(deletion.Key);
  if (IfMatch !== undefined && !matchesEtag(IfMatch, object.etag))
    throw faults.preconditionFailed('If-Match');
  if (modified && modified.getTime() !== object.modifiedMs)
    throw faults.preconditionFailed('x-amz-if-match-last-modified-time');
  if (size !== undefined && size !== object.sizeBytes) throw faults.preconditionFailed('x-amz-if-match-size');
}
