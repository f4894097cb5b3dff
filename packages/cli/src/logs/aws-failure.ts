// What to tell a person when CloudWatch Logs refused.
import { AwsError } from '@pergola/aws-client';
import { CliError, exitCodes } from '../cli-error.ts';

/** Runs `work`; AWS's errors become errors with details and a way on. */
export async function withAwsFailures<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof AwsError ? describeFailure(name, error) : error;
  }
}

/** The error in the form that every error of the command line has. `name` says which AWS was called. */
function describeFailure(name: string, error: AwsError): CliError {
  if (error.status === 0) {
    return new CliError({
      what: `${name} does not answer`,
      details: error.message,
      exitCode: exitCodes.failed,
    });
  }
  const local = error.requestId !== undefined && name.startsWith('the sandbox');
  // CloudWatch Logs denies with status 400.
  const denied = error.status === 403 || error.code.startsWith('AccessDenied');
  return new CliError({
    what: `${name} refused: ${error.code}`,
    details: error.message,
    ...(local && denied
      ? { fix: 'see which check failed', command: `pergola explain ${error.requestId}` }
      : {}),
  });
}
