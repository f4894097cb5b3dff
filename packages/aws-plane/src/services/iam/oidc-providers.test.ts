import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkThumbprints, issuerPath } from './oidc-providers.ts';

describe('the URL of an issuer', () => {
  it.each([
    ['https://oidc.example.com', 'oidc.example.com'],
    ['https://oidc.example.com/', 'oidc.example.com'],
    ['https://bucket.s3.us-east-1.amazonaws.com/Some/Path', 'bucket.s3.us-east-1.amazonaws.com/Some/Path'],
  ])('%s is %s', (url, path) => {
    expect(issuerPath(url)).toBe(path);
  });

  it.each([
    'http://a.example.com',
    'https://',
    'https:///path',
    'https://a.example.com:443',
    'https://user@a.example.com',
    'https://a.example.com/?q',
    'https://a.example.com#f',
    'ftp://a.example.com',
    'a.example.com',
    `https://a.example.com/${'x'.repeat(255)}`,
  ])('%s is refused', (url) => {
    expect(() => issuerPath(url)).toThrow(/Open ID Connect/i);
  });

  const parts = fc.tuple(
    fc.constantFrom('https://', 'http://', 'HTTPS://', ''),
    fc.oneof(fc.constantFrom('a.example.com', 'a.example.com:1', 'u@a.example.com', ''), fc.string()),
    fc.oneof(fc.constantFrom('', '/', '/a/B', '?q=1', '#f', '/a?q'), fc.string()),
  );

  it('is taken whole or refused, whatever it is', () => {
    fc.assert(
      fc.property(parts, ([scheme, host, rest]) => {
        const url = scheme + host + rest;
        let path: string;
        try {
          path = issuerPath(url);
        } catch (error) {
          expect(error).toMatchObject({ status: 400 });
          return;
        }
        expect([`https://${path}`, `https://${path}/`]).toContain(url);
        expect(path).not.toMatch(/[?#]/);
        expect(path.split('/')[0]).not.toMatch(/[:@]/);
      }),
    );
  });
});

describe('thumbprints', () => {
  it('are SHA-1 digests in hex, five at most', () => {
    expect(() => checkThumbprints(Array.from({ length: 5 }, () => 'aB'.repeat(20)))).not.toThrow();
    expect(() => checkThumbprints(['g'.repeat(40)])).toThrow(/40 characters/);
    expect(() => checkThumbprints(Array.from({ length: 6 }, () => 'a'.repeat(40)))).toThrow(
      'Thumbprint list must contain fewer than 5 entries.',
    );
  });
});
