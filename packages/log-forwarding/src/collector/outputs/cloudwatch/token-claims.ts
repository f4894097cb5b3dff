// What the web identity token says of itself, read without verifying it: evidence for whoever looks for the reason of a
// refusal. The token itself never leaves this file.
import { isRecord } from '@pergola/kernel';

export interface TokenClaims {
  readonly subject?: string | undefined;
  readonly audience?: string | undefined;
  readonly issuer?: string | undefined;
  /** RFC 3339. */
  readonly expires?: string | undefined;
}

/** The claims of a JWT; none of what is not there. */
export function claimsOf(token: string): TokenClaims {
  const payload = parsePayload(token.trim().split('.')[1] ?? '');
  if (!isRecord(payload)) return {};
  const { sub, aud, iss, exp } = payload;
  const audiences = Array.isArray(aud) ? aud.filter((item) => typeof item === 'string') : [aud];
  return {
    subject: typeof sub === 'string' ? sub : undefined,
    audience: typeof audiences[0] === 'string' ? audiences.join(',') : undefined,
    issuer: typeof iss === 'string' ? iss : undefined,
    expires: typeof exp === 'number' ? new Date(exp * 1000).toISOString() : undefined,
  };
}

function parsePayload(base64: string): unknown {
  try {
    return JSON.parse(Buffer.from(base64, 'base64url').toString('utf8'));
  } catch {
    // Not a JWT: then there is nothing to tell.
    return undefined;
  }
}
