// Regular expressions of forwarders are Go's; here they become JavaScript's. The operator refuses what the collector could
// not run.

/** What stands for them between brackets. */
const posixClasses: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  blank: String.raw`\t `,
  digit: '0-9',
  lower: 'a-z',
  punct: '!-\\/:-@\\[-`{-~',
  space: String.raw`\s`,
  upper: 'A-Z',
  word: String.raw`\w`,
  xdigit: '0-9A-Fa-f',
};

/**
 * The pattern as a RegExp. Flags at its beginning (`(?i)`, `(?s)`, `(?m)`) and groups named as in Go are understood. Throws
 * SyntaxError for what is no pattern.
 */
export function compileGoPattern(pattern: string): RegExp {
  const flags = /^\(\?([ims]+)\)/.exec(pattern);
  const body = (flags ? pattern.slice(flags[0].length) : pattern)
    .replaceAll('(?P<', '(?<')
    .replaceAll(String.raw`\A`, '^')
    .replaceAll(String.raw`\z`, '$')
    .replaceAll(/\[:(\w+):\]/g, (whole, name: string) => posixClasses[name] ?? whole);
  const wanted = [...new Set(flags?.[1])].join('');
  try {
    return new RegExp(body, `u${wanted}`);
  } catch {
    // Go lets any punctuation be escaped, JavaScript only without the flag `u`.
    return new RegExp(body, wanted);
  }
}
