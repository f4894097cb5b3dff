import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestTagContext, resourceTagContext, tagListOf, withoutTags, withTags } from './tags.ts';

const keys = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'a', 'A', 'toString'),
  fc.string({ minLength: 1 }),
);
const tagLists = fc.uniqueArray(fc.record({ Key: keys, Value: fc.string() }), {
  maxLength: 20,
  selector: ({ Key }) => Key.toLowerCase(),
});

describe('tags', () => {
  it('are what was set, under any key', () => {
    fc.assert(
      fc.property(tagLists, (tags) => {
        const shown = tagListOf(withTags({}, tags));
        expect(new Map(shown.map((tag) => [tag.Key, tag.Value]))).toEqual(
          new Map(tags.map((tag) => [tag.Key, tag.Value])),
        );
      }),
    );
  });

  it('survive being kept as JSON', () => {
    fc.assert(
      fc.property(tagLists, (tags) => {
        const set = withTags({}, tags);
        expect(tagListOf(JSON.parse(JSON.stringify(set)))).toEqual(tagListOf(set));
      }),
    );
  });

  it('are taken away without regard to case', () => {
    expect(withoutTags({ Ab: '1', c: '2' }, ['aB'])).toEqual({ c: '2' });
  });

  it('are what conditions see', () => {
    expect(requestTagContext([{ Key: 'k', Value: 'v' }])).toEqual({
      'aws:RequestTag/k': 'v',
      'aws:TagKeys': ['k'],
    });
    expect(requestTagContext([], ['k'])).toEqual({ 'aws:TagKeys': ['k'] });
    expect(requestTagContext()).toEqual({});
    expect(resourceTagContext({ k: 'v' })).toEqual({ 'aws:ResourceTag/k': 'v', 'iam:ResourceTag/k': 'v' });
  });
});
