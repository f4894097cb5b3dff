// Patterns of schemas are Go regular expressions; here they become JavaScript ones.
import { LruMap } from '@pergola/kernel';

/** Compiled patterns; a CRD uses few, and every write of its objects uses them. */
const compiled = new LruMap<string, RegExp | SyntaxError>(1000);

const posixClasses: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  digit: '0-9',
  lower: 'a-z',
  space: String.raw`\t\n\v\f\r `,
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};

/** The pattern as a RegExp, or why it is none. */
export function compilePattern(pattern: string): RegExp | SyntaxError {
  const known = compiled.get(pattern);
  if (known) return known;
  const made = compile(pattern);
  compiled.set(pattern, made);
  return made;
}

function compile(pattern: string): RegExp | SyntaxError {
  const flags = /^\(\?([ims]+)\)/.exec(pattern);
  const body = (flags ? pattern.slice(flags[0].length) : pattern)
    .replaceAll(String.raw`\z`, '$')
    .replaceAll(String.raw`\A`, '^')
    .replaceAll('(?P<', '(?<')
    .replaceAll(/\[:(\w+):\]/g, (whole, name: string) => posixClasses[name] ?? whole);
  // Go lets any punctuation be escaped; JavaScript only without the `u` flag.
  for (const unicode of ['u', '']) {
    try {
      return new RegExp(body, unicode + (flags?.[1] ?? ''));
    } catch (error) {
      if (unicode === '') return error instanceof SyntaxError ? error : new SyntaxError(String(error));
    }
  }
  return new SyntaxError(`invalid pattern ${pattern}`);
}

/** Whether `text` has the pattern. A pattern that cannot be compiled admits nothing. */
export function matchesPattern(text: string, pattern: string): boolean {
  const expression = compilePattern(pattern);
  return expression instanceof RegExp && expression.test(text);
}
