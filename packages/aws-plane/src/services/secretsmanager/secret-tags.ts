// TagResource and UntagResource, and the rules for tags of secrets.
import type { Tag, TagResourceRequest, UntagResourceRequest } from '@aws-sdk/client-secrets-manager';
import type { Call } from '../../call.ts';
import { defineOperation } from '../../operation.ts';
import { isInside, onSecret, requestTagContext } from './access.ts';
import { changeSecret } from './change-secret.ts';
import { faults } from './faults.ts';

type Tags = Readonly<Record<string, string>>;

const MOST_TAGS = 50;

export function namedTags(tags: readonly Tag[] | undefined): Tags {
  return Object.fromEntries((tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
}

/** `tags` with `added`, which win. Only services give tags that begin with `aws:`. */
export function withTags(call: Call, tags: Tags, added: readonly Tag[] | undefined): Tags {
  const result = new Map(Object.entries(tags));
  for (const { Key = '', Value = '' } of added ?? []) {
    if (Key === '') throw faults.invalidTag('Tag keys must not be empty.');
    if (/^aws:/i.test(Key) && !isInside(call))
      throw faults.invalidTag('Tag keys that start with aws: are reserved for system use.');
    result.set(Key, Value);
  }
  const own = [...result.keys()].filter((key) => !key.startsWith('aws:'));
  if (own.length > MOST_TAGS) throw faults.tooManyTags();
  return Object.fromEntries(result);
}

export function tagListOf(tags: Tags): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

export const tagResource = defineOperation<TagResourceRequest, object>({
  name: 'TagResource',
  access: onSecret('TagResource', ({ Tags: added }) => requestTagContext(namedTags(added))),
  async handle(call, { SecretId, Tags: added }) {
    await changeSecret(call, SecretId, (secret) => ({ ...secret, tags: withTags(call, secret.tags, added) }));
    return {};
  },
});

export const untagResource = defineOperation<UntagResourceRequest, object>({
  name: 'UntagResource',
  access: onSecret('UntagResource', ({ TagKeys }) => requestTagContext({}, TagKeys)),
  async handle(call, { SecretId, TagKeys = [] }) {
    if (TagKeys.some((key) => /^aws:/i.test(key)))
      throw faults.invalidTag('Tag keys that start with aws: are reserved for system use.');
    await changeSecret(call, SecretId, (secret) => {
      const left = Object.entries(secret.tags).filter(([key]) => !TagKeys.includes(key));
      return { ...secret, tags: Object.fromEntries(left) };
    });
    return {};
  },
});
