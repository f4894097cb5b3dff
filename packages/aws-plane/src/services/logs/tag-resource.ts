// TagResource, UntagResource and ListTagsForResource, on log groups by their ARN.
import type {
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Call } from '../../call.ts';
import { type Access, defineOperation } from '../../operation.ts';
import { checkOnTags, requestTags } from './access.ts';
import type { GroupName } from './arn.ts';
import { changeGroup } from './change-group.ts';
import { faults } from './faults.ts';
import { identifiedName } from './groups.ts';
import { findGroup, type LogGroup } from './state.ts';
import { assertTags, type Tags, withoutTags, withTags } from './tags.ts';

interface TaggedInput {
  readonly resourceArn?: string | undefined;
  readonly tags?: Tags | undefined;
  readonly tagKeys?: readonly string[] | undefined;
}

export const tagResource = defineOperation<TagResourceRequest, object>({
  name: 'TagResource',
  access: onTagged('logs:TagResource'),
  validate: ({ tags = {} }) => assertTags(tags),
  handle: (call, { resourceArn = '', tags = {} }) =>
    changeTags(call, resourceArn, (own) => withTags(own, tags, resourceArn)),
});

export const untagResource = defineOperation<UntagResourceRequest, object>({
  name: 'UntagResource',
  access: onTagged('logs:UntagResource'),
  handle: (call, { resourceArn = '', tagKeys = [] }) =>
    changeTags(call, resourceArn, (own) => withoutTags(own, tagKeys)),
});

export const listTagsForResource = defineOperation<ListTagsForResourceRequest, ListTagsForResourceResponse>({
  name: 'ListTagsForResource',
  access: onTagged('logs:ListTagsForResource'),
  handle: (call, { resourceArn = '' }) => ({ tags: taggedGroup(call, resourceArn).tags }),
});

function onTagged(action: string): Access<TaggedInput> {
  return {
    iam(input, call) {
      const { context, ...check } = checkOnTags(call, action, nameOfArn(call, input.resourceArn ?? ''));
      return [{ ...check, context: { ...context, ...requestTags(input.tags ?? {}, input.tagKeys) } }];
    },
  };
}

/** A log group by its ARN. Other resources of CloudWatch Logs that have tags cannot be made here. */
function nameOfArn(call: Call, arn: string): GroupName {
  if (!arn.startsWith('arn:')) throw faults.invalidArn();
  if (/^arn:aws:logs:[^:]*:\d{12}:(?!log-group:)/.test(arn)) throw faults.noSuchResource();
  return identifiedName(call, arn);
}

function taggedGroup(call: Call, arn: string): LogGroup {
  const group = findGroup(call.plane.store, nameOfArn(call, arn));
  if (!group) throw faults.noSuchResource();
  return group;
}

async function changeTags(call: Call, arn: string, change: (tags: Tags) => Tags): Promise<object> {
  taggedGroup(call, arn);
  await changeGroup(call, nameOfArn(call, arn), (group) => ({ ...group, tags: change(group.tags) }));
  return {};
}
