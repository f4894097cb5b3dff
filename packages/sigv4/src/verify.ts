// Verifies the signature of a request: header form, presigned SigV4 and presigned SigV2.
import type { Step } from '@pergola/kernel';
import { canonicalRequest, type PathStyle, stringToSign } from './canonical.ts';
import { type Credential, type CredentialReading, readCredential } from './credential.ts';
import { renderAmzDate } from './amz-date.ts';
import { renderScope, type SignableRequest } from './request.ts';
import { hmacHex, secretsEqual, SigningKeys } from './signing-key.ts';
import { signV2, stringToSignV2 } from './sigv2.ts';
import { type SignatureFailure, type SignatureVerdict, stepsOf } from './verdict.ts';

/** What is known of an access key. */
export interface KeyMaterial {
  readonly secretAccessKey: string;
  readonly active: boolean;
  /** Set for temporary keys: the token that must come with the key. */
  readonly sessionToken?: string | undefined;
  /** When a temporary key ends. */
  readonly expiresAtMs?: number | undefined;
}

export interface VerifyOptions {
  readonly nowMs: number;
  /**
   * Finds a key. `sessionToken` is what the request carries, for key stores that keep the session in its token: they
   * answer `wrong-token` for one that they did not make for this key.
   */
  readonly findKey: (
    accessKeyId: string,
    sessionToken: string | undefined,
  ) => KeyMaterial | 'wrong-token' | undefined;
  /** Hash of the payload as it enters the canonical request. */
  readonly payloadHash: string;
  readonly pathStyle: PathStyle;
  /** The service name that the scope must have. */
  readonly service: string;
  /** How far the request's time may be from ours, in either direction. */
  readonly windowMinutes: number;
  /** Bucket of a virtual host, for SigV2. */
  readonly virtualBucket?: string | undefined;
  /** The reading of this very request, when the caller has it already. */
  readonly reading?: CredentialReading;
}

const MINUTE_MS = 60_000;

/** Verifies requests and keeps the derived signing keys of recent callers. */
export class SignatureVerifier {
  readonly #keys: SigningKeys;

  /** Keeps at most `keysMax` derived keys. */
  constructor(keysMax = 1_000) {
    this.#keys = new SigningKeys(keysMax);
  }

  /** Never throws for a bad request. */
  verify(request: SignableRequest, options: VerifyOptions): SignatureVerdict {
    const reading = options.reading ?? readCredential(request);
    if (reading.kind === 'none') return refused(undefined, { reason: 'missing' });
    if (reading.kind === 'problem') return refused(undefined, failureOf(reading.problem));
    const { credential } = reading;
    const early = unfit(request, credential, options);
    if (early) return refused(credential, early);

    const key = options.findKey(credential.accessKeyId, credential.sessionToken);
    if (key === undefined || key === 'wrong-token') {
      const { accessKeyId } = credential;
      return refused(credential, { reason: key ?? 'unknown-key', accessKeyId });
    }
    const keyFailure = keyProblem(credential, key, options.nowMs);
    if (keyFailure) return refused(credential, keyFailure);
    const timeFailure = timeProblem(credential, options);
    if (timeFailure) return refused(credential, timeFailure);
    return credential.form === 'query-v2'
      ? verifyV2(request, credential, key, options)
      : this.#verifyV4(request, credential, key, options);
  }

  #verifyV4(
    request: SignableRequest,
    credential: Credential,
    key: KeyMaterial,
    options: VerifyOptions,
  ): SignatureVerdict {
    const canonical = canonicalRequest(request, {
      signedHeaders: credential.signedHeaders,
      payloadHash: options.payloadHash,
      pathStyle: options.pathStyle,
      ...(credential.form === 'query' ? { exceptParameter: 'X-Amz-Signature' } : {}),
    });
    const text = stringToSign(credential.amzDate, renderScope(credential.scope), canonical);
    const signingKey = this.#keys.get(key.secretAccessKey, credential.scope);
    if (secretsEqual(hmacHex(signingKey, text), credential.signature)) return allowed(credential, signingKey);
    return refused(credential, mismatch(credential, text, canonical));
  }
}

function verifyV2(
  request: SignableRequest,
  credential: Credential,
  key: KeyMaterial,
  options: VerifyOptions,
): SignatureVerdict {
  const text = stringToSignV2(request, options.virtualBucket);
  if (secretsEqual(signV2(key.secretAccessKey, text), credential.signature))
    return allowed(credential, undefined);
  return refused(credential, mismatch(credential, text, ''));
}

