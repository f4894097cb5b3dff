// AddTagsToResource, RemoveTagsFromResource, ListTagsForResource.
import type {
  AddTagsToResourceMessage,
  ListTagsForResourceMessage,
  RemoveTagsFromResourceMessage,
  TagListMessage,
} from '@aws-sdk/client-elasticache';
import type { Call } from '../../call.ts';
import { type AnyOperation, defineOperation } from '../../operation.ts';
import { checkOn, homeOf, requestTags } from './access.ts';
import { faults } from './faults.ts';
import { named, parseArn, users } from './kinds.ts';
import { type StoredResource, type TagMap, writeRecord } from './state.ts';
import { tagListOf, withTags } from './tags.ts';
import { DEFAULT_USER, ensureDefaultUser, findUser } from './users/user-records.ts';

function parsed(call: Call, arn: string | undefined) {
  return parseArn(homeOf(call), arn ?? '');
}

async function changeTags(
  call: Call,
  arn: string | undefined,
  change: (tags: TagMap) => TagMap,
): Promise<TagListMessage> {
  const home = homeOf(call);
  const { kind, name } = parsed(call, arn);
  const { value } = await call.plane.store.transact((tx) => {
    ensureDefaultUser(tx, home, kind.noun, name);
    const record = named<StoredResource>(tx, kind, home, name);
    return writeRecord(tx, kind, home, { ...record, tags: change(record.tags) });
  });
  return { TagList: tagListOf(value.tags) };
}

const addTags = defineOperation<AddTagsToResourceMessage, TagListMessage>({
  name: 'AddTagsToResource',
  access: {
    iam(input, call) {
      const { kind, name } = parsed(call, input.ResourceName);
      return [checkOn(call, 'AddTagsToResource', kind, { name, context: requestTags(input.Tags) })];
    },
  },
  handle: (call, input) => changeTags(call, input.ResourceName, (tags) => withTags(tags, input.Tags)),
});

const removeTags = defineOperation<RemoveTagsFromResourceMessage, TagListMessage>({
  name: 'RemoveTagsFromResource',
  access: {
    iam(input, call) {
      const { kind, name } = parsed(call, input.ResourceName);
      return [
        checkOn(call, 'RemoveTagsFromResource', kind, { name, context: requestTags([], input.TagKeys) }),
      ];
    },
  },
  handle(call, { ResourceName, TagKeys = [] }) {
    return changeTags(call, ResourceName, (tags) => {
      for (const key of TagKeys) if (!Object.hasOwn(tags, key)) throw faults.noSuchTag(key);
      return Object.fromEntries(Object.entries(tags).filter(([key]) => !TagKeys.includes(key)));
    });
  },
});

const listTags = defineOperation<ListTagsForResourceMessage, TagListMessage>({
  name: 'ListTagsForResource',
  access: {
    iam(input, call) {
      const { kind, name } = parsed(call, input.ResourceName);
      return [checkOn(call, 'ListTagsForResource', kind, { name })];
    },
  },
  handle(call, { ResourceName }) {
    const home = homeOf(call);
    const { kind, name } = parsed(call, ResourceName);
    if (kind.noun === users.noun && name === DEFAULT_USER) {
      return { TagList: tagListOf(findUser(call.plane.store, home, name)?.tags ?? {}) };
    }
    return { TagList: tagListOf(named<StoredResource>(call.plane.store, kind, home, name).tags) };
  },
});

export const tagOperations: readonly AnyOperation[] = [addTags, removeTags, listTags];
