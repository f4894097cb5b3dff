// Tag sets: the rules of S3, and the header form of them.
import type { Tags } from './bucket.ts';
import { faults } from './faults.ts';
import { AwsFault } from '../../fault.ts';

interface WireTag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

export const OBJECT_TAGS_MAX = 10;
export const BUCKET_TAGS_MAX = 50;

/** Checks a tag set of a request body. */
export function parseTags(given: readonly WireTag[] | undefined, tagsMax: number): Tags {
  const tags = (given ?? []).map(({ Key = '', Value = '' }) => ({ Key, Value }));
  const noun = tagsMax === OBJECT_TAGS_MAX ? 'Object tags' : 'Bucket tag count';
  if (tags.length > tagsMax)
    throw new AwsFault('BadRequest', 400, `${noun} cannot be greater than ${tagsMax}`);
  const seen = new Set<string>();
  for (const tag of tags) {
    assertTag(tag);
    if (seen.has(tag.Key))
      throw faults.invalidTag('Cannot provide multiple Tags with the same key', { TagKey: tag.Key });
    seen.add(tag.Key);
  }
  return tags;
}

function assertTag({ Key, Value }: { readonly Key: string; readonly Value: string }): void {
  const legal = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
  if (Key.length === 0 || Key.length > 128 || !legal.test(Key))
    throw faults.invalidTag('The TagKey you have provided is invalid', { TagKey: Key });
  if (Value.length > 256 || !legal.test(Value))
    throw faults.invalidTag('The TagValue you have provided is invalid', { TagKey: Key, TagValue: Value });
  if (/^aws:/i.test(Key))
    throw faults.invalidTag('System tags cannot be added/updated by requester', { TagKey: Key });
}

/** The header `x-amz-tagging`: a URL query, `key=value&…`. */
export function parseTaggingHeader(header: string | undefined): Tags | undefined {
  if (header === undefined || header === '') return undefined;
  const pairs = [...new URLSearchParams(header)].map(([Key, Value]) => ({ Key, Value }));
  if (new Set(pairs.map((pair) => pair.Key)).size !== pairs.length || pairs.some((pair) => pair.Key === ''))
    throw faults.invalidArgument(
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
      'x-amz-tagging',
      header,
    );
  return parseTags(pairs, OBJECT_TAGS_MAX);
}
