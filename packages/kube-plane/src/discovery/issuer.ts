// The documents by which others know this cluster as an issuer, and where `oc login` finds the OAuth server.
import type { Call, Plane, WholeAnswer } from '../contract.ts';
import { jsonAnswer } from '../render/status.ts';

const CACHED_FOR_AN_HOUR = { 'Cache-Control': 'public, max-age=3600' };

export function openidAnswer(_call: Call, plane: Plane): WholeAnswer {
  return jsonAnswer(200, plane.tokens.discovery, CACHED_FOR_AN_HOUR);
}

export function jwksAnswer(_call: Call, plane: Plane): WholeAnswer {
  return jsonAnswer(200, plane.tokens.jwks, {
    ...CACHED_FOR_AN_HOUR,
    'Content-Type': 'application/jwk-set+json',
  });
}

/** `oc login --token` only wants this document to exist; there is no password login behind it. */
export function oauthAnswer(_call: Call, plane: Plane): WholeAnswer {
  const issuer = plane.url();
  return jsonAnswer(200, {
    issuer,
    authorization_endpoint: `${issuer}/oauth/authorize`,
    token_endpoint: `${issuer}/oauth/token`,
    scopes_supported: ['user:check-access', 'user:full', 'user:info', 'user:list-projects'],
    response_types_supported: ['code', 'token'],
    grant_types_supported: ['authorization_code', 'implicit'],
    code_challenge_methods_supported: ['plain', 'S256'],
  });
}
