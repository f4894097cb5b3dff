// Canonical forms of a request (AWS General Reference, "Create a signed AWS API request").
import { hash } from 'node:crypto';
import type { SignableRequest } from './request.ts';

/** S3 signs the path as it is; every other service signs it normalised and encoded once more. */
export type PathStyle = 's3' | 'encoded-twice';

const UNRESERVED = /^[A-Za-z0-9\-._~]*$/;
const UNRESERVED_PATH = /^[A-Za-z0-9\-._~/]*$/;

/** Percent-encodes everything but RFC 3986 unreserved characters, upper-case hex. Never throws. */
export function encodeComponent(text: string): string {
  if (UNRESERVED.test(text)) return text;
  // The way through bytes turns lone surrogates into U+FFFD, on which encodeURIComponent would throw.
  return encodeURIComponent(Buffer.from(text).toString()).replace(/[!'()*]/g, percentEncode);
}

function percentEncode(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** Decodes and encodes again, so that clients may escape more or less than they must. Byte-exact for invalid UTF-8. */
function recode(text: string): string {
  if (UNRESERVED.test(text)) return text;
  try {
    return encodeComponent(decodeURIComponent(text));
  } catch {
    // Not UTF-8, or a stray `%`: keep valid escapes as they are and escape the rest.
    return text
      .split(/(%[0-9A-Fa-f]{2})/)
      .map((part, index) => (index % 2 === 1 ? part.toUpperCase() : encodeComponent(part)))
      .join('');
  }
}

/** The path as it enters the canonical request. */
export function canonicalPath(path: string, style: PathStyle): string {
  if (path === '/' || path === '') return '/';
  if (style === 's3') return UNRESERVED_PATH.test(path) ? path : path.split('/').map(recode).join('/');
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '.' && segment !== '') kept.push(encodeComponent(segment));
  }
  const slash = kept.length > 0 && /\/(?:\.{1,2})?$/.test(path) ? '/' : '';
  return `/${kept.join('/')}${slash}`;
}

/** The query as it enters the canonical request, without the parameter called `except`. */
export function canonicalQuery(query: string, except?: string): string {
  if (query === '') return '';
  const pairs: [string, string][] = [];
  for (const part of query.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = recode(plusToSpace(equals < 0 ? part : part.slice(0, equals)));
    if (name === except) continue;
    pairs.push([name, equals < 0 ? '' : recode(plusToSpace(part.slice(equals + 1)))]);
  }
  // Encoded text is ASCII, so the order of code units is the order of bytes.
  pairs.sort(([nameA, valueA], [nameB, valueB]) => order(nameA, nameB) || order(valueA, valueB));
  return pairs.map(([name, value]) => `${name}=${value}`).join('&');
}

function plusToSpace(text: string): string {
  return text.includes('+') ? text.replaceAll('+', '%20') : text;
}

function order(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** `name:value\n` for each signed header, in the order of the list. Absent headers count as empty. */
export function canonicalHeaders(request: SignableRequest, signedHeaders: readonly string[]): string {
  let text = '';
  for (const name of signedHeaders) text += `${name}:${canonicalValue(request.headers[name] ?? '')}\n`;
  return text;
}

function canonicalValue(value: string): string {
  const trimmed = value.trim();
  return trimmed.includes('  ') ? trimmed.replace(/ +/g, ' ') : trimmed;
}

/** What the canonical request is made of beside the request itself. */
export interface CanonicalParts {
  readonly signedHeaders: readonly string[];
  readonly payloadHash: string;
  readonly pathStyle: PathStyle;
  /** Query parameter that carries the signature itself. */
  readonly exceptParameter?: string;
}

/** The canonical request of SigV4. */
export function canonicalRequest(request: SignableRequest, parts: CanonicalParts): string {
  const path = canonicalPath(request.path, parts.pathStyle);
  const query = canonicalQuery(request.query, parts.exceptParameter);
  const headers = canonicalHeaders(request, parts.signedHeaders);
  return `${request.method}\n${path}\n${query}\n${headers}\n${parts.signedHeaders.join(';')}\n${parts.payloadHash}`;
}

/** The string to sign of SigV4. */
export function stringToSign(amzDate: string, scope: string, canonical: string): string {
  return `AWS4-HMAC-SHA256\n${amzDate}\n${scope}\n${hash('sha256', canonical, 'hex')}`;
}
