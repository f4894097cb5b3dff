import { describe, expect, it } from 'vitest';
import { LruMap } from './index.ts';

describe('LruMap', () => {
  it('forgets what was used longest ago', () => {
    const map = new LruMap<string, number>(2);
    map.set('a', 1);
    map.set('b', 2);
    expect(map.get('a')).toBe(1);
    map.set('c', 3);
    expect(map.get('b')).toBeUndefined();
    expect([map.get('a'), map.get('c'), map.size]).toEqual([1, 3, 2]);
  });

  it('counts a replaced entry once', () => {
    const map = new LruMap<string, number>(2);
    for (let i = 0; i < 10; i++) map.set('same', i);
    map.set('other', 0);
    expect([map.size, map.get('same')]).toEqual([2, 9]);
    map.delete('same');
    expect(map.size).toBe(1);
    map.clear();
    expect(map.size).toBe(0);
  });
});
