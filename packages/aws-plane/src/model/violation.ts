// The sentences of AWS about input that breaks the model's rules, and the message that joins them.

/** `RoleName` is `roleName` in messages. */
export function memberPath(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** What a missing member violates. */
export function missingViolation(path: string): string {
  return violation(' null', path, 'Member must not be null');
}

/** `shown` is the value between quotes, after a space; empty where it must not be repeated. */
export function violation(shown: string, path: string, rule: string): string {
  return `Value${shown} at '${path}' failed to satisfy constraint: ${rule}`;
}

/** `1 validation error detected: …`. */
export function renderViolations(violations: readonly string[]): string {
  const noun = violations.length === 1 ? 'validation error' : 'validation errors';
  return `${violations.length} ${noun} detected: ${violations.join('; ')}`;
}
