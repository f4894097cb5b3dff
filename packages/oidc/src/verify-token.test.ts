import { createHmac } from 'node:crypto';
import { decidingStep } from '@pergola/kernel';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claims, issuer, key, mint, nowMs, strangerKey } from '../tests/fixtures.ts';
import {
  decodeToken,
  exportPublicPem,
  type KeyFailure,
  mintToken,
  type TokenExpectations,
  verifyToken,
  verifyWithKeys,
} from './index.ts';

const keys = new Map([[key.kid, key.publicKey]]);
const expected: TokenExpectations = { issuer, audiences: ['sts.amazonaws.com', 'openshift'], nowMs };

function judge(jwt: string, changes: Partial<TokenExpectations> = {}) {
  const verdict = verifyWithKeys(jwt, keys, { ...expected, ...changes });
  const step = decidingStep(verdict.steps);
  return { allowed: verdict.allowed, failure: verdict.failure, check: step?.check, link: step?.link };
}

const unknownKey = {
  ok: false as const,
  error: { reason: 'unknown-key', detail: 'none' } satisfies KeyFailure,
};
const seconds = Math.floor(nowMs / 1000);

describe('verification', () => {
  it('lists every check of a good token, in order', async () => {
    const verdict = verifyWithKeys(await mint(), keys, expected);
    expect(verdict.allowed).toBe(true);
    expect(verdict.claims).toMatchObject(claims);
    expect(verdict.steps.map((step) => `${step.check} ${step.link ?? ''}`.trim())).toEqual([
      'oidc.format',
      'oidc.claims T4',
      'oidc.issuer T1',
      'oidc.discovery T6',
      'oidc.key T7',
      'oidc.signature T7',
      'oidc.time T5',
      'oidc.audience T3',
    ]);
  });

  it('judges a token that is decoded already like the text of it', async () => {
    const find = async (_issuer: string, kid: string | undefined) =>
      kid === key.kid ? { ok: true as const, value: key.publicKey } : unknownKey;
    for (const jwt of [await mint(), `${await mint()}x`, 'x', await mint({ aud: 'others' })]) {
      const byText = await verifyToken(jwt, { ...expected, keys: find });
      expect(await verifyToken(jwt, { ...expected, keys: find, decoded: decodeToken(jwt) })).toEqual(byText);
    }
  });

  it('says what is wrong with a bad one', async () => {
    expect(judge('x')).toMatchObject({ failure: { reason: 'malformed' }, check: 'oidc.format' });
    expect(judge(await mint({ aud: undefined }))).toMatchObject({
      failure: { reason: 'missing-claim', claim: 'aud' },
      check: 'oidc.claims',
      link: 'T4',
    });
    expect(judge(await mint({ iss: `${issuer}/` }))).toMatchObject({
      failure: { reason: 'wrong-issuer' },
      check: 'oidc.issuer',
      link: 'T1',
    });
    expect(judge(await mint({}, strangerKey))).toMatchObject({
      failure: { reason: 'no-key' },
      check: 'oidc.key',
      link: 'T7',
    });
    expect(judge(await mint({}, { ...strangerKey, kid: key.kid }))).toMatchObject({
      failure: { reason: 'bad-signature' },
      check: 'oidc.signature',
      link: 'T7',
    });
    expect(judge(await mint({ aud: 'https://elsewhere' }))).toMatchObject({
      failure: { reason: 'wrong-audience' },
      check: 'oidc.audience',
      link: 'T3',
    });
  });

  it('ends with the second in which the token expires', async () => {
    const jwt = await mint();
    expect(judge(jwt, { nowMs: (seconds + 3600) * 1000 - 1 }).allowed).toBe(true);
    expect(judge(jwt, { nowMs: (seconds + 3600) * 1000 })).toMatchObject({
      failure: { reason: 'expired', expiresAt: seconds + 3600 },
      check: 'oidc.time',
      link: 'T5',
    });
  });

  it('forgives a clock that is a little ahead, not one that is far', async () => {
    const jwt = await mint();
    expect(judge(jwt, { nowMs: nowMs - 300_000 }).allowed).toBe(true);
    expect(judge(jwt, { nowMs: nowMs - 302_000 }).failure).toEqual({ reason: 'not-yet-valid' });
    expect(judge(jwt, { nowMs: nowMs - 302_000, skewSeconds: 400 }).allowed).toBe(true);
  });

  it('asks only for the claims and audiences it is told to', async () => {
    expect(judge(await mint({ sub: undefined }), { requiredClaims: ['iss'] }).allowed).toBe(true);
    expect(judge(await mint({ aud: 'any' }), { audiences: undefined }).allowed).toBe(true);
    expect(judge(await mint({ aud: [] })).failure).toEqual({ reason: 'wrong-audience' });
    expect(judge(await mint(), { audiences: [] }).failure).toEqual({ reason: 'wrong-audience' });
  });
});

