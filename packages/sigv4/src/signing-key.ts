// Derived signing keys. Deriving costs four HMACs, so keys are kept by secret and scope.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { LruMap } from '@pergola/kernel';
import type { CredentialScope } from './request.ts';

/** HMAC-SHA256 of `text`, raw. */
function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** HMAC-SHA256 of `text`, in hex. */
export function hmacHex(key: Buffer | string, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex');
}

/** The signing key of a secret for one scope. */
export function deriveSigningKey(secretAccessKey: string, scope: CredentialScope): Buffer {
  const date = hmac(`AWS4${secretAccessKey}`, scope.date);
  return hmac(hmac(hmac(date, scope.region), scope.service), 'aws4_request');
}

/** Scopes are the caller's words, read before anything is verified: no true one is longer. */
const KEPT_SCOPE_CHARS_MAX = 128;

/** A bounded cache of signing keys. */
export class SigningKeys {
  readonly #keys: LruMap<string, Buffer>;

  constructor(capacity = 1_000) {
    this.#keys = new LruMap(capacity);
  }

  get(secretAccessKey: string, scope: CredentialScope): Buffer {
    const name = `${secretAccessKey}/${scope.date}/${scope.region}/${scope.service}`;
    const known = this.#keys.get(name);
    if (known) return known;
    const key = deriveSigningKey(secretAccessKey, scope);
    if (scope.region.length + scope.service.length <= KEPT_SCOPE_CHARS_MAX) this.#keys.set(name, key);
    return key;
  }
}

/** Compares two texts in time that depends on their lengths only. */
export function secretsEqual(left: string, right: string): boolean {
  const a = Buffer.from(left);
  const b = Buffer.from(right);
  return a.length === b.length && timingSafeEqual(a, b);
}
