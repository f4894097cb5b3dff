// Where credentials come from, as the calls see it.
import type { SigningCredentials } from '@pergola/sigv4';

/** Keys, and until when they hold. */
export interface Credentials extends SigningCredentials {
  /** Milliseconds since the epoch; absent: they do not expire. */
  readonly expiresAtMs?: number | undefined;
}

export interface CredentialSource {
  /** Credentials that hold now. Rejects with AwsError when there are none. */
  get(): Promise<Credentials>;
  /** AWS has refused the current ones: the next `get` must bring others. */
  invalidate(): void;
}

/** Credentials that never change. */
export function fixedCredentials(credentials: Credentials): CredentialSource {
  return { get: async () => credentials, invalidate: () => {} };
}
