// Regular expressions of forwarders are Go's; here they become JavaScript's. The operator refuses what the collector could
// not run.

/**
 * The pattern as a RegExp. Flags at its beginning (`(?i)`, `(?s)`, `(?m)`) and groups named as in Go are understood. Throws
 * SyntaxError for what is no pattern.
 */
export function compileGoPattern(pattern: string): RegExp {
  const flags = /^\(\?([ims]+)\)/.exec(pattern);
  const body = (flags ? pattern.slice(flags[0].length) : pattern)
    .replaceAll('(?P<', '(?<')
    .replaceAll(String.raw`\A`, '^')
    .replaceAll(String.raw`\z`, '$');
  const wanted = [...new Set(flags?.[1])].join('');
  try {
    return new RegExp(body, `u${wanted}`);
  } catch {
    // Go lets any punctuation be escaped, JavaScript only without the flag `u`.
    return new RegExp(body, wanted);
  }
}
