// Errors as the AWS CLI prints them.

/** The command line is not one that this program knows: exit code 252, as the real one. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** An API's refusal together with the operation that met it, which the CLI's sentence names. */
export class OperationError extends Error {
  override readonly name = 'OperationError';

  constructor(operation: string, cause: unknown) {
    super(
      `An error occurred (${codeOf(cause)}) when calling the ${operation} operation: ${messageOf(cause)}`,
      { cause },
    );
  }
}

/** Runs one SDK call, so that its error names the operation. */
export async function calling<T>(operation: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw error instanceof OperationError ? error : new OperationError(operation, error);
  }
}

export function failureText(error: unknown): string {
  return error instanceof OperationError || error instanceof UsageError ? error.message : messageOf(error);
}

/** The SDK appends `Exception` to some modelled names that the wire has without it. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'Unknown';
  const wire: unknown = 'Code' in error ? error.Code : undefined;
  return typeof wire === 'string'
    ? wire
    : error.name.replace(/^(InvalidIdentityToken|AccessDenied)Exception$/, '$1');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
