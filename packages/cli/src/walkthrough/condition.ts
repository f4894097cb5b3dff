// Conditions of an object's status.

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** A condition of an object's status. */
export function conditionOf(
  object: { readonly [field: string]: unknown },
  type: string,
): Condition | undefined {
  const status = object['status'] as { readonly conditions?: readonly Condition[] } | undefined;
  return status?.conditions?.find((condition) => condition.type === type);
}

/** `Ready is False MissingResource: secret "s" not found`, for messages. */
export function renderCondition(condition: Condition | undefined): string {
  if (!condition) return 'the status says nothing yet';
  const { type, status, reason = '', message = '' } = condition;
  return `${`${type} is ${status} ${reason}`.trimEnd()}: ${message}`;
}
