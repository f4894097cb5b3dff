// oidc: tokens that say who a workload is. Mint, publish, fetch keys, verify, and say why not.
export {
  type DiscoveryDocument,
  discoveryDocument,
  discoveryUrl,
  type Jwks,
  jwksOf,
} from './issuer-documents.ts';
export {
  createKeyCache,
  type FetchDocument,
  type KeyCache,
  type KeyCacheOptions,
  type KeyFailure,
  type KeyLookup,
} from './key-cache.ts';
export {
  exportPem,
  exportPublicPem,
  generateSigningKey,
  importSigningKey,
  type PublicJwk,
  type SigningKey,
} from './signing-key.ts';
export {
  audiencesOf,
  type DecodedToken,
  decodeToken,
  mintToken,
  type MintOptions,
  type TokenClaims,
  type TokenHeader,
} from './token.ts';
export type { TokenExpectations, TokenFailure, TokenVerdict } from './token-check.ts';
export { type LocalKeys, type VerifyOptions, verifyToken, verifyWithKeys } from './verify-token.ts';
