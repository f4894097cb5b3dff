import { fakeClock } from '@pergola/kernel';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PageTokens } from './page-tokens.ts';
import { descendingKey, type FixedList, pageByKey, pageFrom, pageOfNames } from './paging.ts';

const pager = { tokens: new PageTokens(Buffer.alloc(32, 7), fakeClock()), scope: 'test' };
const MIB = 1_048_576;

function walk<T>(list: FixedList<T>): (readonly T[])[] {
  const pages: (readonly T[])[] = [];
  let nextToken: string | undefined;
  do {
    const page = pageFrom(pager, { nextToken }, list);
    pages.push(page.items);
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return pages;
}

describe('pages', () => {
  it('show every item once, in pages that are full but for the last', () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), fc.integer({ min: 1, max: 9 }), (all, limit) => {
        const pages = walk({ all, limit });
        expect(pages.flat()).toEqual(all);
        for (const page of pages.slice(0, -1)) expect(page).toHaveLength(limit);
      }),
    );
  });

  it('end when their items are large together, and have one at least', () => {
    const all = [10, 20, 5, 40, 1].map((mebibytes) => mebibytes * MIB);
    const pages = walk({ all, limit: 100, sizeOf: (size) => size });
    expect(pages.map((page) => page.map((size) => size / MIB))).toEqual([[10, 20], [5], [40], [1]]);
  });

  it('go on behind a name, also when it has gone', () => {
    const names = ['a', 'b', 'c', 'd'].map((name) => ({ name }));
    const list = (of: typeof names) => (after: string | undefined) =>
      of.filter(({ name }) => after === undefined || name > after);
    const first = pageOfNames(pager, {}, { limit: 2, list: list(names) });
    expect(first.items.map(({ name }) => name)).toEqual(['a', 'b']);
    const left = names.filter(({ name }) => name !== 'b');
    const second = pageOfNames(pager, first, { limit: 2, list: list(left) });
    expect(second).toEqual({ items: [{ name: 'c' }, { name: 'd' }], nextToken: undefined });
  });

  it('show what stays exactly once, whatever comes and goes between them', () => {
    const numbers = fc.uniqueArray(fc.nat(), { maxLength: 30 });
    fc.assert(
      fc.property(
        numbers,
        numbers,
        numbers,
        fc.integer({ min: 1, max: 5 }),
        (staying, going, coming, limit) => {
          const stays = staying.filter((n) => !going.includes(n) && !coming.includes(n));
          const shown: number[] = [];
          let all = [...stays, ...going];
          let nextToken: string | undefined;
          do {
            const page = pageByKey(pager, { nextToken }, { all, limit, keyOf: descendingKey });
            expect(page.items.length).toBeLessThanOrEqual(limit);
            shown.push(...page.items);
            nextToken = page.nextToken;
            all = [...coming, ...stays];
          } while (nextToken !== undefined);
          expect(shown).toEqual(shown.toSorted((a, b) => b - a));
          expect(shown.filter((n) => stays.includes(n))).toEqual(stays.toSorted((a, b) => b - a));
        },
      ),
    );
  });

  it('refuse tokens that they did not give', () => {
    for (const nextToken of ['', 'x', pager.tokens.seal('other', 1), pager.tokens.seal('test', 'text')])
      expect(() => pageFrom(pager, { nextToken }, { all: [1], limit: 1 })).toThrow('nextToken is invalid');
  });
});
