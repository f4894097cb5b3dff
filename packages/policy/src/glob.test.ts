import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileGlob, globTokens } from './glob.ts';

const matches = (pattern: string, text: string) => compileGlob(globTokens(pattern))(text);

/** The definition, as a regular expression: slow on bad patterns, but plainly right. */
function reference(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '[^]*')
    .replace(/\?/g, '[^]');
  return new RegExp(`^${source}$`).test(text);
}

describe('glob', () => {
  it.each([
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['?', '', false],
    ['?', 'a', true],
    ['a*', 'a', true],
    ['*a', 'ba', true],
    ['ab*ba', 'aba', false],
    ['ab*ba', 'abba', true],
    ['a*b*c', 'aXbXbXc', true],
    ['a*?c', 'ac', false],
    ['a*?c', 'abc', true],
    ['*?*', '', false],
    ['a.c', 'abc', false],
    ['**', 'anything', true],
  ])('%j against %j is %s', (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected);
  });

  it('agrees with a regular expression on every short pattern and text', () => {
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '.'), maxLength: 8 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 10 });
    fc.assert(
      fc.property(pattern, text, (p, t) => {
        expect(matches(p, t)).toBe(reference(p, t));
      }),
      { numRuns: 3000 },
    );
  });

  it('answers patterns that make backtracking matchers hang', () => {
    const pattern = `${'a*'.repeat(500)}b`;
    expect(matches(pattern, 'a'.repeat(5000))).toBe(false);
    expect(matches(`${'?*'.repeat(500)}b`, `${'a'.repeat(5000)}b`)).toBe(true);
  });
});
