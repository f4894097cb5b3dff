// The cluster as an issuer of service-account tokens.
import type { Clock, Random } from '@pergola/kernel';
import { discoveryDocument, jwksOf, mintToken, type SigningKey } from '@pergola/oidc';
import { assert } from '@pergola/kernel';
import type { TokenIssuer } from '../contract.ts';

export interface TokenIssuerOptions {
  readonly issuer: string;
  /** The first signs; all are published. */
  readonly signingKeys: readonly SigningKey[];
  readonly clock: Clock;
  readonly random: Random;
}

export function createTokenIssuer({ issuer, signingKeys, clock, random }: TokenIssuerOptions): TokenIssuer {
  const [signer] = signingKeys;
  assert(signer, 'a cluster has at least one signing key');
  return {
    issuer,
    jwks: { ...jwksOf(signingKeys) },
    discovery: { ...discoveryDocument(issuer) },
    mint: (claims, ttlSeconds) =>
      mintToken(signer, { ...claims, iss: issuer }, { nowMs: clock.nowMs(), ttlSeconds, jti: random.uuid() }),
  };
}
