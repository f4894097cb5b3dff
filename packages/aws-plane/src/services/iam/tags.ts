// Tags on identities, policies and providers: one rule for all.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
import type { Tag } from '@aws-sdk/client-iam';
import { faults } from './faults.ts';
import { quotas } from './quotas.ts';
import type { TagMap } from './state.ts';

/** `tags` with `added`, which win over those of the same key without regard to case, as in IAM. */
export function withTags(tags: TagMap, added: readonly Tag[] | undefined): TagMap {
  const result = new Map(Object.entries(tags).map(([key, value]) => [key.toLowerCase(), [key, value]]));
  const seen = new Set<string>();
  for (const { Key = '', Value = '' } of added ?? []) {
    const folded = Key.toLowerCase();
    if (seen.has(folded)) {
      throw faults.invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
    }
    seen.add(folded);
    result.set(folded, [Key, Value]);
  }
  if (result.size > quotas.TagsPerResource) throw faults.quota('TagsPerResource', quotas.TagsPerResource);
  return Object.fromEntries(result.values());
}

export function withoutTags(tags: TagMap, keys: readonly string[] | undefined): TagMap {
  const gone = new Set((keys ?? []).map((key) => key.toLowerCase()));
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !gone.has(key.toLowerCase())));
}

/** By key, as IAM lists them. */
export function tagListOf(tags: TagMap): Tag[] {
  return Object.entries(tags)
    .map(([Key, Value]) => ({ Key, Value }))
    .sort((a, b) => (a.Key < b.Key ? -1 : 1));
}

/** `Tags` for an answer that leaves them out when there are none. */
export function tagsUnlessNone(tags: TagMap): { Tags?: Tag[] } {
  return Object.keys(tags).length > 0 ? { Tags: tagListOf(tags) } : {};
}

type Context = Record<string, string | readonly string[]>;

/** The condition keys of tags that a request brings, or of the keys that it takes away. */
export function requestTagContext(tags: readonly Tag[] = [], goneKeys: readonly string[] = []): Context {
  const keys = [...tags.map(({ Key = '' }) => Key), ...goneKeys];
  if (keys.length === 0) return {};
  const values = tags.map(({ Key = '', Value = '' }) => [`aws:RequestTag/${Key}`, Value] as const);
  return { ...Object.fromEntries(values), 'aws:TagKeys': keys };
}

/** The condition keys of the tags that a resource has. */
export function resourceTagContext(tags: TagMap): Context {
  return Object.fromEntries(
    Object.entries(tags).flatMap(([key, value]) => [
      [`aws:ResourceTag/${key}`, value],
      [`iam:ResourceTag/${key}`, value],
    ]),
  );
}
