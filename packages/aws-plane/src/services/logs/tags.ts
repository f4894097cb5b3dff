// What a group's tags may be.
import { faults } from './faults.ts';

const TAGS_MAX = 50;

export type Tags = Readonly<Record<string, string>>;

/** Tags that a request brings. */
export function assertTags(tags: Tags): void {
  const reserved = Object.keys(tags).some((key) => /^aws:/i.test(key));
  if (reserved)
    throw faults.invalidParameter('Tag keys that start with aws: are reserved for system use by AWS.');
}

/** `tags` with those of `added` in place of theirs. `resource` names the resource in a refusal. */
export function withTags(tags: Tags, added: Tags, resource: string): Tags {
  const merged = { ...tags, ...added };
  if (Object.keys(merged).length > TAGS_MAX) throw faults.tooManyTags(resource);
  return merged;
}

export function withoutTags(tags: Tags, goneKeys: readonly string[]): Tags {
  const gone = new Set(goneKeys);
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !gone.has(key)));
}
