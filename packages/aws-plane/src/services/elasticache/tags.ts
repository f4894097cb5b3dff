// Tags on ElastiCache's resources: one rule for all.
// https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Tagging-Resources.html
import type { Tag } from './access.ts';
import { faults } from './faults.ts';
import type { TagMap } from './state.ts';

const TAGS_MAX = 50;
const PATTERN = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** `tags` with `added`. Throws for keys and values that ElastiCache does not take. */
export function withTags(tags: TagMap, added: readonly Tag[] | undefined): TagMap {
  const result = new Map(Object.entries(tags));
  for (const { Key = '', Value = '' } of added ?? []) {
    if (Key === '' || Key.length > 128 || !PATTERN.test(Key))
      throw faults.invalidValue(`Invalid tag key: ${Key}`);
    if (/^aws:/i.test(Key)) throw faults.invalidValue(`Tag keys must not begin with 'aws:': ${Key}`);
    if (Value.length > 256 || !PATTERN.test(Value)) throw faults.invalidValue(`Invalid tag value of ${Key}`);
    result.set(Key, Value);
  }
  if (result.size > TAGS_MAX) throw faults.tagQuota();
  return Object.fromEntries(result);
}

export function tagListOf(tags: TagMap): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
