import { expect, it } from 'vitest';
import { globMatcher } from './glob.ts';

it.each([
  ['*', 'anything', true],
  ['h?llo', 'hello', true],
  ['h?llo', 'hllo', false],
  ['h*llo', 'heeeello', true],
  ['h[ae]llo', 'hallo', true],
  ['h[^e]llo', 'hello', false],
  ['h[a-c]llo', 'hbllo', true],
  ['a\\*b', 'a*b', true],
  ['a\\*b', 'axb', false],
  ['*a*b*c', 'xxaxxbxxc', true],
  ['user:*:name', 'user::name', true],
  ['', '', true],
])('%s matches %s: %s', (pattern, text, expected) => {
  expect(globMatcher(pattern)(text)).toBe(expected);
});

it('takes no more than the product of both lengths', () => {
  const pattern = `${'*a'.repeat(200)}b`;
  expect(globMatcher(pattern)('a'.repeat(20_000))).toBe(false);
});
