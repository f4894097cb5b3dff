import { createHash, generateKeyPairSync } from 'node:crypto';
import { calculateJwkThumbprint, importJWK, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { issuer, key, mint, nowMs, strangerKey } from '../tests/fixtures.ts';
import { discoveryDocument, exportPem, exportPublicPem, importSigningKey, jwksOf } from './index.ts';

describe('signing key', () => {
  it('is named by the hash of its public half, as Kubernetes does', () => {
    const der = key.publicKey.export({ type: 'spki', format: 'der' });
    expect(key.kid).toBe(createHash('sha256').update(der).digest('base64url'));
    expect(key.kid).not.toBe(strangerKey.kid);
  });

  it('comes back from PEM', () => {
    const back = importSigningKey(exportPem(key));
    expect(back.jwk).toEqual(key.jwk);
    expect(exportPublicPem(back)).toBe(exportPublicPem(key));
    const pkcs1 = key.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
    expect(importSigningKey(pkcs1).kid).toBe(key.kid);
  });

  it('is RSA with enough bits', () => {
    const pem = (pair: { privateKey: { export(o: { type: 'pkcs8'; format: 'pem' }): string | Buffer } }) =>
      pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(() => importSigningKey(pem(generateKeyPairSync('rsa', { modulusLength: 1024 })))).toThrow('2048');
    expect(() => importSigningKey(pem(generateKeyPairSync('ec', { namedCurve: 'P-256' })))).toThrow('RSA');
    expect(() => importSigningKey('nonsense')).toThrow();
  });

  it('shows only its public half', () => {
    expect(Object.keys(jwksOf([key]).keys[0] ?? {}).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
  });

  it('signs what jose verifies', async () => {
    const [jwk] = jwksOf([key]).keys;
    expect(await calculateJwkThumbprint({ ...jwk })).not.toBe('');
    const verified = await jwtVerify(await mint(), await importJWK({ ...jwk }, 'RS256'), {
      issuer,
      audience: 'sts.amazonaws.com',
      currentDate: new Date(nowMs),
    });
    const iat = Math.floor(nowMs / 1000);
    expect(verified.protectedHeader).toEqual({ alg: 'RS256', kid: key.kid });
    expect(verified.payload).toMatchObject({ iat, nbf: iat, exp: iat + 3600, jti: 'j-1' });
  });
});

describe('issuer documents', () => {
  it('are those of Kubernetes', () => {
    expect(discoveryDocument('https://k.example')).toEqual({
      issuer: 'https://k.example',
      jwks_uri: 'https://k.example/openid/v1/jwks',
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    });
  });

  it('keep the issuer as it is, whatever its end', () => {
    expect(discoveryDocument('https://k.example/')).toMatchObject({
      issuer: 'https://k.example/',
      jwks_uri: 'https://k.example/openid/v1/jwks',
    });
  });
});
