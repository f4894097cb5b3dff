import { expect, test } from 'vitest';
import { quantityValue } from './quantity.ts';

test.each([
  [1_048_576, 1_048_576],
  ['10M', 10_000_000],
  ['1Mi', 1_048_576],
  ['1.5Gi', 1_610_612_736],
  ['500m', 1],
  ['2e3', 2_000],
  ['1E', 1e18],
  ['.5k', 500],
])('%s is %d', (text, value) => {
  expect(quantityValue(text)).toBe(value);
});

test.each(['', 'ten', '10 M', '1MB', '--1'])('%j is no quantity', (text) => {
  expect(quantityValue(text)).toBeUndefined();
});
