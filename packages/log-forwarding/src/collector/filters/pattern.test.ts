import { describe, expect, it } from 'vitest';
import { compilePattern } from './pattern.ts';

describe('a pattern', () => {
  it.each([
    ['^err', 'error', true],
    ['(?i)ERROR', 'an error', true],
    ['ERROR', 'an error', false],
    ['(?s)a.b', 'a\nb', true],
    ['a.b', 'a\nb', false],
    ['(?P<name>x+)y', 'xxy', true],
    ['^[[:digit:]]+[[:space:]]$', '12 ', true],
    ['\\Aabc\\z', 'abc', true],
    ['\\Aabc\\z', 'xabc', false],
    ['a\\-b', 'a-b', true],
    ['\\p{Lu}', 'É', true],
    ['(?:a|b)c', 'bc', true],
  ])('%s on %j: %s', (pattern, text, expected) => {
    expect(compilePattern(pattern).test(text)).toBe(expected);
  });

  it.each(['a(?i)b', '(?i:a)b', '(?x) a', '(', '[z-a]'])('%s is refused', (pattern) => {
    expect(() => compilePattern(pattern)).toThrow(/.+/);
  });
});
