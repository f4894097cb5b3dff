import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { SortedSet } from './sorted-set.ts';

it('keeps the order of a sorted array through any changes', () => {
  const change = fc.record({
    member: fc.integer({ min: 0, max: 60 }).map(String),
    score: fc.integer({ min: -5, max: 5 }),
    gone: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 200 }), (changes) => {
      const set = new SortedSet();
      const model = new Map<string, number>();
      for (const { member, score, gone } of changes) {
        if (gone) expect(set.delete(member)).toBe(model.delete(member));
        else {
          expect(set.set(member, score)).toBe(!model.has(member));
          model.set(member, score);
        }
      }
      const wanted = [...model].sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1));
      expect(set.all().map(({ member, score }) => [member, score])).toEqual(wanted);
      wanted.forEach(([member], rank) => expect(set.rankOf(member)).toBe(rank));
      expect(set.bytes).toBe(wanted.reduce((sum, [member]) => sum + member.length + 80, 0));
    }),
  );
});

it('splits and joins its runs', () => {
  const set = new SortedSet();
  for (let n = 0; n < 5000; n++) set.set(`m${(n * 7919) % 5000}`, (n * 7919) % 5000);
  expect(set.rankOf('m2500')).toBe(2500);
  expect(set.range(1000, 1003).map(({ member }) => member)).toEqual(['m1000', 'm1001', 'm1002']);
  for (let n = 0; n < 5000; n += 2) set.delete(`m${n}`);
  expect(set.rankOf('m2501')).toBe(1250);
  expect(set.size).toBe(2500);
});
