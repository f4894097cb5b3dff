// TagPolicy, UntagPolicy and ListPolicyTags.
import type {
  ListPolicyTagsRequest,
  ListPolicyTagsResponse,
  TagPolicyRequest,
  UntagPolicyRequest,
} from '@aws-sdk/client-iam';
import type { Call } from '../../call.ts';
import { defineOperation } from '../../operation.ts';
import { pageOf } from './paging.ts';
import { customerPolicy, onPolicy, policyNamed } from './policies.ts';
import { type TagMap, tables, writeRecord } from './state.ts';
import { requestTagContext, tagListOf, withoutTags, withTags } from './tags.ts';

export const tagPolicy = defineOperation<TagPolicyRequest, object>({
  name: 'TagPolicy',
  access: onPolicy<TagPolicyRequest>('iam:TagPolicy', ({ Tags }) => requestTagContext(Tags)),
  handle: (call, { PolicyArn, Tags }) => changeTags(call, PolicyArn, (tags) => withTags(tags, Tags)),
});

export const untagPolicy = defineOperation<UntagPolicyRequest, object>({
  name: 'UntagPolicy',
  access: onPolicy<UntagPolicyRequest>('iam:UntagPolicy', ({ TagKeys }) => requestTagContext([], TagKeys)),
  handle: (call, { PolicyArn, TagKeys }) => changeTags(call, PolicyArn, (tags) => withoutTags(tags, TagKeys)),
});

export const listPolicyTags = defineOperation<ListPolicyTagsRequest, ListPolicyTagsResponse>({
  name: 'ListPolicyTags',
  access: onPolicy('iam:ListPolicyTags'),
  handle(call, input) {
    const policy = policyNamed(call, input.PolicyArn);
    const tags = 'tags' in policy ? tagListOf(policy.tags) : [];
    const { items, ...page } = pageOf(tags, ({ Key = '' }) => Key, input);
    return { Tags: items, ...page };
  },
});

async function changeTags(
  { plane, account }: Call,
  arn: string | undefined,
  change: (tags: TagMap) => TagMap,
): Promise<object> {
  await plane.store.transact((tx) => {
    const policy = customerPolicy(tx, account, arn ?? '');
    const changed = { ...policy, tags: change(policy.tags) };
    writeRecord(tx, tables.policies, { account, name: policy.arn }, changed);
  });
  return {};
}
