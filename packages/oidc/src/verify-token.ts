// Is this token true, and meant for us, now? The whole verification, in order: form, claims, issuer, keys,
// signature, times, audience.
import type { KeyObject } from 'node:crypto';
import type { Result } from '@pergola/kernel';
import type { KeyLookup } from './key-cache.ts';
import { type DecodedToken, decodeToken } from './token.ts';
import { TokenCheck, type TokenExpectations, type TokenVerdict } from './token-check.ts';

export interface VerifyOptions extends TokenExpectations {
  /** Finds the issuer's key, e.g. `KeyCache.lookup`. Must not reject. */
  readonly keys: (issuer: string, kid: string | undefined) => Promise<KeyLookup>;
  /** What `decodeToken` said of this very token, when the caller has it already. */
  readonly decoded?: Result<DecodedToken>;
}

/** Verifies a token whose keys may have to be fetched. Never throws for a bad token. */
export async function verifyToken(jwt: string, options: VerifyOptions): Promise<TokenVerdict> {
  const check = new TokenCheck(options);
  const token = check.form(options.decoded ?? decodeToken(jwt));
  if (!token) return check.verdict();
  const key = check.key(token, await options.keys(token.claims.iss ?? '', token.header.kid));
  if (key && check.signature(token, key)) check.timesAndAudience(token);
  return check.verdict();
}

/** Keys by id. */
export type LocalKeys = ReadonlyMap<string, KeyObject>;

/** The same checks, with keys at hand. */
export function verifyWithKeys(jwt: string, keys: LocalKeys, expected: TokenExpectations): TokenVerdict {
  const check = new TokenCheck(expected);
  const token = check.form(decodeToken(jwt));
  if (!token) return check.verdict();
  const key = check.key(token, lookupLocal(keys, token.header.kid));
  if (key && check.signature(token, key)) check.timesAndAudience(token);
  return check.verdict();
}

function lookupLocal(keys: LocalKeys, kid: string | undefined): KeyLookup {
  const key = kid === undefined ? undefined : keys.get(kid);
  if (key) return { ok: true, value: key };
  const detail = kid === undefined ? 'the token names no key' : `there is no key ${kid}`;
  return { ok: false, error: { reason: 'unknown-key', detail } };
}
