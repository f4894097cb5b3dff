// The checks on a token, one by one. Each leaves a Step, and the first that fails decides. Only RS256: what
// an issuer's JWKS does not sign, nobody signed. Their order is in verify-token.ts.
import { type KeyObject, verify } from 'node:crypto';
import type { Result, Step, Verdict } from '@pergola/kernel';
import type { KeyFailure, KeyLookup } from './key-cache.ts';
import { audiencesOf, type DecodedToken, type TokenClaims } from './token.ts';

/** Why a token is not accepted, for programs. */
export type TokenFailure =
  | { readonly reason: 'malformed' | 'unsupported-algorithm' | 'wrong-issuer' | 'bad-signature' }
  | { readonly reason: 'missing-claim'; readonly claim: string }
  | { readonly reason: 'no-key'; readonly failure: KeyFailure }
  /** `expiresAt` in seconds since the epoch. */
  | { readonly reason: 'expired'; readonly expiresAt: number }
  | { readonly reason: 'not-yet-valid' | 'wrong-audience' };

/** A Verdict on a token. `claims` can be trusted only when `allowed`. */
export interface TokenVerdict extends Verdict {
  readonly claims?: TokenClaims | undefined;
  readonly failure?: TokenFailure | undefined;
}

export interface TokenExpectations {
  /** The only issuer accepted, letter for letter. Absent: any, and `keys` decides. */
  readonly issuer?: string | undefined;
  /** One of these must be among the token's audiences. Absent: not checked. */
  readonly audiences?: readonly string[] | undefined;
  readonly nowMs: number;
  /** Clocks that disagree by this much are forgiven, for `nbf` and `iat` only. Default 300 s. */
  readonly skewSeconds?: number;
  /** Default: `iss`, `sub`, `aud`, `exp`, `iat`. */
  readonly requiredClaims?: readonly string[];
}

const requiredByDefault = ['iss', 'sub', 'aud', 'exp', 'iat'] as const;

/** One verification: collects the steps and stops at the first failure. */
export class TokenCheck {
  readonly #expected: TokenExpectations;
  readonly #steps: Step[] = [];
  #claims: TokenClaims | undefined;
  #failure: TokenFailure | undefined;

  constructor(expected: TokenExpectations) {
    this.#expected = expected;
  }

  verdict(): TokenVerdict {
    return {
      allowed: this.#failure === undefined,
      steps: this.#steps,
      claims: this.#claims,
      failure: this.#failure,
    };
  }

  /** Form, algorithm, claims and issuer: all that can be said without a key. */
  form(decoded: Result<DecodedToken>): DecodedToken | undefined {
    if (!decoded.ok) {
      return this.#fail({ reason: 'malformed' }, { check: 'oidc.format', because: decoded.error });
    }
    const { header, claims } = decoded.value;
    this.#claims = claims;
    if (header.alg !== 'RS256') {
      const because = `the token is signed with ${header.alg}; only RS256 is accepted`;
      return this.#fail({ reason: 'unsupported-algorithm' }, { check: 'oidc.format', because });
    }
    this.#pass('oidc.format', 'the token is a JWT signed with RS256');
    return this.#requiredClaims(claims) && this.#issuer(claims) ? decoded.value : undefined;
  }

