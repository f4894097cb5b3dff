import { describe, expect, it } from 'vitest';
import { alphabets, seededRandom, systemRandom } from './index.ts';

describe('text', () => {
  it('uses every character of the alphabet, and no other', () => {
    const text = systemRandom.text(5_000, 'abc');
    expect(text).toHaveLength(5_000);
    expect([...new Set(text)].sort()).toEqual(['a', 'b', 'c']);
  });

  it('is even: no character of a 3-letter alphabet is drawn a tenth more often than another', () => {
    const counts = new Map<string, number>();
    for (const character of seededRandom(7).text(30_000, 'abc'))
      counts.set(character, (counts.get(character) ?? 0) + 1);
    const values = [...counts.values()];
    expect(Math.max(...values) / Math.min(...values)).toBeLessThan(1.1);
  });
});

describe('seededRandom', () => {
  it('repeats itself for one seed and differs for another', () => {
    const draw = (seed: number) => {
      const random = seededRandom(seed);
      return [random.text(10, alphabets.base32), random.uuid(), random.fraction()];
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(draw(3)[1]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
