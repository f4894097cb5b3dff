// One key for all tests, since making one takes 0.2 s, and an issuer that serves its documents from memory.
import { fakeClock } from '@pergola/kernel';
import {
  discoveryDocument,
  discoveryUrl,
  type FetchDocument,
  generateSigningKey,
  jwksOf,
  mintToken,
  type SigningKey,
} from '../src/index.ts';

export const issuer = 'https://rosa-oidc.s3.us-east-1.amazonaws.com';
export const jwksUrl = `${issuer}/keys.json`;
export const subject = 'system:serviceaccount:shop:api';
export const nowMs = fakeClock().nowMs();

export const key = await generateSigningKey();
export const strangerKey = await generateSigningKey();

export const claims = { iss: issuer, sub: subject, aud: ['sts.amazonaws.com'] };

/** A token that is good for an hour, with changes. */
export function mint(
  changes: Readonly<Record<string, unknown>> = {},
  signer: SigningKey = key,
): Promise<string> {
  return mintToken(signer, { ...claims, ...changes }, { nowMs, ttlSeconds: 3600, jti: 'j-1' });
}

export type Answer = { readonly status: number; readonly body: string } | Error;

/** The documents of the issuer by address, and how often each was asked for. */
export function servedBy(documents: Map<string, Answer>): {
  readonly fetch: FetchDocument;
  readonly asked: string[];
} {
  const asked: string[] = [];
  return {
    asked,
    fetch: async (url) => {
      asked.push(url);
      const answer = documents.get(url) ?? { status: 404, body: '' };
      if (answer instanceof Error) throw answer;
      return { ...answer, contentType: 'application/json' };
    },
  };
}

export function document(value: unknown): Answer {
  return { status: 200, body: JSON.stringify(value) };
}

/** What the issuer publishes when all is well. */
export function goodDocuments(...keys: readonly SigningKey[]): Map<string, Answer> {
  return new Map([
    [discoveryUrl(issuer), document(discoveryDocument(issuer, jwksUrl))],
    [jwksUrl, document(jwksOf(keys.length > 0 ? keys : [key]))],
  ]);
}
