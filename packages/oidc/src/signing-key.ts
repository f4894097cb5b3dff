// The RSA key that an issuer signs with, and how it is named, kept and shown. A key's id is the hash of its
// public half, as Kubernetes makes it, so that the same key has the same id everywhere.
import { createHash, createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { assert } from '@pergola/kernel';

/** The public half of a key as a JWKS lists it. */
export interface PublicJwk {
  readonly use: 'sig';
  readonly kty: 'RSA';
  readonly kid: string;
  readonly alg: 'RS256';
  readonly n: string;
  readonly e: string;
}

export interface SigningKey {
  /** base64url(sha256(DER SubjectPublicKeyInfo)). */
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly jwk: PublicJwk;
}

const modulusBits = 2048;

/** A new RSA-2048 key. Takes about 0.2 s of another thread. */
export function generateSigningKey(): Promise<SigningKey> {
  return new Promise((resolve, reject) => {
    generateKeyPair('rsa', { modulusLength: modulusBits }, (error, _publicKey, privateKey) => {
      if (error) reject(error);
      else resolve(signingKeyOf(privateKey));
    });
  });
}

/** Reads a PEM private key (PKCS#8 or PKCS#1). Throws when it is no RSA key of at least 2048 bits. */
export function importSigningKey(pem: string): SigningKey {
  return signingKeyOf(createPrivateKey(pem));
}

/** PKCS#8 PEM of the private key: a secret. */
export function exportPem(key: SigningKey): string {
  return key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** SubjectPublicKeyInfo PEM of the public key. */
export function exportPublicPem(key: SigningKey): string {
  return key.publicKey.export({ type: 'spki', format: 'pem' }).toString();
}

function signingKeyOf(privateKey: KeyObject): SigningKey {
  if (!isStrongRsa(privateKey))
    throw new TypeError(`a signing key must be RSA with at least ${modulusBits} bits`);
  const publicKey = createPublicKey(privateKey);
  const kid = keyIdOf(publicKey);
  const { n, e } = publicKey.export({ format: 'jwk' });
  assert(n !== undefined && e !== undefined, 'an RSA key has a modulus and an exponent');
  return { kid, privateKey, publicKey, jwk: { use: 'sig', kty: 'RSA', kid, alg: 'RS256', n, e } };
}

/** The id that Kubernetes gives a public key. */
function keyIdOf(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64url');
}

/** RSA with a modulus that RS256 may be trusted with. */
export function isStrongRsa(key: KeyObject): boolean {
  return key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= modulusBits;
}
