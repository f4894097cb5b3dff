// Reads who claims to have signed a request, and how, without deciding whether it is true.
import { parseAmzDate } from './amz-date.ts';
import type { CredentialScope, SignableRequest } from './request.ts';

/** `header`: Authorization. `query`: presigned SigV4. `query-v2`: presigned SigV2, as boto3 does for S3 in us-east-1. */
export type CredentialForm = 'header' | 'query' | 'query-v2';

/** A claim found in a request. */
export interface Credential {
  readonly form: CredentialForm;
  readonly accessKeyId: string;
  /** Empty fields for `query-v2`, which has no scope. */
  readonly scope: CredentialScope;
  /** Lower case, as listed by the client. Empty for `query-v2`. */
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `YYYYMMDDTHHMMSSZ`; empty for `query-v2`. */
  readonly amzDate: string;
  readonly requestedAtMs: number;
  /** When a presigned request ends; absent in header form. */
  readonly expiresAtMs?: number;
  readonly sessionToken: string | undefined;
}

/** Why a claim cannot be read. `parameters`: a presigned query lacks some. `unsupported`: another mechanism. */
export interface CredentialProblem {
  readonly reason: 'malformed' | 'parameters' | 'unsupported';
  readonly message: string;
}

export type CredentialReading =
  | { readonly kind: 'none' }
  | { readonly kind: 'problem'; readonly problem: CredentialProblem }
  | { readonly kind: 'credential'; readonly credential: Credential };

const ALGORITHM = 'AWS4-HMAC-SHA256';
const NONE: CredentialReading = { kind: 'none' };
const QUERY_FORMS = /(?:^|&)(?:X-Amz-(?:Algorithm|Signature|Credential)|AWSAccessKeyId)=/;
const V4_PARAMETERS = ['Algorithm', 'Credential', 'Signature', 'Date', 'SignedHeaders', 'Expires'];
/** Seven days: the longest that a presigned request may live. */
const EXPIRES_SECONDS_MAX = 604_800;

/** Finds the claim of a request. */
export function readCredential(request: SignableRequest): CredentialReading {
  const authorization = request.headers['authorization'];
  if (authorization !== undefined) return readHeader(request, authorization);
  if (!QUERY_FORMS.test(request.query)) return NONE;
  const query = new URLSearchParams(request.query);
  return query.has('AWSAccessKeyId') ? readQueryV2(query) : readQueryV4(query);
}

function problem(reason: CredentialProblem['reason'], message: string): CredentialReading {
  return { kind: 'problem', problem: { reason, message } };
}

/** The scope of `KEY/DATE/REGION/SERVICE/aws4_request`, or undefined when it has another form. */
function parseCredential(text: string): { accessKeyId: string; scope: CredentialScope } | undefined {
  const [accessKeyId, date, region, service, terminator, ...rest] = text.split('/');
  if (!accessKeyId || !date || !region || !service || terminator !== 'aws4_request' || rest.length > 0)
    return undefined;
  return /^\d{8}$/.test(date) ? { accessKeyId, scope: { date, region, service } } : undefined;
}

function readHeader(request: SignableRequest, authorization: string): CredentialReading {
  const space = authorization.indexOf(' ');
  const mechanism = space < 0 ? authorization : authorization.slice(0, space);
  if (mechanism !== ALGORITHM) return problem('unsupported', mechanism);

  const fields = headerFields(authorization.slice(space + 1));
  const amzDate = headerDate(request);
  const missing = missingFields(fields, amzDate);
  if (missing || amzDate === undefined) return problem('malformed', missing);

  const claim = parseCredential(fields.get('Credential') ?? '');
  if (!claim)
    return problem('malformed', 'Credential must have the form KEY/YYYYMMDD/REGION/SERVICE/aws4_request.');
  const requestedAtMs = parseAmzDate(amzDate);
  if (requestedAtMs === undefined)
    return problem('malformed', `Date must be in ISO-8601 'basic format'. Got '${amzDate}'.`);
  const credential: Credential = {
    form: 'header',
    ...claim,
    signedHeaders: (fields.get('SignedHeaders') ?? '').split(';'),
    signature: fields.get('Signature') ?? '',
    amzDate,
    requestedAtMs,
    sessionToken: request.headers['x-amz-security-token'],
  };
  return { kind: 'credential', credential };
}

