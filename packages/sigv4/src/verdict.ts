// What a verification answers: a Verdict, with the facts that each protocol words in its own way.
import type { Step, Verdict } from '@pergola/kernel';
import type { Credential } from './credential.ts';

/** Why a signature was refused. The plane turns each reason into its protocol's code and sentence. */
export type SignatureFailure =
  | { readonly reason: 'missing' }
  /** The claim cannot be read. `message` is AWS's sentence. */
  | { readonly reason: 'malformed'; readonly message: string }
  | { readonly reason: 'parameters'; readonly message: string }
  | { readonly reason: 'unsupported'; readonly mechanism: string }
  | { readonly reason: 'unknown-key'; readonly accessKeyId: string }
  | { readonly reason: 'inactive-key'; readonly accessKeyId: string }
  /** A temporary key without its token, or with another one. */
  | { readonly reason: 'wrong-token'; readonly accessKeyId: string }
  | { readonly reason: 'expired-token'; readonly expiredAtMs: number }
  /** The request's time is outside the window. */
  | ({ readonly reason: 'too-early' } & OutsideWindow)
  | ({ readonly reason: 'too-late' } & OutsideWindow)
  | { readonly reason: 'presign-expired'; readonly expiresAtMs: number }
  /** The credential scope does not fit the request. `message` is AWS's sentence. */
  | { readonly reason: 'scope'; readonly message: string }
  | { readonly reason: 'unsigned-headers'; readonly names: readonly string[] }
  | {
      readonly reason: 'signature';
      readonly accessKeyId: string;
      readonly provided: string;
      readonly stringToSign: string;
      /** Empty for SigV2, which has none. */
      readonly canonicalRequest: string;
    };

/** A request's time against ours. Dates are `YYYYMMDDTHHMMSSZ`. */
export interface OutsideWindow {
  readonly requestDate: string;
  readonly limitDate: string;
  readonly nowDate: string;
  readonly windowMinutes: number;
}

/** Allowed, with what later chunks are signed with; or refused, with the reason. */
export type SignatureVerdict = Verdict &
  (
    | { readonly allowed: true; readonly credential: Credential; readonly signingKey: Buffer | undefined }
    | { readonly allowed: false; readonly failure: SignatureFailure }
  );

/** The checks in the order in which they are made. */
const CHECKS = ['sigv4.format', 'sigv4.key', 'sigv4.token', 'sigv4.time', 'sigv4.signature'] as const;
type Check = (typeof CHECKS)[number];

type Failure<R> = Extract<SignatureFailure, { readonly reason: R }>;

interface Explanation<R> {
  readonly check: Check;
  readonly because: (failure: Failure<R>) => string;
  readonly fix?: string;
}

const outsideWindow = (failure: OutsideWindow) =>
  `the request time ${failure.requestDate} is over ${failure.windowMinutes} minutes from ${failure.nowDate}`;

/** What to tell a person about each reason. */
const EXPLANATIONS: { readonly [R in SignatureFailure['reason']]: Explanation<R> } = {
  missing: {
    check: 'sigv4.format',
    because: () => 'the request carries no signature',
    fix: 'configure credentials for the client',
  },
  malformed: { check: 'sigv4.format', because: (failure) => failure.message },
  parameters: { check: 'sigv4.format', because: (failure) => failure.message },
  scope: { check: 'sigv4.format', because: (failure) => failure.message },
  unsupported: {
    check: 'sigv4.format',
    because: (failure) => `the authorization mechanism is not supported: ${failure.mechanism}`,
    fix: 'sign with SigV4 (AWS4-HMAC-SHA256)',
  },
  'unsigned-headers': {
    check: 'sigv4.format',
    because: (failure) => `these headers must be signed and are not: ${failure.names.join(', ')}`,
  },
  'unknown-key': {
    check: 'sigv4.key',
    because: (failure) => `no access key ${failure.accessKeyId} exists`,
    fix: 'check which endpoint and which profile the client uses',
  },
  'inactive-key': {
    check: 'sigv4.key',
    because: (failure) => `the access key ${failure.accessKeyId} is inactive`,
    fix: 'aws iam update-access-key --status Active',
  },
  'wrong-token': {
    check: 'sigv4.token',
    because: (failure) => `the session token does not belong to the key ${failure.accessKeyId}`,
    fix: 'use the three values of one credential together: key, secret and AWS_SESSION_TOKEN',
  },
  'expired-token': {
    check: 'sigv4.token',
    because: (failure) => `the session ended at ${new Date(failure.expiredAtMs).toISOString()}`,
    fix: 'assume the role again, or let the SDK refresh its credentials',
  },
  'too-early': { check: 'sigv4.time', because: outsideWindow, fix: "set the client's clock" },
  'too-late': { check: 'sigv4.time', because: outsideWindow, fix: "set the client's clock" },
  'presign-expired': {
    check: 'sigv4.time',
    because: (failure) => `the presigned request ended at ${new Date(failure.expiresAtMs).toISOString()}`,
    fix: 'presign again',
  },
  signature: {
    check: 'sigv4.signature',
    because: () => 'the signature computed from the request differs from the one provided',
    fix: 'check the secret access key, and that no proxy changes the path, query or signed headers',
  },
};

/** The Steps of a verification: built only when someone asks. */
export function stepsOf(credential: Credential | undefined, failure: SignatureFailure | undefined): Step[] {
  const steps: Step[] = [];
  const failed = failure && failedStep(failure);
  for (const check of CHECKS) {
    if (failed?.check === check) {
      steps.push(failed);
      break;
    }
    if (credential) steps.push({ check, outcome: 'passed', because: passedBecause(check, credential) });
  }
  return steps;
}

function passedBecause(check: Check, credential: Credential): string {
  switch (check) {
    case 'sigv4.format':
      return `the request is signed (${credential.form}) with the access key ${credential.accessKeyId}`;
    case 'sigv4.key':
      return `the access key ${credential.accessKeyId} is known and active`;
    case 'sigv4.token':
      return credential.sessionToken === undefined
        ? 'a long-term key needs no session token'
        : 'the session token belongs to the key and has not expired';
    case 'sigv4.time':
      return credential.form === 'header'
        ? `the request time ${credential.amzDate} is inside the window`
        : 'the presigned request has not expired';
    case 'sigv4.signature':
      return 'the signature computed from the request equals the one provided';
  }
}

function failedStep<R extends SignatureFailure['reason']>(
  failure: Failure<R> & { readonly reason: R },
): Step {
  const { check, because, fix } = EXPLANATIONS[failure.reason] as Explanation<R>;
  const step: Step = {
    check,
    outcome: 'failed',
    because: because(failure),
    evidence: { ...(failure as object) },
  };
  return fix ? { ...step, fix } : step;
}
