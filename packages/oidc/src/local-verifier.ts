// Verification by an issuer of its own tokens, which come with every request: signatures that were found
// good are remembered by the hash of the token, times and audience are checked on each use.
import { hash } from 'node:crypto';
import { LruMap } from '@pergola/kernel';
import type { SigningKey } from './signing-key.ts';
import type { DecodedToken } from './token.ts';
import { TokenCheck, type TokenVerdict } from './token-check.ts';
import { type LocalKeys, lookupLocal } from './verify-token.ts';

export interface LocalVerifierOptions {
  readonly issuer: string;
  /** All keys whose tokens are still good, the signing one among them. */
  readonly keys: readonly SigningKey[];
  /** Tokens remembered. Default 4096. */
  readonly rememberedMax?: number;
}

export interface LocalVerifier {
  /** Never throws for a bad token. `audiences`: one must be among the token's. */
  verify(
    jwt: string,
    expected: { readonly nowMs: number; readonly audiences: readonly string[] },
  ): TokenVerdict;
}

export function createLocalVerifier({
  issuer,
  keys,
  rememberedMax = 4096,
}: LocalVerifierOptions): LocalVerifier {
  const byId: LocalKeys = new Map(keys.map((key) => [key.kid, key.publicKey]));
  const remembered = new LruMap<string, DecodedToken>(rememberedMax);
  return {
    verify(jwt, expected) {
      const check = new TokenCheck({ issuer, ...expected });
      const id = hash('sha256', jwt, 'base64');
      const known = remembered.get(id);
      if (known) {
        check.remembered(known);
        check.timesAndAudience(known);
        return check.verdict();
      }
      const token = check.form(jwt);
      const key = token && check.key(token, lookupLocal(byId, token.header.kid));
      if (token && key && check.signature(token, key)) {
        remembered.set(id, token);
        check.timesAndAudience(token);
      }
      return check.verdict();
    },
  };
}
