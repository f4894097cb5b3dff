import { describe, expect, it } from 'vitest';
import { issuer, key, mint, nowMs, strangerKey } from '../tests/fixtures.ts';
import { createLocalVerifier } from './index.ts';

const audiences = ['https://kubernetes.default.svc', 'sts.amazonaws.com'];

describe('local verifier', () => {
  it('says the same the second time, and remembers the signature', async () => {
    const verifier = createLocalVerifier({ issuer, keys: [strangerKey, key] });
    const jwt = await mint();
    const first = verifier.verify(jwt, { nowMs, audiences });
    const second = verifier.verify(jwt, { nowMs, audiences });
    expect([first.allowed, second.allowed]).toEqual([true, true]);
    expect(second.claims).toEqual(first.claims);
    expect(second.steps[0]?.because).toBe('the signature was verified before');
  });

  it('checks times and audience on each use', async () => {
    const verifier = createLocalVerifier({ issuer, keys: [key] });
    const jwt = await mint();
    expect(verifier.verify(jwt, { nowMs, audiences }).allowed).toBe(true);
    expect(verifier.verify(jwt, { nowMs: nowMs + 3_600_000, audiences }).failure?.reason).toBe('expired');
    expect(verifier.verify(jwt, { nowMs, audiences: ['other'] }).failure?.reason).toBe('wrong-audience');
    expect(verifier.verify(jwt, { nowMs, audiences }).allowed).toBe(true);
  });

  it('remembers no bad signature, and no more tokens than it may', async () => {
    const verifier = createLocalVerifier({ issuer, keys: [key], rememberedMax: 1 });
    const forged = await mint({}, { ...strangerKey, kid: key.kid });
    expect(verifier.verify(forged, { nowMs, audiences }).failure?.reason).toBe('bad-signature');
    expect(verifier.verify(forged, { nowMs, audiences }).failure?.reason).toBe('bad-signature');
    const tokens = [await mint({ n: 1 }), await mint({ n: 2 })];
    for (const jwt of [...tokens, ...tokens]) {
      expect(verifier.verify(jwt, { nowMs, audiences }).steps[0]?.check).toBe('oidc.format');
    }
  });

  it('accepts neither other issuers nor other keys', async () => {
    const verifier = createLocalVerifier({ issuer, keys: [key] });
    expect(verifier.verify(await mint({ iss: 'https://other' }), { nowMs, audiences }).failure?.reason).toBe(
      'wrong-issuer',
    );
    expect(verifier.verify(await mint({}, strangerKey), { nowMs, audiences }).failure?.reason).toBe('no-key');
  });
});
