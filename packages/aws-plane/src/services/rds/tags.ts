// Tags on RDS's resources: one rule for all.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Tagging.html
import type { Tag } from '@aws-sdk/client-rds';
import { faults } from './faults.ts';
import type { TagMap } from './state.ts';

const TAGS_MAX = 50;
const KEY_CHARS = 128;
const VALUE_CHARS = 256;
const PATTERN = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

function checkTag({ Key = '', Value = '' }: Tag): void {
  if (Key === '' || Key.length > KEY_CHARS || !PATTERN.test(Key))
    throw faults.invalidValue(`Tag Key ${Key} is invalid.`);
  if (/^aws:/i.test(Key)) throw faults.invalidValue(`Tag keys must not begin with 'aws:': ${Key}`);
  if (Value.length > VALUE_CHARS || !PATTERN.test(Value))
    throw faults.invalidValue(`Tag Value of ${Key} is invalid.`);
}

/** `tags` with `added`. Throws for keys and values that RDS does not take. */
export function withTags(tags: TagMap, added: readonly Tag[] = []): TagMap {
  const result = new Map(Object.entries(tags));
  const seen = new Set<string>();
  for (const tag of added) {
    checkTag(tag);
    const { Key = '', Value = '' } = tag;
    if (seen.has(Key)) throw faults.invalidValue(`Duplicate tag key: ${Key}`);
    seen.add(Key);
    result.set(Key, Value);
  }
  if (result.size > TAGS_MAX)
    throw faults.invalidValue(`A resource has at most ${TAGS_MAX} tags; this one would have ${result.size}.`);
  return Object.fromEntries(result);
}

export function withoutTags(tags: TagMap, keys: readonly string[] | undefined): TagMap {
  const gone = new Set(keys);
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !gone.has(key)));
}

export function tagListOf(tags: TagMap): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** The tags that something is born with. */
export function tagsOf(list: readonly Tag[] | undefined): TagMap {
  return withTags({}, list);
}
