// Signing, for our own clients: synchronous, header form only.
import { hash } from 'node:crypto';
import { renderAmzDate } from './amz-date.ts';
import { canonicalRequest, stringToSign } from './canonical.ts';
import { renderScope, type SignableRequest } from './request.ts';
import { deriveSigningKey, hmacHex } from './signing-key.ts';

export interface SigningCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface SignOptions {
  readonly credentials: SigningCredentials;
  readonly region: string;
  readonly service: string;
  readonly nowMs: number;
  /** The whole body; absent means empty. */
  readonly body?: string | Uint8Array;
}

/**
 * The headers of `request` with those that sign it: `x-amz-date`, `x-amz-content-sha256`, `x-amz-security-token` for
 * temporary credentials, and `authorization`. Every header that is passed in is signed; `host` must be among them.
 */
export function signRequest(request: SignableRequest, options: SignOptions): Record<string, string> {
  const { credentials, region, service } = options;
  const amzDate = renderAmzDate(options.nowMs);
  const payloadHash = hash('sha256', options.body ?? '', 'hex');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name.toLowerCase()] = value;
  }
  headers['x-amz-date'] = amzDate;
  headers['x-amz-content-sha256'] = payloadHash;
  if (credentials.sessionToken) headers['x-amz-security-token'] = credentials.sessionToken;

  const scope = { date: amzDate.slice(0, 8), region, service };
  const signedHeaders = Object.keys(headers).sort();
  const canonical = canonicalRequest(
    { ...request, headers },
    { signedHeaders, payloadHash, pathStyle: service === 's3' ? 's3' : 'encoded-twice' },
  );
  const key = deriveSigningKey(credentials.secretAccessKey, scope);
  const signature = hmacHex(key, stringToSign(amzDate, renderScope(scope), canonical));
  headers['authorization'] =
    `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${renderScope(scope)}, ` +
    `SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`;
  return headers;
}
