// Errors as the AWS CLI prints them, with its exit codes.

/** Ends the run: `message` is printed after an empty line. */
export class Failure extends Error {
  override readonly name: string = 'Failure';
  readonly exitCode: number;

  constructor(message: string, exitCode: number, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** The command line is not one that this program knows. */
export class UsageError extends Failure {
  override readonly name = 'UsageError';

  constructor(message: string) {
    super(message, 252);
  }
}

/** An API's refusal together with the operation that met it, which the CLI's sentence names. */
export class OperationError extends Failure {
  override readonly name = 'OperationError';

  constructor(operation: string, cause: { readonly code: string; readonly message: string }) {
    super(
      `An error occurred (${cause.code}) when calling the ${operation} operation: ${cause.message}`,
      254,
      { cause },
    );
  }
}

/** Runs one SDK call, so that its error names the operation. */
export async function calling<T>(operation: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw failureOf(operation, error);
  }
}

/** Runs a HEAD, whose error has no body: the status is its code. */
export async function callingHead<T>(operation: string, call: Promise<T>, absent: string): Promise<T> {
  try {
    return await call;
  } catch (error) {
    const status = statusOf(error);
    if (status === undefined) throw failureOf(operation, error);
    const message = status === 404 ? absent : (statusTexts[status] ?? 'Unknown');
    throw new OperationError(operation, { code: String(status), message });
  }
}

const statusTexts: Readonly<Record<number, string>> = { 400: 'Bad Request', 403: 'Forbidden' };

function failureOf(operation: string, error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (!(error instanceof Error)) return new Failure(String(error), 255);
  if (statusOf(error) !== undefined)
    return new OperationError(operation, { code: codeOf(error), message: error.message });
  if (error.name === 'CredentialsProviderError') {
    return new Failure(
      'Unable to locate credentials. You can configure credentials by running "aws configure".',
      253,
      { cause: error },
    );
  }
  // No answer at all: the socket's error names where it wanted to go.
  const { address, port } = error as { readonly address?: string; readonly port?: number };
  const where = address === undefined ? undefined : `http://${address}:${port}/`;
  const message = where ? `Could not connect to the endpoint URL: "${where}"` : error.message;
  return new Failure(message, 255, { cause: error });
}

/** The HTTP status of the answer, when there was one. */
function statusOf(error: unknown): number | undefined {
  const metadata: unknown =
    typeof error === 'object' && error !== null && '$metadata' in error ? error.$metadata : undefined;
  const status: unknown =
    typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
      ? metadata.httpStatusCode
      : undefined;
  return typeof status === 'number' ? status : undefined;
}

/** The SDK appends `Exception` to some modelled names that the wire has without it. */
function codeOf(error: Error): string {
  const wire: unknown = 'Code' in error ? error.Code : undefined;
  return typeof wire === 'string'
    ? wire
    : error.name.replace(/^(InvalidIdentityToken|AccessDenied)Exception$/, '$1');
}

/** One line for what is printed after `upload failed: …`. */
export function failureText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
