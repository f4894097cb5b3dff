// TagLogGroup, UntagLogGroup and ListTagsLogGroup: tags by the group's name, as clients of before 2023 set them.
import type {
  ListTagsLogGroupRequest,
  ListTagsLogGroupResponse,
  TagLogGroupRequest,
  UntagLogGroupRequest,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Call } from '../../call.ts';
import { type Access, defineOperation } from '../../operation.ts';
import { checkOnGroup, onGroup, requestTags } from './access.ts';
import { groupArn } from './arn.ts';
import { changeGroup } from './change-group.ts';
import { groupOf, nameOf } from './groups.ts';
import { assertTags, type Tags, withoutTags, withTags } from './tags.ts';

export const tagLogGroup = defineOperation<TagLogGroupRequest, object>({
  name: 'TagLogGroup',
  access: changing('logs:TagLogGroup', ({ tags }: TagLogGroupRequest) => requestTags(tags ?? {})),
  validate: ({ tags = {} }) => assertTags(tags),
  handle: (call, { logGroupName, tags = {} }) =>
    changeTags(call, logGroupName, (own, arn) => withTags(own, tags, arn)),
});

export const untagLogGroup = defineOperation<UntagLogGroupRequest, object>({
  name: 'UntagLogGroup',
  access: changing('logs:UntagLogGroup', ({ tags }: UntagLogGroupRequest) => requestTags({}, tags)),
  handle: (call, { logGroupName, tags = [] }) =>
    changeTags(call, logGroupName, (own) => withoutTags(own, tags)),
});

export const listTagsLogGroup = defineOperation<ListTagsLogGroupRequest, ListTagsLogGroupResponse>({
  name: 'ListTagsLogGroup',
  access: onGroup('logs:ListTagsLogGroup'),
  handle: (call, input) => ({ tags: groupOf(call, input).tags }),
});

function changing<Input extends { readonly logGroupName?: string | undefined }>(
  action: string,
  contextOf: (input: Input) => ReturnType<typeof requestTags>,
): Access<Input> {
  return {
    iam(input, call) {
      const check = checkOnGroup(call, action, nameOf(call, { logGroupName: input.logGroupName }));
      return [{ ...check, context: { ...check.context, ...contextOf(input) } }];
    },
  };
}

async function changeTags(
  call: Call,
  logGroupName: string | undefined,
  change: (tags: Tags, arn: string) => Tags,
): Promise<object> {
  await changeGroup(call, nameOf(call, { logGroupName }), (group) => ({
    ...group,
    tags: change(group.tags, groupArn(group)),
  }));
  return {};
}
