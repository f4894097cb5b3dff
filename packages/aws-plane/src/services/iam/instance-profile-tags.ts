// TagInstanceProfile, UntagInstanceProfile and ListInstanceProfileTags.
import type {
  ListInstanceProfileTagsRequest,
  ListInstanceProfileTagsResponse,
  TagInstanceProfileRequest,
  UntagInstanceProfileRequest,
} from '@aws-sdk/client-iam';
import { defineOperation } from '../../operation.ts';
import { changeProfile, onProfile, profileNamed } from './instance-profiles.ts';
import { pageOf } from './paging.ts';
import { requestTagContext, tagListOf, withoutTags, withTags } from './tags.ts';

export const tagInstanceProfile = defineOperation<TagInstanceProfileRequest, object>({
  name: 'TagInstanceProfile',
  access: onProfile('iam:TagInstanceProfile', ({ Tags }) => requestTagContext(Tags)),
  handle: (call, input) =>
    changeProfile(call, input, (profile) => ({ ...profile, tags: withTags(profile.tags, input.Tags) })),
});

export const untagInstanceProfile = defineOperation<UntagInstanceProfileRequest, object>({
  name: 'UntagInstanceProfile',
  access: onProfile('iam:UntagInstanceProfile', ({ TagKeys }) => requestTagContext([], TagKeys)),
  handle: (call, input) =>
    changeProfile(call, input, (profile) => ({ ...profile, tags: withoutTags(profile.tags, input.TagKeys) })),
});

export const listInstanceProfileTags = defineOperation<
  ListInstanceProfileTagsRequest,
  ListInstanceProfileTagsResponse
>({
  name: 'ListInstanceProfileTags',
  access: onProfile('iam:ListInstanceProfileTags'),
  handle({ plane, account }, input) {
    const tags = tagListOf(profileNamed(plane.store, account, input).tags);
    const { items, ...page } = pageOf(tags, ({ Key = '' }) => Key, input);
    return { Tags: items, ...page };
  },
});
