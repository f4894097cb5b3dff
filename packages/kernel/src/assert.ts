// Assertions name bugs of ours, never bad input from a client.

/** Thrown when the program itself is wrong. A plane answers 500 and logs the stack. */
export class BugError extends Error {
  override readonly name = 'BugError';
}

/** Throws BugError with `message` unless `condition` holds. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new BugError(message);
}

/** For the branch of an exhaustive switch that cannot be reached. */
export function unreachable(value: never): never {
  throw new BugError(`unreachable: ${JSON.stringify(value)}`);
}
