// Tags on identities, policies and providers: one rule for all.
import type { Tag } from '@aws-sdk/client-iam';
import { faults } from './faults.ts';
import type { TagMap } from './state.ts';

const TAGS_MAX = 50;

/** `tags` with `added`, which win over those of the same key without regard to case, as in IAM. */
export function withTags(tags: TagMap, added: readonly Tag[] | undefined): TagMap {
  const result: Record<string, string> = { ...tags };
  const seen = new Set<string>();
  for (const { Key = '', Value = '' } of added ?? []) {
    const folded = Key.toLowerCase();
    if (seen.has(folded)) {
      throw faults.invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
    }
    seen.add(folded);
    const known = Object.keys(result).find((key) => key.toLowerCase() === folded);
    if (known !== undefined) delete result[known];
    result[Key] = Value;
  }
  if (Object.keys(result).length > TAGS_MAX) throw faults.quota('TagsPerResource', TAGS_MAX);
  return result;
}

export function withoutTags(tags: TagMap, keys: readonly string[] | undefined): TagMap {
  const gone = new Set((keys ?? []).map((key) => key.toLowerCase()));
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !gone.has(key.toLowerCase())));
}

export function tagListOf(tags: TagMap): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
