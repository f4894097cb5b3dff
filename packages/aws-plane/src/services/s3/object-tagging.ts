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
import { faults } from './faults.ts';
import { assertVersion, requireObject } from './object-read.ts';
import { findObject, putObject } from './state.ts';
import { OBJECT_TAGS_MAX, parseTags } from './tags.ts';

async function setTags(call: Call, input: ObjectInput, tags: Tags | undefined): Promise<object> {
  const { Bucket = '', Key = '' } = input;
  assertVersion(Key, input.VersionId);
  await call.plane.store.transact((tx) => {
    const object = findObject(tx, Bucket, Key);
    if (!object) throw faults.noSuchKey(Key);
    putObject(tx, Bucket, Key, { ...object, tags });
  });
  return {};
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
  handle: (call, input) => ({ TagSet: [...(requireObject(call, input).tags ?? [])] }),
});

export const deleteObjectTagging = defineOperation<DeleteObjectTaggingRequest, DeleteObjectTaggingOutput>({
  name: 'DeleteObjectTagging',
  access: readAccess('s3:DeleteObjectTagging', 's3:DeleteObjectVersionTagging'),
  handle: (call, input) => setTags(call, input, undefined),
});
