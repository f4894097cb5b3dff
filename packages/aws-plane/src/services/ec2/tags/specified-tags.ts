// Tags that come with a request, and their rules.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html
import type { Tag, TagSpecification } from '@aws-sdk/client-ec2';
import { faults } from '../faults.ts';
import { type IdPrefix, nouns } from '../home.ts';
import type { Tags } from '../state.ts';

export type TagSpecifications = readonly TagSpecification[];

const MOST_TAGS = 50;

/** The tags for a new resource. Throws for tags that are meant for another kind. */
export function specifiedTags(prefix: IdPrefix, specifications: TagSpecifications | undefined): Tags {
  let tags: Tags = {};
  for (const { ResourceType = '', Tags: added } of specifications ?? []) {
    if (ResourceType !== nouns[prefix]) throw faults.wrongTagType(ResourceType, nouns[prefix]);
    tags = withTags(tags, added);
  }
  return tags;
}

/** `tags` with `added`, which win. Throws for a tag that breaks a rule. */
export function withTags(tags: Tags, added: readonly Tag[] | undefined): Tags {
  const result = new Map(Object.entries(tags));
  for (const { Key, Value = '' } of added ?? []) {
    assertTag(Key, Value);
    result.set(Key, Value);
  }
  if (result.size > MOST_TAGS) throw faults.tooManyTags();
  return Object.fromEntries(result);
}

function assertTag(key: string | undefined, value: string): asserts key is string {
  if (key === undefined || key === '')
    throw faults.invalidTag('Tag key cannot be empty, null, or longer than 128 characters');
  if (Array.from(key).length > 128)
    throw faults.invalidTag('Tag key exceeds the maximum length of 128 characters');
  if (/^aws:/i.test(key))
    throw faults.invalidTag("Tag keys starting with 'aws:' are reserved for internal use");
  if (Array.from(value).length > 256)
    throw faults.invalidTag('Tag value exceeds the maximum length of 256 characters');
}

export function tagListOf(tags: Tags): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** The condition keys of tags that a request brings, or of the keys that it takes away. */
export function requestTagContext(
  tags: Tags,
  goneKeys: readonly string[] = [],
): Record<string, string | readonly string[]> {
  const keys = [...Object.keys(tags), ...goneKeys];
  if (keys.length === 0) return {};
  const values = Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value] as const);
  return { ...Object.fromEntries(values), 'aws:TagKeys': keys };
}
