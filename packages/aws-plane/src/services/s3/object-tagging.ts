// s3: Put-, Get- and DeleteObjectTagging. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
import type {
  DeleteObjectTaggingOutput,
  DeleteObjectTaggingRequest,
  GetObjectTaggingOutput,
  GetObjectTaggingRequest,
  PutObjectTaggingOutput,
  PutObjectTaggingRequest,
} from '@aws-sdk/client-s3';
import type { Call } from '../../call.ts';
import { defineOperation } from '../../operation.ts';
import { checkOn, existingTagsOf, type ObjectInput, readAccess, requestTags } from './access.ts';
import type { Tags } from './bucket.ts';
import { requireObject, shownVersion } from './object-read.ts';
import { OBJECT_TAGS_MAX, parseTags } from './tags.ts';
import { requireVersion, rewriteVersion } from './versions.ts';

async function setTags(call: Call, input: ObjectInput, tags: Tags | undefined): Promise<object> {
  const { Bucket: bucket = '', Key: key = '' } = input;
  const { value: object } = await call.plane.store.transact((tx) => {
    const found = requireVersion(tx, input);
    rewriteVersion(tx, { bucket, key }, { ...found, tags });
    return found;
  });
  return { VersionId: shownVersion(call, input, object) };
}

export const putObjectTagging = defineOperation<PutObjectTaggingRequest, PutObjectTaggingOutput>({
  name: 'PutObjectTagging',
  access: {
    iam: (input, call) => [
      checkOn(
        call,
        input.VersionId === undefined ? 's3:PutObjectTagging' : 's3:PutObjectVersionTagging',
        { input, key: input.Key },
        { ...existingTagsOf(call, input), ...requestTags(parseTags(input.Tagging?.TagSet, OBJECT_TAGS_MAX)) },
      ),
    ],
  },
  handle(call, input) {
    const tags = parseTags(input.Tagging?.TagSet, OBJECT_TAGS_MAX);
    return setTags(call, input, tags.length > 0 ? tags : undefined);
  },
});

export const getObjectTagging = defineOperation<GetObjectTaggingRequest, GetObjectTaggingOutput>({
  name: 'GetObjectTagging',
  access: readAccess('s3:GetObjectTagging', 's3:GetObjectVersionTagging'),
  handle(call, input) {
    const object = requireObject(call, input);
    return { TagSet: [...(object.tags ?? [])], VersionId: shownVersion(call, input, object) };
  },
});

export const deleteObjectTagging = defineOperation<DeleteObjectTaggingRequest, DeleteObjectTaggingOutput>({
  name: 'DeleteObjectTagging',
  access: readAccess('s3:DeleteObjectTagging', 's3:DeleteObjectVersionTagging'),
  handle: (call, input) => setTags(call, input, undefined),
});
