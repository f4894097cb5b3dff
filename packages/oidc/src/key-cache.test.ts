import { generateKeyPairSync } from 'node:crypto';
import { fakeClock } from '@pergola/kernel';
import { describe, expect, it } from 'vitest';
import {
  type Answer,
  document,
  goodDocuments,
  issuer,
  jwksUrl,
  key,
  servedBy,
  strangerKey,
} from '../tests/fixtures.ts';
import { createKeyCache, discoveryDocument, discoveryUrl, type FetchDocument, jwksOf } from './index.ts';

const discovery = discoveryUrl(issuer);

function cacheOf(documents: Map<string, Answer>) {
  const clock = fakeClock();
  const { fetch, asked } = servedBy(documents);
  return { cache: createKeyCache({ fetch, clock }), clock, asked, documents };
}

async function failureOf(documents: Map<string, Answer>, kid: string | undefined = key.kid) {
  const lookup = await cacheOf(documents).cache.lookup(issuer, kid);
  return lookup.ok ? undefined : lookup.error;
}

const goodWith = (url: string, answer: Answer) => goodDocuments().set(url, answer);

describe('looking up a key', () => {
  it('fetches discovery and JWKS once', async () => {
    const { cache, asked } = cacheOf(goodDocuments());
    for (let i = 0; i < 3; i++) {
      const lookup = await cache.lookup(issuer, key.kid);
      expect(lookup.ok && lookup.value.equals(key.publicKey)).toBe(true);
    }
    expect(asked).toEqual([discovery, jwksUrl]);
  });

  it('fetches once for many that ask at the same time', async () => {
    const { cache, asked } = cacheOf(goodDocuments());
    const lookups = await Promise.all(Array.from({ length: 20 }, () => cache.lookup(issuer, key.kid)));
    expect(lookups.every((lookup) => lookup.ok)).toBe(true);
    expect(asked).toHaveLength(2);
  });

  it('takes the only key for a token that names none, never one of several', async () => {
    expect(await failureOf(goodDocuments(), undefined)).toBeUndefined();
    expect(await cacheOf(goodDocuments(key, strangerKey)).cache.lookup(issuer, undefined)).toMatchObject({
      ok: false,
      error: { reason: 'unknown-key' },
    });
  });

  it('fetches again when the keys are old', async () => {
    const { cache, clock, asked, documents } = cacheOf(goodDocuments());
    await cache.lookup(issuer, key.kid);
    documents.set(jwksUrl, document(jwksOf([strangerKey])));
    clock.advance(59_999);
    expect((await cache.lookup(issuer, key.kid)).ok).toBe(true);
    clock.advance(1);
    expect((await cache.lookup(issuer, key.kid)).ok).toBe(false);
    expect(asked).toHaveLength(4);
  });

  it('forgets an issuer when told to', async () => {
    const { cache, asked } = cacheOf(goodDocuments());
    await cache.lookup(issuer, key.kid);
    cache.forget(issuer);
    await cache.lookup(issuer, key.kid);
    expect(asked).toHaveLength(4);
  });

  it('keeps issuers apart', async () => {
    const other = 'https://other.example';
    const documents = goodDocuments();
    documents.set(discoveryUrl(other), document(discoveryDocument(other)));
    documents.set(`${other}/openid/v1/jwks`, document(jwksOf([strangerKey])));
    const { cache } = cacheOf(documents);
    expect((await cache.lookup(issuer, strangerKey.kid)).ok).toBe(false);
    expect((await cache.lookup(other, strangerKey.kid)).ok).toBe(true);
  });
});

describe('a key that is not known', () => {
  it('is looked for once more, at once', async () => {
    const { cache, documents, asked } = cacheOf(goodDocuments());
    await cache.lookup(issuer, key.kid);
    documents.set(jwksUrl, document(jwksOf([key, strangerKey])));
    expect((await cache.lookup(issuer, strangerKey.kid)).ok).toBe(true);
    expect(asked).toHaveLength(4);
  });

  it('does not make every made-up id a fetch', async () => {
    const { cache, clock, asked } = cacheOf(goodDocuments());
    await cache.lookup(issuer, key.kid);
    for (let i = 0; i < 10; i++) {
      expect(await cache.lookup(issuer, `made-up-${i}`)).toMatchObject({
        ok: false,
        error: { reason: 'unknown-key' },
      });
    }
    expect(asked).toHaveLength(4);
    clock.advance(5_000);
    await cache.lookup(issuer, 'made-up');
    expect(asked).toHaveLength(6);
  });

  it('does not displace the keys that are', async () => {
    const { cache } = cacheOf(goodDocuments());
    await cache.lookup(issuer, 'made-up');
    expect((await cache.lookup(issuer, key.kid)).ok).toBe(true);
  });
});