  #requiredClaims(claims: TokenClaims): boolean {
    const required = this.#expected.requiredClaims ?? requiredByDefault;
    const claim = required.find((name) => claims[name] === undefined);
    if (claim === undefined)
      return this.#pass('oidc.claims', `the token has the claims ${required.join(', ')}`, 'T4');
    this.#fail(
      { reason: 'missing-claim', claim },
      {
        check: 'oidc.claims',
        because: `the token has no claim ${claim}`,
        evidence: { claims: Object.keys(claims) },
        fix: 'Use a projected service-account token (a volume with serviceAccountToken), not a token Secret.',
        link: 'T4',
      },
    );
    return false;
  }

  #issuer(claims: TokenClaims): boolean {
    const { issuer } = this.#expected;
    const actual = claims.iss ?? '';
    if (issuer === undefined || actual === issuer) {
      return this.#pass('oidc.issuer', `the issuer is ${actual}`, 'T1');
    }
    this.#fail(
      { reason: 'wrong-issuer' },
      {
        check: 'oidc.issuer',
        because: `the token was issued by ${actual}, not by ${issuer}`,
        evidence: { actual, wanted: issuer },
        link: 'T1',
      },
    );
    return false;
  }

  /** Discovery and key: what the lookup said. */
  key(token: DecodedToken, lookup: KeyLookup): KeyObject | undefined {
    const { kid } = token.header;
    if (lookup.ok) {
      this.#pass('oidc.discovery', `the keys of ${token.claims.iss} are known`, 'T6');
      this.#pass('oidc.key', `the issuer has the key ${kid ?? '(its only one)'}`, 'T7');
      return lookup.value;
    }
    const { reason, detail, url } = lookup.error;
    const failure: TokenFailure = { reason: 'no-key', failure: lookup.error };
    const evidence = { reason, issuer: token.claims.iss, kid, url };
    if (reason !== 'unknown-key') {
      return this.#fail(failure, {
        check: 'oidc.discovery',
        because: detail,
        evidence,
        fix: discoveryFixes[reason],
        link: 'T6',
      });
    }
    this.#pass('oidc.discovery', `the keys of ${token.claims.iss} are known`, 'T6');
    const fix = 'Publish the key that signs tokens in the JWKS of the issuer, beside those that are there.';
    return this.#fail(failure, { check: 'oidc.key', because: detail, evidence, fix, link: 'T7' });
  }

  signature(token: DecodedToken, key: KeyObject): boolean {
    if (isSignedBy(token, key)) return this.#pass('oidc.signature', 'the signature is the issuer’s', 'T7');
    this.#fail(
      { reason: 'bad-signature' },
      {
        check: 'oidc.signature',
        because: `the signature does not match key ${token.header.kid ?? '(the only one)'} of ${token.claims.iss}`,
        evidence: { issuer: token.claims.iss, kid: token.header.kid },
        fix: 'Get a new token from the issuer; if that fails too, the JWKS of the issuer holds another key under this id.',
        link: 'T7',
      },
    );
    return false;
  }

  timesAndAudience({ claims }: DecodedToken): boolean {
    return this.#times(claims) && this.#audience(claims);
  }

  #times({ exp, nbf, iat }: TokenClaims): boolean {
    const now = Math.floor(this.#expected.nowMs / 1000);
    const evidence = { now, exp, nbf, iat };
    if (exp !== undefined && now >= exp) {
      const because = `the token expired at ${exp}; it is ${now} (seconds since the epoch)`;
      const fix = 'Read the token file anew before each use; the kubelet rotates it. Check the clock.';
      this.#fail(
        { reason: 'expired', expiresAt: exp },
        { check: 'oidc.time', because, evidence, fix, link: 'T5' },
      );
      return false;
    }
    const from = Math.max(nbf ?? 0, iat ?? 0);
    if (from > now + (this.#expected.skewSeconds ?? 300)) {
      const because = `the token is valid from ${from}; it is ${now} (seconds since the epoch)`;
      this.#fail(
        { reason: 'not-yet-valid' },
        { check: 'oidc.time', because, evidence, fix: 'Check the clock.', link: 'T5' },
      );
      return false;
    }
    return this.#pass('oidc.time', `the token is valid until ${exp ?? 'for ever'}; it is ${now}`, 'T5');
  }

  #audience(claims: TokenClaims): boolean {
    const { audiences } = this.#expected;
    const actual = audiencesOf(claims);
    const shown = actual.join(', ');
    if (!audiences || actual.some((audience) => audiences.includes(audience))) {
      return this.#pass('oidc.audience', `the token is meant for ${shown}`, 'T3');
    }
    this.#fail(
      { reason: 'wrong-audience' },
      {
        check: 'oidc.audience',
        because: `the token is meant for ${shown || 'nobody'}, accepted are ${audiences.join(', ')}`,
        evidence: { actual, wanted: audiences },
        fix: `Ask for a token with the audience ${audiences[0] ?? ''}, or accept ${actual[0] ?? 'its audience'}.`,
        link: 'T3',
      },
    );
    return false;
  }

  #pass(check: string, because: string, link?: string): true {
    this.#steps.push(
      link ? { check, outcome: 'passed', because, link } : { check, outcome: 'passed', because },
    );
    return true;
  }

  #fail(failure: TokenFailure, step: Omit<Step, 'outcome'>): undefined {
    this.#failure = failure;
    this.#steps.push({ ...step, outcome: 'failed' });
    return undefined;
  }
}

const discoveryFixes: Readonly<Record<Exclude<KeyFailure['reason'], 'unknown-key'>, string>> = {
  'invalid-issuer': 'An issuer is an https URL without query.',
  unreachable: 'Make the issuer’s host reachable from where the token is verified.',
  refused: 'Make both documents of the issuer readable for everyone under their exact names.',
  'bad-discovery': 'Publish the discovery document again, as the cluster serves it.',
  'issuer-mismatch':
    'Publish the discovery document that names this issuer, or register the issuer that it names.',
  'bad-jwks': 'Publish the JWKS again, as the cluster serves it.',
};

/** RS256 over the text as it came. */
function isSignedBy(token: DecodedToken, key: KeyObject): boolean {
  return verify('RSA-SHA256', Buffer.from(token.signedText), key, token.signature);
}
