// sigv4: signatures of AWS requests, made and verified. Pure: keys and time are passed in.
export { parseAmzDate, renderAmzDate } from './amz-date.ts';
export type { PathStyle } from './canonical.ts';
export {
  ChunkedDecoder,
  type ChunkedOptions,
  ChunkError,
  type ChunkFailure,
  type ChunkSigning,
} from './chunked.ts';
export {
  type Credential,
  type CredentialForm,
  type CredentialProblem,
  type CredentialReading,
  readCredential,
} from './credential.ts';
export {
  type CredentialScope,
  EMPTY_SHA256,
  payloads,
  renderScope,
  type SignableRequest,
} from './request.ts';
export { type SigningCredentials, type SignOptions, signRequest } from './sign.ts';
export { secretsEqual } from './signing-key.ts';
export type { SignatureFailure, SignatureVerdict } from './verdict.ts';
export { type KeyMaterial, SignatureVerifier, type VerifyOptions } from './verify.ts';
