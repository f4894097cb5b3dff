// The two documents by which the world knows an issuer, as a Kubernetes API server writes them.
import type { PublicJwk, SigningKey } from './signing-key.ts';

export interface Jwks {
  readonly keys: readonly PublicJwk[];
}

/** OpenID Provider Configuration, the fields that Kubernetes gives. */
export interface DiscoveryDocument {
  readonly issuer: string;
  readonly jwks_uri: string;
  readonly response_types_supported: readonly string[];
  readonly subject_types_supported: readonly string[];
  readonly id_token_signing_alg_values_supported: readonly string[];
}

/** Served at `/openid/v1/jwks` with content type `application/jwk-set+json`. */
export function jwksOf(keys: readonly SigningKey[]): Jwks {
  return { keys: keys.map((key) => key.jwk) };
}

/** Served at `/.well-known/openid-configuration`. */
export function discoveryDocument(
  issuer: string,
  jwksUri = `${withoutSlash(issuer)}/openid/v1/jwks`,
): DiscoveryDocument {
  return {
    issuer,
    jwks_uri: jwksUri,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  };
}

/** Where an issuer's discovery document is. */
export function discoveryUrl(issuer: string): string {
  return `${withoutSlash(issuer)}/.well-known/openid-configuration`;
}

function withoutSlash(url: string): string {
  return url.endsWith('/') ? url.slice(0, -1) : url;
}
