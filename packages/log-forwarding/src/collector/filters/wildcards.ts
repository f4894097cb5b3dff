// Patterns with `*`, as inputs and audit rules write them.

/** True when `text` fits any of the patterns, of which every `*` stands for any text. */
export function globMatcher(patterns: readonly string[]): (text: string) => boolean {
  const exact = new Set(patterns.filter((pattern) => !pattern.includes('*')));
  const globs = patterns
    .filter((pattern) => pattern.includes('*'))
    .map((pattern) => new RegExp(`^${pattern.split('*').map(quoted).join('.*')}$`, 's'));
  return (text) => exact.has(text) || globs.some((glob) => glob.test(text));
}

function quoted(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