describe('an issuer whose answer will not do', () => {
  const elsewhere = { ...discoveryDocument(issuer), jwks_uri: 'https://evil.example/keys.json' };
  it.each<[string, string, Map<string, Answer>]>([
    ['refused', 'no discovery document', goodWith(discovery, { status: 404, body: '' })],
    ['refused', 'a private bucket', goodWith(jwksUrl, { status: 403, body: '<Error/>' })],
    ['refused', 'a redirect', goodWith(discovery, { status: 301, body: '' })],
    ['unreachable', 'no host', goodWith(discovery, new Error('getaddrinfo ENOTFOUND'))],
    ['unreachable', 'no host for the JWKS', goodWith(jwksUrl, new Error('timed out'))],
    ['bad-discovery', 'no JSON', goodWith(discovery, { status: 200, body: '<html>' })],
    ['bad-discovery', 'no object', goodWith(discovery, document([]))],
    ['issuer-mismatch', 'another issuer', goodWith(discovery, document(discoveryDocument(`${issuer}/`)))],
    ['bad-discovery', 'keys on another host', goodWith(discovery, document(elsewhere))],
    [
      'bad-discovery',
      'keys over http',
      goodWith(discovery, document({ ...elsewhere, jwks_uri: jwksUrl.replace('https', 'http') })),
    ],
    [
      'bad-discovery',
      'keys on another port',
      goodWith(discovery, document({ ...elsewhere, jwks_uri: `${issuer}:8443/keys.json` })),
    ],
    ['bad-discovery', 'no keys', goodWith(discovery, document({ issuer }))],
    ['bad-jwks', 'no list', goodWith(jwksUrl, document({ keys: {} }))],
    ['bad-jwks', 'an empty list', goodWith(jwksUrl, document({ keys: [] }))],
    ['bad-jwks', 'too many keys', goodWith(jwksUrl, document({ keys: Array(101).fill(key.jwk) }))],
    ['bad-jwks', 'too large a list', goodWith(jwksUrl, { status: 200, body: ' '.repeat(300_000) })],
    [
      'bad-jwks',
      'keys for something else',
      goodWith(
        jwksUrl,
        document({ keys: [{ ...key.jwk, use: 'enc' }, { kty: 'EC' }, 5, { ...key.jwk, n: '' }] }),
      ),
    ],
  ])('%s: %s', async (reason, _name, documents) => {
    const failure = await failureOf(documents);
    expect(failure?.reason).toBe(reason);
    expect(failure?.url).toMatch(/^https:/);
  });

  it('is passed over in keys, not in the list', async () => {
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' });
    const documents = goodWith(
      jwksUrl,
      document({ keys: [{ ...weak, kid: 'weak' }, { kty: 'EC', kid: 'ec' }, key.jwk] }),
    );
    expect(await failureOf(documents)).toBeUndefined();
    expect((await failureOf(documents, 'weak'))?.reason).toBe('unknown-key');
  });

  it.each([
    'http://a.example',
    'https://a.example?x=1',
    'https://u:p@a.example',
    'https://a.example#x',
    'nonsense',
    '',
  ])('is not even asked when it is %j', async (name) => {
    const { cache, asked } = cacheOf(new Map());
    expect(await cache.lookup(name, 'k')).toMatchObject({ ok: false, error: { reason: 'invalid-issuer' } });
    expect(asked).toEqual([]);
  });

  it('is asked again soon, not each time', async () => {
    const { cache, clock, asked, documents } = cacheOf(goodWith(discovery, { status: 404, body: '' }));
    await cache.lookup(issuer, key.kid);
    await cache.lookup(issuer, key.kid);
    expect(asked).toHaveLength(1);
    documents.set(discovery, document(discoveryDocument(issuer, jwksUrl)));
    clock.advance(1_000);
    expect((await cache.lookup(issuer, key.kid)).ok).toBe(true);
  });

  it('is given the limits that a fetch must keep', async () => {
    let given: unknown;
    const fetch: FetchDocument = async (_url, limits) => {
      given = limits;
      throw new Error('enough');
    };
    await createKeyCache({ fetch, clock: fakeClock(), limitBytes: 10, timeoutMs: 20 }).lookup(
      issuer,
      key.kid,
    );
    expect(given).toEqual({ limitBytes: 10, timeoutMs: 20 });
  });
});
