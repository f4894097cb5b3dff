// The one error of this package: what DynamoDB says in a ValidationException.

/** `message` is DynamoDB's own, ready for the fault. The code is always `ValidationException`. */
export class ItemLanguageError extends Error {
  override readonly name = 'ItemLanguageError';
}

/** A WHERE clause does not name the one item that its statement is about. */
export class ItemKeyError extends ItemLanguageError {}

/** An error about one expression: `Invalid UpdateExpression: …`. Of a statement, the problem alone is said. */
export function invalidExpression(kind: ExpressionKind, problem: string): ItemLanguageError {
  return new ItemLanguageError(kind === 'Statement' ? problem : `Invalid ${kind}: ${problem}`);
}

/** "One or more parameter values were invalid: …", the usual beginning. */
export function invalidParameter(problem: string): ItemLanguageError {
  return new ItemLanguageError(`One or more parameter values were invalid: ${problem}`);
}

/** Expressions by the name of the request's member that carries them; `Statement` is PartiQL. */
export type ExpressionKind =
  | 'ConditionExpression'
  | 'FilterExpression'
  | 'KeyConditionExpression'
  | 'ProjectionExpression'
  | 'Statement'
  | 'UpdateExpression';
