// s3:DeleteObjects: up to 1,000 keys, each allowed or denied, deleted or not, on its own.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
import type {
  _Error,
  DeletedObject,
  DeleteObjectsOutput,
  DeleteObjectsRequest,
  ObjectIdentifier,
} from '@aws-sdk/client-s3';
import type { Call } from '../../call.ts';
import { AwsFault } from '../../fault.ts';
import { defineOperation } from '../../operation.ts';
import { checkOn, requireBucket } from './access.ts';
import { deleteAction, type Removal, removeObject } from './delete-object.ts';
import { faults } from './faults.ts';
import { commit } from './storage.ts';
import { assertVersionId } from './version-id.ts';

const KEYS_MAX = 1_000;

export const deleteObjects = defineOperation<DeleteObjectsRequest, DeleteObjectsOutput>({
  name: 'DeleteObjects',
  access: { authenticated: 'each key is authorized on its own and denied in its own entry of the answer' },
  validate(input, call) {
    requireBucket(call, input.Bucket);
    const count = input.Delete?.Objects?.length ?? 0;
    if (count === 0 || count > KEYS_MAX) throw faults.malformedXml();
  },
  async handle(call, input) {
    const { Objects = [], Quiet = false } = input.Delete ?? {};
    const deletions = Objects.map((object) => ({ object, denial: denialOf(call, input, object) }));
    const { Deleted, Errors } = await commit(call.plane, (tx, drop) => {
      const Deleted: DeletedObject[] = [];
      const Errors: _Error[] = [];
      for (const { object, denial } of deletions) {
        const { Key = '', VersionId } = object;
        const conditions = {
          IfMatch: object.ETag,
          IfMatchLastModifiedTime: object.LastModifiedTime,
          IfMatchSize: object.Size,
        };
        const fault =
          denial ??
          faultOf(() => {
            if (VersionId !== undefined) assertVersionId(VersionId);
            const deletion = { Bucket: input.Bucket ?? '', Key, VersionId, ...conditions };
            Deleted.push(describe(object, removeObject(call, { tx, drop }, deletion)));
          });
        if (fault) Errors.push({ Key, VersionId, Code: fault.code, Message: fault.message });
      }
      return { Deleted, Errors };
    });
    return { ...(!Quiet && Deleted.length > 0 && { Deleted }), ...(Errors.length > 0 && { Errors }) };
  },
});

function describe({ Key, VersionId }: ObjectIdentifier, removal: Removal): DeletedObject {
  if (!removal.isMarker) return { Key, VersionId };
  return { Key, VersionId, DeleteMarker: true, DeleteMarkerVersionId: removal.versionId };
}

function denialOf(call: Call, input: DeleteObjectsRequest, object: ObjectIdentifier): AwsFault | undefined {
  return faultOf(() => {
    const check = checkOn(call, deleteAction(object), {
      input: { ...input, VersionId: object.VersionId },
      key: object.Key,
    });
    const denial = call.denialOf(check);
    if (denial) throw denial;
  });
}

/** The fault that `work` throws, as a value; bugs go on. */
function faultOf(work: () => void): AwsFault | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof AwsFault) return error;
    throw error;
  }
}
