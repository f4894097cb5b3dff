import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Page, pageOf } from './paging.ts';

const itself = (item: string) => item;

function walk(
  all: readonly string[],
  size: number,
  between: (page: Page<string>) => readonly string[],
): string[] {
  const seen: string[] = [];
  let items = all;
  let marker: string | undefined;
  do {
    const page = pageOf(items, itself, { Marker: marker, MaxItems: size });
    expect(page.items.length).toBeLessThanOrEqual(size);
    expect(page.IsTruncated).toBe(page.Marker !== undefined);
    seen.push(...page.items);
    marker = page.Marker;
    items = between(page);
  } while (marker !== undefined);
  return seen;
}

describe('pages', () => {
  const lists = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 30 });
  const sizes = fc.integer({ min: 1, max: 12 });

  it('give every item once, in order', () => {
    fc.assert(
      fc.property(lists, sizes, (all, size) => {
        expect(walk(all, size, () => all)).toEqual(all);
      }),
    );
  });

  it('give what stays also when what was given is deleted on the way', () => {
    fc.assert(
      fc.property(lists, sizes, (all, size) => {
        const gone = new Set<string>();
        const seen = walk(all, size, (page) => {
          const last = page.items.at(-1);
          if (last !== undefined) gone.add(last);
          return all.filter((item) => !gone.has(item));
        });
        expect([...seen].sort()).toEqual([...all].sort());
      }),
    );
  });

  it('hold a hundred when nothing is said', () => {
    const all = Array.from({ length: 101 }, (_, index) => `${index}`);
    expect(pageOf(all, itself, {}).items).toHaveLength(100);
    expect(pageOf(all.slice(1), itself, {})).toMatchObject({ IsTruncated: false });
  });

  it.each(['', 'x', '%%%', Buffer.from('no-number').toString('base64url')])(
    'have no marker like %j',
    (Marker) => {
      expect(() => pageOf(['a'], itself, { Marker })).toThrow('Invalid Marker.');
    },
  );
});