describe('forgeries', () => {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const body = { ...claims, exp: seconds + 60, iat: seconds };

  it('without a signature', () => {
    for (const alg of ['none', 'None', 'HS256', 'RS384', 'PS256']) {
      expect(judge(`${part({ alg, kid: key.kid })}.${part(body)}.AAAA`).failure).toEqual({
        reason: 'unsupported-algorithm',
      });
    }
    expect(judge(`${part({ alg: 'none' })}.${part(body)}.`).failure).toEqual({ reason: 'malformed' });
  });

  it('with the public key as an HMAC secret', () => {
    const text = `${part({ alg: 'RS256', kid: key.kid })}.${part(body)}`;
    const mac = createHmac('sha256', exportPublicPem(key)).update(text).digest('base64url');
    expect(judge(`${text}.${mac}`).failure).toEqual({ reason: 'bad-signature' });
  });

  it('with a key of their own in the header', async () => {
    const jwt = await mintToken({ ...strangerKey, kid: key.kid }, claims, {
      nowMs,
      ttlSeconds: 60,
      jti: 'j',
    });
    const [, payload, signature] = jwt.split('.');
    const head = part({ alg: 'RS256', kid: key.kid, jwk: strangerKey.jwk });
    expect(judge(`${head}.${payload}.${signature}`).failure).toEqual({ reason: 'bad-signature' });
  });

  it('with any one character changed', async () => {
    const jwt = await mint();
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.';
    fc.assert(
      fc.property(fc.nat(jwt.length - 1), fc.constantFrom(...alphabet), (at, character) => {
        fc.pre(jwt[at] !== character);
        expect(judge(`${jwt.slice(0, at)}${character}${jwt.slice(at + 1)}`).allowed).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});

describe('with keys to be fetched', () => {
  it('asks for the key of issuer and id', async () => {
    const asked: unknown[] = [];
    const verdict = await verifyToken(await mint(), {
      ...expected,
      issuer: undefined,
      keys: async (...names) => {
        asked.push(names);
        return { ok: true, value: key.publicKey };
      },
    });
    expect(verdict.allowed).toBe(true);
    expect(asked).toEqual([[issuer, key.kid]]);
  });

  it('does not ask for a token that is bad without', async () => {
    const verdict = await verifyToken('x.y.z', {
      ...expected,
      keys: () => Promise.reject(new Error('asked')),
    });
    expect(verdict.failure).toEqual({ reason: 'malformed' });
  });

  it.each<[KeyFailure['reason'], string, string]>([
    ['unreachable', 'oidc.discovery', 'T6'],
    ['refused', 'oidc.discovery', 'T6'],
    ['issuer-mismatch', 'oidc.discovery', 'T6'],
    ['bad-jwks', 'oidc.discovery', 'T6'],
    ['unknown-key', 'oidc.key', 'T7'],
  ])('tells %s as %s', async (reason, check, link) => {
    const failure: KeyFailure = { reason, detail: 'because', url: 'https://x' };
    const verdict = await verifyToken(await mint(), {
      ...expected,
      keys: async () => ({ ok: false, error: failure }),
    });
    expect(verdict).toMatchObject({ allowed: false, failure: { reason: 'no-key', failure } });
    const step = decidingStep(verdict.steps);
    expect(step).toMatchObject({ check, link, because: 'because', evidence: { reason } });
    expect(step?.fix).toBeTruthy();
  });
});