/** The `Name=value` parts of an Authorization header, in whatever order. */
function headerFields(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const part of text.split(',')) {
    const equals = part.indexOf('=');
    if (equals > 0) fields.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim());
  }
  return fields;
}

/** AWS's sentences about what is missing; empty when nothing is. */
function missingFields(fields: ReadonlyMap<string, string>, amzDate: string | undefined): string {
  const sentences = ['Credential', 'Signature', 'SignedHeaders']
    .filter((name) => !fields.get(name))
    .map((name) => `Authorization header requires '${name}' parameter.`);
  if (amzDate === undefined)
    sentences.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
  return sentences.join(' ');
}

/** X-Amz-Date, or Date in either of its forms, as `YYYYMMDDTHHMMSSZ`. */
function headerDate(request: SignableRequest): string | undefined {
  const amzDate = request.headers['x-amz-date'];
  if (amzDate !== undefined) return amzDate;
  const date = request.headers['date'];
  if (date === undefined || parseAmzDate(date) !== undefined) return date;
  const ms = Date.parse(date);
  return Number.isNaN(ms) ? date : new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

function readQueryV4(query: URLSearchParams): CredentialReading {
  const values = Object.fromEntries(V4_PARAMETERS.map((name) => [name, query.get(`X-Amz-${name}`) ?? '']));
  const { Algorithm, Credential: claimed = '', Signature = '', Date: amzDate = '', Expires = '' } = values;
  if (V4_PARAMETERS.some((name) => !values[name])) {
    return problem(
      'parameters',
      'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, ' +
        'X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
    );
  }
  if (Algorithm !== ALGORITHM)
    return problem('parameters', 'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"');
  const claim = parseCredential(claimed);
  if (!claim)
    return problem(
      'parameters',
      'Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
    );
  const requestedAtMs = parseAmzDate(amzDate);
  if (requestedAtMs === undefined)
    return problem('parameters', "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  const lifetime = readLifetime(Expires);
  if (typeof lifetime === 'string') return problem('parameters', lifetime);
  const credential: Credential = {
    form: 'query',
    ...claim,
    signedHeaders: (values['SignedHeaders'] ?? '').split(';'),
    signature: Signature,
    amzDate,
    requestedAtMs,
    expiresAtMs: requestedAtMs + lifetime * 1_000,
    sessionToken: query.get('X-Amz-Security-Token') ?? undefined,
  };
  return { kind: 'credential', credential };
}

/** Seconds, or AWS's sentence about what is wrong with them. */
function readLifetime(text: string): number | string {
  if (!/^-?\d+$/.test(text)) return 'X-Amz-Expires should be a number';
  const seconds = Number(text);
  if (seconds < 0) return 'X-Amz-Expires must be non-negative';
  if (seconds > EXPIRES_SECONDS_MAX)
    return 'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds';
  return seconds;
}

function readQueryV2(query: URLSearchParams): CredentialReading {
  const accessKeyId = query.get('AWSAccessKeyId');
  const signature = query.get('Signature');
  const expires = query.get('Expires');
  if (!accessKeyId || !signature || !expires) {
    return problem(
      'parameters',
      'Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters',
    );
  }
  if (!/^\d{1,12}$/.test(expires))
    return problem('parameters', `Invalid date (should be seconds since epoch): ${expires}`);
  const credential: Credential = {
    form: 'query-v2',
    accessKeyId,
    scope: { date: '', region: '', service: 's3' },
    signedHeaders: [],
    // An unescaped `+` of base64 has been read as a space.
    signature: signature.replaceAll(' ', '+'),
    amzDate: '',
    requestedAtMs: Number.NaN,
    expiresAtMs: Number(expires) * 1_000,
    sessionToken: query.get('x-amz-security-token') ?? undefined,
  };
  return { kind: 'credential', credential };
}
