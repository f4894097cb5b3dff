// Regular expressions of filters are Go's; the collector runs them as JavaScript's.

/** Why the pattern cannot be run; undefined when it can. */
export function patternProblem(pattern: string): string | undefined {
  const flags = /^\(\?([ims]+)\)/.exec(pattern);
  const body = (flags ? pattern.slice(flags[0].length) : pattern).replaceAll('(?P<', '(?<');
  try {
    void new RegExp(body, flags?.[1] ?? '');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
