import { describe, expect, it } from 'vitest';
import { parseQuantity } from './quantity.ts';

describe('parseQuantity', () => {
  it.each([
    ['500m', 0.5],
    ['64Mi', 67108864],
    ['1e3', 1000],
    ['.5', 0.5],
    ['2k', 2000],
    ['0', 0],
  ])('%s', (text, value) => expect(parseQuantity(text)).toBeCloseTo(value));
  it.each(['', 'x', '1.2.3', '1KI', '--1'])('refuses %s', (text) =>
    expect(parseQuantity(text)).toBeUndefined(),
  );
});
