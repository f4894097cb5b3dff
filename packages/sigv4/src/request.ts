// The parts of an HTTP request that a signature covers. Nothing here knows of node:http.

/** A request as it went over the wire. */
export interface SignableRequest {
  /** Upper case. */
  readonly method: string;
  /** Raw path: starts with `/`, percent-encoded as sent, no query. */
  readonly path: string;
  /** Raw query without the leading `?`; empty when there is none. */
  readonly query: string;
  /** Names in lower case. Repeated headers are joined by `,`. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** Where a key may be used: `date/region/service/aws4_request`. `date` is `YYYYMMDD`. */
export interface CredentialScope {
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

/** The scope as it stands in strings to sign. */
export function renderScope(scope: CredentialScope): string {
  return `${scope.date}/${scope.region}/${scope.service}/aws4_request`;
}

/** Payload hashes that are words: the body is not covered by the signature, or is signed chunk by chunk. */
export const payloads = {
  unsigned: 'UNSIGNED-PAYLOAD',
  signedChunks: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  signedChunksTrailer: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
  unsignedChunksTrailer: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
} as const;

/** SHA-256 of no bytes, in hex. */
export const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
