// Patterns of AWS's models as a CustomResourceDefinition may hold them: a real API server reads them with RE2.

/** Undefined where RE2 and JavaScript would not read it alike. */
export function portablePattern(pattern: string): string | undefined {
  // RE2 has neither looking around nor backward references, \u or \p in Java's way, and counts no further than 1000.
  // Other letters after a backslash, and classes by name, mean something in one of the two only.
  if (/\(\?[=!<]|\\[1-9]|\\[A-Za-z](?<!\\[bdDfnrsStvwW])|\[:|&&|\{\d{4,}|,\d{4,}\}/.test(pattern))
    return undefined;
  const whole = pattern.startsWith('^') && pattern.endsWith('$') && !pattern.includes('|');
  const text = whole ? pattern : `^(?:${pattern})$`;
  try {
    return new RegExp(text) instanceof RegExp ? text : undefined;
  } catch {
    return undefined;
  }
}
