// Whom calls are made for, and where to.
import type { Clock, Env } from '@pergola/kernel';
import type { SigningCredentials } from '@pergola/sigv4';
import type { CredentialSource } from './credentials/source.ts';
import type { Transport } from './transport.ts';

/** Who calls AWS, and where it is. */
export interface AwsTarget {
  /** Base URL of the endpoint; absent: what `env` says, then AWS's own hosts. */
  readonly endpoint?: string | undefined;
  /** Absent: calls are not signed, as AssumeRoleWithWebIdentity wants it. */
  readonly credentials?: SigningCredentials | CredentialSource | undefined;
  readonly region: string;
  readonly clock: Clock;
  /** Read for AWS_ENDPOINT_URL and its like. Absent: nothing is read. */
  readonly env?: Env | undefined;
  /** Absent: the process's own connections. */
  readonly transport?: Transport | undefined;
}
