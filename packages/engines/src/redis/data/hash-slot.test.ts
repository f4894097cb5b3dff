import { expect, it } from 'vitest';
import { slotOf, slotRangesOf } from './hash-slot.ts';

it.each([
  ['123456789', 12_739],
  ['foo', 12_182],
  ['{user1000}.following', slotOf('user1000')],
  ['foo{}{bar}', slotOf('foo{}{bar}')],
  ['foo{{bar}}zap', slotOf('{bar')],
])('the slot of %s is %i', (key, slot) => {
  expect(slotOf(key)).toBe(slot);
});

it('reads ranges of slots', () => {
  expect(slotRangesOf('0-99,200')).toEqual([
    [0, 99],
    [200, 200],
  ]);
});