function mismatch(credential: Credential, text: string, canonical: string): SignatureFailure {
  return {
    reason: 'signature',
    accessKeyId: credential.accessKeyId,
    provided: credential.signature,
    stringToSign: text,
    canonicalRequest: canonical,
  };
}

function failureOf(problem: { reason: 'malformed' | 'parameters' | 'unsupported'; message: string }) {
  if (problem.reason === 'unsupported')
    return { reason: 'unsupported', mechanism: problem.message } satisfies SignatureFailure;
  return { reason: problem.reason, message: problem.message } satisfies SignatureFailure;
}

/** Claims that cannot be right whatever the key: scope and signed headers. */
function unfit(
  request: SignableRequest,
  credential: Credential,
  options: VerifyOptions,
): SignatureFailure | undefined {
  if (credential.form === 'query-v2')
    return options.service === 's3' ? undefined : { reason: 'unsupported', mechanism: 'AWS' };
  const { scope, amzDate, signedHeaders } = credential;
  if (scope.service !== options.service)
    return {
      reason: 'scope',
      message: `Credential should be scoped to correct service: '${options.service}'. `,
    };
  if (scope.date !== amzDate.slice(0, 8)) {
    return {
      reason: 'scope',
      message: `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${scope.date}' != '${amzDate.slice(0, 8)}', from '${amzDate}'.`,
    };
  }
  const unsigned = unsignedHeaders(request, signedHeaders, options.service === 's3');
  return unsigned.length > 0 ? { reason: 'unsigned-headers', names: unsigned } : undefined;
}

/** Headers that must be signed and are not: `host` and the target always, every `x-amz-` header for S3. */
function unsignedHeaders(request: SignableRequest, signed: readonly string[], s3: boolean): string[] {
  const missing = signed.includes('host') ? [] : ['host'];
  for (const name in request.headers) {
    const wanted = s3 ? name.startsWith('x-amz-') : name === 'x-amz-target' || name === 'x-amz-date';
    if (wanted && request.headers[name] !== undefined && !signed.includes(name)) missing.push(name);
  }
  return missing;
}

function keyProblem(credential: Credential, key: KeyMaterial, nowMs: number): SignatureFailure | undefined {
  const { accessKeyId, sessionToken } = credential;
  if (!key.active) return { reason: 'inactive-key', accessKeyId };
  if (key.sessionToken === undefined)
    return sessionToken === undefined ? undefined : { reason: 'wrong-token', accessKeyId };
  if (sessionToken === undefined || !secretsEqual(sessionToken, key.sessionToken))
    return { reason: 'wrong-token', accessKeyId };
  if (key.expiresAtMs !== undefined && nowMs >= key.expiresAtMs)
    return { reason: 'expired-token', expiredAtMs: key.expiresAtMs };
  return undefined;
}

function timeProblem(credential: Credential, options: VerifyOptions): SignatureFailure | undefined {
  const { nowMs, windowMinutes } = options;
  const windowMs = windowMinutes * MINUTE_MS;
  const { expiresAtMs, requestedAtMs } = credential;
  if (expiresAtMs !== undefined && nowMs >= expiresAtMs) return { reason: 'presign-expired', expiresAtMs };
  const late = requestedAtMs - nowMs > windowMs;
  const early = expiresAtMs === undefined && nowMs - requestedAtMs > windowMs;
  if (!late && !early) return undefined;
  return {
    reason: late ? 'too-late' : 'too-early',
    requestDate: credential.amzDate,
    limitDate: renderAmzDate(late ? nowMs + windowMs : nowMs - windowMs),
    nowDate: renderAmzDate(nowMs),
    windowMinutes,
  };
}

// Classes, because a getter in an object literal makes a new hidden class at each call.

class Accepted {
  readonly allowed = true;
  readonly credential: Credential;
  readonly signingKey: Buffer | undefined;

  constructor(credential: Credential, signingKey: Buffer | undefined) {
    this.credential = credential;
    this.signingKey = signingKey;
  }

  get steps(): readonly Step[] {
    return stepsOf(this.credential, undefined);
  }
}

class Refused {
  readonly allowed = false;
  readonly failure: SignatureFailure;
  readonly #credential: Credential | undefined;

  constructor(credential: Credential | undefined, failure: SignatureFailure) {
    this.#credential = credential;
    this.failure = failure;
  }

  get steps(): readonly Step[] {
    return stepsOf(this.#credential, this.failure);
  }
}

function allowed(credential: Credential, signingKey: Buffer | undefined): SignatureVerdict {
  return new Accepted(credential, signingKey);
}

function refused(credential: Credential | undefined, failure: SignatureFailure): SignatureVerdict {
  return new Refused(credential, failure);
}
