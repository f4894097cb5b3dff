// Expressions and legacy parameters do not go together, and placeholders need expressions.
import { ItemLanguageError } from '../item-language-error.ts';

/** The names of an operation's parameters, in the order in which its messages list them. */
export interface ParameterStyles {
  readonly expressions: readonly string[];
  readonly legacy: readonly string[];
}

/** Throws when a request mixes the two, or has placeholders without an expression that could use them. */
export function checkParameterStyles(request: object, { expressions, legacy }: ParameterStyles): void {
  const given = request as Readonly<Record<string, unknown>>;
  const has = (name: string): boolean => given[name] !== undefined && given[name] !== null;
  const found = expressions.filter(has);
  // A Query's KeyConditions may stand beside the other expressions.
  const old = legacy.filter(
    (name) => has(name) && (name !== 'KeyConditions' || has('KeyConditionExpression')),
  );
  if (found.length > 0 && old.length > 0)
    throw new ItemLanguageError(
      `Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {${old.join(', ')}} Expression parameters: {${found.join(', ')}}`,
    );
  if (has('ExpressionAttributeNames') && found.length === 0)
    throw new ItemLanguageError('ExpressionAttributeNames can only be specified when using expressions');
  const users = expressions.filter((name) => name !== 'ProjectionExpression');
  if (has('ExpressionAttributeValues') && users.length > 0 && !users.some(has))
    throw new ItemLanguageError(
      `ExpressionAttributeValues can only be specified when using expressions: ${users.join(' and ')} ${users.length > 1 ? 'are' : 'is'} null`,
    );
}
