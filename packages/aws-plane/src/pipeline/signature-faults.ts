// From the reason why a signature was refused to the error answer of each protocol.
// Codes and wordings: AWS "Common errors" of the query and JSON services, and the Amazon S3 error list.
import { renderAmzDate, type SignatureFailure } from '@pergola/sigv4';
import { AwsFault } from '../fault.ts';
import type { Family } from './faults.ts';

type Reason = SignatureFailure['reason'];
type Failure<R extends Reason> = Extract<SignatureFailure, { readonly reason: R }>;
type Rows = { readonly [R in Reason]: (failure: Failure<R>, nowMs: number) => AwsFault };

const MISSING_TOKEN = 'Request is missing Authentication Token';
const INVALID_TOKEN = 'The security token included in the request is invalid.';
const EXPIRED_TOKEN = 'The security token included in the request is expired';
const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';

type Window = Failure<'too-early'> | Failure<'too-late'>;

function expired(failure: Window): string {
  return `Signature expired: ${failure.requestDate} is now earlier than ${failure.limitDate} (${failure.nowDate} - ${failure.windowMinutes} min.)`;
}

function notYetCurrent(failure: Window): string {
  return `Signature not yet current: ${failure.requestDate} is still later than ${failure.limitDate} (${failure.nowDate} + ${failure.windowMinutes} min.)`;
}

interface Codes {
  readonly missing: readonly [string, number];
  readonly incomplete: readonly [string, number];
  readonly key: readonly [string, number];
  readonly expired: readonly [string, number];
  readonly signature: readonly [string, number];
}

/** Query and JSON services share their sentences and differ in codes and statuses. */
function rowsOf(codes: Codes): Rows {
  const fault = ([code, status]: readonly [string, number], message: string) =>
    new AwsFault(code, status, message);
  const invalidToken = () => fault(codes.key, INVALID_TOKEN);
  const unreadable = (failure: { readonly message: string }) => fault(codes.incomplete, failure.message);
  return {
    missing: () => fault(codes.missing, MISSING_TOKEN),
    malformed: unreadable,
    parameters: unreadable,
    unsupported: (failure) =>
      fault(codes.incomplete, `Unsupported authorization mechanism: ${failure.mechanism}`),
    'unknown-key': invalidToken,
    'inactive-key': invalidToken,
    'wrong-token': invalidToken,
    'expired-token': () => fault(codes.expired, EXPIRED_TOKEN),
    'too-early': (failure) => fault(codes.signature, expired(failure)),
    'too-late': (failure) => fault(codes.signature, notYetCurrent(failure)),
    'presign-expired': (failure, nowMs) =>
      fault(
        codes.signature,
        `Signature expired: ${renderAmzDate(failure.expiresAtMs)} is now earlier than ${renderAmzDate(nowMs)}`,
      ),
    scope: (failure) => fault(codes.signature, failure.message),
    'unsigned-headers': (failure) =>
      fault(codes.incomplete, `'${failure.names[0]}' must be a 'SignedHeader' in the AWS Authorization.`),
    signature: () => fault(codes.signature, MISMATCH),
  };
}

/** EC2 tells apart only what is missing, what is late and what is wrong. */
const authFailure = () =>
  new AwsFault('AuthFailure', 401, 'AWS was not able to validate the provided access credentials');

const ec2Rows: Rows = {
  ...rowsOf({
    missing: ['MissingParameter', 400],
    incomplete: ['InvalidParameterValue', 400],
    key: ['AuthFailure', 401],
    expired: ['RequestExpired', 400],
    signature: ['RequestExpired', 400],
  }),
  missing: () =>
    new AwsFault('MissingParameter', 400, 'The request must contain the parameter AWSAccessKeyId'),
  'unknown-key': authFailure,
  'inactive-key': authFailure,
  'wrong-token': authFailure,
  'expired-token': () => new AwsFault('RequestExpired', 400, 'Request has expired.'),
  scope: authFailure,
  signature: authFailure,
};

