// What a call to AWS fails with.

/** What AWS said besides its code and message. */
export interface AwsErrorFacts {
  readonly requestId?: string | undefined;
  /** Milliseconds that the answer asked to wait before the next try. */
  readonly retryAfterMs?: number | undefined;
  /** The error's own members as the JSON protocols send them, e.g. `queryCompileError`. */
  readonly members?: Readonly<Record<string, unknown>> | undefined;
  readonly cause?: unknown;
}

/** An error that AWS answered with, in its own words, or the lack of an answer. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  /** HTTP status; 0 when there was no whole answer: the call may have been carried out all the same. */
  readonly status: number;
  /** AWS's error code, e.g. `EntityAlreadyExists`; `NetworkingError` or `TimeoutError` without an answer. */
  readonly code: string;
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly members: Readonly<Record<string, unknown>>;

  constructor(status: number, code: string, message: string, facts: AwsErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.status = status;
    this.code = code;
    this.requestId = facts.requestId;
    this.retryAfterMs = facts.retryAfterMs;
    this.members = facts.members ?? {};
  }
}

const throttlingCodes = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'RequestThrottled',
  'RequestThrottledException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'BandwidthLimitExceeded',
  'SlowDown',
  'EC2ThrottledException',
  'PriorRequestNotComplete',
]);

/** True when AWS asks for fewer calls. */
export function isThrottling(error: AwsError): boolean {
  return error.status === 429 || throttlingCodes.has(error.code);
}

/** True when the same call may succeed a little later: throttled, a server's fault, or no answer. */
export function isTransient(error: AwsError): boolean {
  if (error.status === 0) return error.code !== 'CertificateError';
  return (
    (error.status >= 500 && error.status !== 501) ||
    error.code === 'RequestTimeout' ||
    error.code === 'InvalidAnswer' ||
    isThrottling(error)
  );
}

const expiryCodes = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'RequestExpired',
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'InvalidAccessKeyId',
  'InvalidToken',
]);

/** True when the credentials themselves were refused: get new ones before the next try. */
export function isCredentialRefusal(error: AwsError): boolean {
  return expiryCodes.has(error.code);
}
