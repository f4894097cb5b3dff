import { expect, test } from 'vitest';
import { compileGoPattern } from './go-pattern.ts';

test.each([
  ['my-app', 'the my-app', true],
  ['(?i)ERROR', 'an error', true],
  ['(?s)a.b', 'a\nb', true],
  ['a.b', 'a\nb', false],
  [String.raw`\Aabc\z`, 'abc', true],
  [String.raw`\Aabc\z`, 'xabc', false],
  [String.raw`my\-app\@host`, 'my-app@host', true],
  ['(?P<level>warn|error)', 'warn', true],
  [String.raw`^\p{Lu}`, 'Ärger', true],
  ['^[[:digit:]]+[[:space:]]$', '12 ', true],
  ['^[[:punct:]]$', '-', true],
  ['', 'anything', true],
])('%j on %j: %j', (pattern, text, matches) => {
  expect(compileGoPattern(pattern).test(text)).toBe(matches);
});

test.each(['(', '[a', '*a', '(?x)a'])('%j is no pattern', (pattern) => {
  expect(() => compileGoPattern(pattern)).toThrow(SyntaxError);
});