const s3Rows: Rows = {
  missing: () => new AwsFault('AccessDenied', 403, 'Access Denied'),
  malformed: (failure) =>
    new AwsFault(
      'AuthorizationHeaderMalformed',
      400,
      `The authorization header is malformed; ${failure.message}`,
    ),
  parameters: (failure) => new AwsFault('AuthorizationQueryParametersError', 400, failure.message),
  unsupported: (failure) =>
    failure.mechanism.startsWith('AWS')
      ? new AwsFault(
          'InvalidRequest',
          400,
          'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
        )
      : new AwsFault('InvalidArgument', 400, 'Unsupported Authorization Type', {
          ArgumentName: 'Authorization',
          ArgumentValue: failure.mechanism,
        }),
  'unknown-key': unknownS3Key,
  'inactive-key': unknownS3Key,
  'wrong-token': () =>
    new AwsFault('InvalidToken', 400, 'The provided token is malformed or otherwise invalid.'),
  'expired-token': () => new AwsFault('ExpiredToken', 400, 'The provided token has expired.'),
  'too-early': tooSkewed,
  'too-late': tooSkewed,
  'presign-expired': (failure, nowMs) =>
    new AwsFault('AccessDenied', 403, 'Request has expired', {
      Expires: new Date(failure.expiresAtMs).toISOString(),
      ServerTime: new Date(nowMs).toISOString(),
    }),
  scope: (failure) =>
    new AwsFault(
      'AuthorizationHeaderMalformed',
      400,
      `The authorization header is malformed; ${failure.message}`,
    ),
  'unsigned-headers': (failure) =>
    new AwsFault('AccessDenied', 403, 'There were headers present in the request which were not signed', {
      HeadersNotSigned: failure.names.join(', '),
    }),
  signature: (failure) =>
    new AwsFault(
      'SignatureDoesNotMatch',
      403,
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      {
        AWSAccessKeyId: failure.accessKeyId,
        StringToSign: failure.stringToSign,
        SignatureProvided: failure.provided,
        StringToSignBytes: spacedHex(failure.stringToSign),
        ...(failure.canonicalRequest
          ? {
              CanonicalRequest: failure.canonicalRequest,
              CanonicalRequestBytes: spacedHex(failure.canonicalRequest),
            }
          : {}),
      },
    ),
};

function unknownS3Key(failure: Failure<'unknown-key'> | Failure<'inactive-key'>): AwsFault {
  return new AwsFault(
    'InvalidAccessKeyId',
    403,
    'The AWS Access Key Id you provided does not exist in our records.',
    { AWSAccessKeyId: failure.accessKeyId },
  );
}

function tooSkewed(failure: Window, nowMs: number): AwsFault {
  return new AwsFault(
    'RequestTimeTooSkewed',
    403,
    'The difference between the request time and the current time is too large.',
    {
      RequestTime: failure.requestDate,
      ServerTime: new Date(nowMs).toISOString(),
      MaxAllowedSkewMilliseconds: String(failure.windowMinutes * 60_000),
    },
  );
}

function spacedHex(text: string): string {
  return Buffer.from(text)
    .toString('hex')
    .replace(/..(?!$)/g, '$& ');
}

const catalogue: Readonly<Record<Family, Rows>> = {
  query: rowsOf({
    missing: ['MissingAuthenticationToken', 403],
    incomplete: ['IncompleteSignature', 400],
    key: ['InvalidClientTokenId', 403],
    expired: ['ExpiredToken', 403],
    signature: ['SignatureDoesNotMatch', 403],
  }),
  ec2: ec2Rows,
  json: rowsOf({
    missing: ['MissingAuthenticationTokenException', 400],
    incomplete: ['IncompleteSignatureException', 400],
    key: ['UnrecognizedClientException', 400],
    expired: ['ExpiredTokenException', 400],
    signature: ['InvalidSignatureException', 400],
  }),
  s3: s3Rows,
};

/** The error answer for a refused signature. */
export function signatureFault<R extends Reason>(
  family: Family,
  failure: Failure<R>,
  nowMs: number,
): AwsFault {
  const row = catalogue[family][failure.reason] as (failure: Failure<R>, nowMs: number) => AwsFault;
  return row(failure, nowMs);
}
