import { describe, expect, it } from 'vitest';
import { OBJECT_TAGS_MAX, parseTaggingHeader, parseTags } from './tags.ts';

const tag = (Key: string, Value = '') => ({ Key, Value });

describe('parseTags', () => {
  it('keeps the order', () => {
    expect(parseTags([tag('b', '1'), tag('a', 'ü +-=._:/@')], 10)).toEqual([
      tag('b', '1'),
      tag('a', 'ü +-=._:/@'),
    ]);
  });

  it.each([
    [[tag('a'), tag('a')], 'Cannot provide multiple Tags with the same key'],
    [[tag('')], 'The TagKey you have provided is invalid'],
    [[tag('k'.repeat(129))], 'The TagKey you have provided is invalid'],
    [[tag('k', 'v'.repeat(257))], 'The TagValue you have provided is invalid'],
    [[tag('k', '<')], 'The TagValue you have provided is invalid'],
    [[tag('aws:k')], 'System tags cannot be added/updated by requester'],
    [Array.from({ length: 11 }, (_, n) => tag(`k${n}`)), 'Object tags cannot be greater than 10'],
  ])('refuses %j', (tags, message) => {
    expect(() => parseTags(tags, OBJECT_TAGS_MAX)).toThrow(message);
  });
});

describe('parseTaggingHeader', () => {
  it('reads a URL query', () => {
    expect(parseTaggingHeader('a=1&b=x%20y&c=')).toEqual([tag('a', '1'), tag('b', 'x y'), tag('c')]);
    expect(parseTaggingHeader(undefined)).toBeUndefined();
    expect(parseTaggingHeader('')).toBeUndefined();
  });

  it.each(['a=1&a=2', '=1'])('refuses %s', (header) => {
    expect(() => parseTaggingHeader(header)).toThrow("The header 'x-amz-tagging' shall be encoded");
  });
});
