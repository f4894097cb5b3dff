// TagResource, UntagResource, ListResourceTags, and the rules for tags of keys.
import type {
  ListResourceTagsRequest,
  ListResourceTagsResponse,
  Tag,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-kms';
import { defineOperation } from '../../operation.ts';
import { onKey, requestTagContext } from './access.ts';
import { assertKept, changeKey, keyById } from './change-key.ts';
import { faults } from './faults.ts';
import { pageOf } from './pages.ts';

type Tags = Readonly<Record<string, string>>;

const MOST_TAGS = 50;
const PAGE_TAGS = 50;

export function namedTags(tags: readonly Tag[] | undefined): Tags {
  return Object.fromEntries((tags ?? []).map(({ TagKey = '', TagValue = '' }) => [TagKey, TagValue]));
}

/** `tags` with `added`, which win. Throws TagException. */
export function withTags(tags: Tags, added: readonly Tag[] | undefined): Tags {
  const result = new Map(Object.entries(tags));
  const seen = new Set<string>();
  for (const { TagKey = '', TagValue = '' } of added ?? []) {
    if (/^aws:/i.test(TagKey)) throw faults.invalidTag('Tag keys beginning with aws: are reserved.');
    if (seen.has(TagKey)) throw faults.invalidTag('Duplicate tag keys');
    seen.add(TagKey);
    result.set(TagKey, TagValue);
  }
  if (result.size > MOST_TAGS) throw faults.tooManyTags();
  return Object.fromEntries(result);
}

export const tagResource = defineOperation<TagResourceRequest, object>({
  name: 'TagResource',
  access: onKey('TagResource', ({ Tags: added }) => requestTagContext(namedTags(added))),
  async handle(call, { KeyId = '', Tags: added }) {
    await changeKey(call, KeyId, (key) => ({ ...assertKept(key), tags: withTags(key.tags, added) }));
    return {};
  },
});

export const untagResource = defineOperation<UntagResourceRequest, object>({
  name: 'UntagResource',
  access: onKey('UntagResource', ({ TagKeys }) => requestTagContext({}, TagKeys)),
  async handle(call, { KeyId = '', TagKeys = [] }) {
    await changeKey(call, KeyId, (key) => {
      const left = Object.entries(key.tags).filter(([tag]) => !TagKeys.includes(tag));
      return { ...assertKept(key), tags: Object.fromEntries(left) };
    });
    return {};
  },
});

export const listResourceTags = defineOperation<ListResourceTagsRequest, ListResourceTagsResponse>({
  name: 'ListResourceTags',
  access: onKey('ListResourceTags'),
  handle(call, input) {
    const tags = Object.entries(keyById(call, input.KeyId ?? '').tags).sort(([a], [b]) => (a < b ? -1 : 1));
    const { items, ...page } = pageOf(tags, ([key]) => key, input, PAGE_TAGS);
    return { Tags: items.map(([TagKey, TagValue]) => ({ TagKey, TagValue })), ...page };
  },
});
