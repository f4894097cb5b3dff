// Trying again, for calls that do no harm when they are carried out twice.
import { AwsError, isTransient } from './aws-error.ts';
import type { AwsTarget } from './aws-target.ts';

const attemptsMax = 4;

/**
 * Makes a call again, up to four times in all, while its failure is one that passes. An endpoint that cannot be reached
 * is not tried again; a connection that was kept too long is.
 */
export async function withRetries<T>(target: AwsTarget, call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof AwsError) || !mayPass(error) || attempt === attemptsMax) throw error;
      await target.clock.sleep(error.retryAfterMs ?? 100 * 2 ** attempt);
    }
  }
}

function mayPass(error: AwsError): boolean {
  if (error.status > 0) return isTransient(error);
  const { cause } = error;
  return cause instanceof Error && (cause as NodeJS.ErrnoException).code === 'ECONNRESET';
}
