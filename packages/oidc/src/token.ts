// A token's parts as text and as claims. Nothing here is verified: see verify-token.ts.
import { sign } from 'node:crypto';
import { promisify } from 'node:util';
import { fail, isRecord, ok, type Result } from '@pergola/kernel';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { SigningKey } from './signing-key.ts';

/** Claims by name. The registered ones have the types of RFC 7519; instants are seconds since the epoch. */
export interface TokenClaims {
  readonly iss?: string;
  readonly sub?: string;
  readonly aud?: string | readonly string[];
  readonly azp?: string;
  readonly exp?: number;
  readonly nbf?: number;
  readonly iat?: number;
  readonly jti?: string;
  readonly [claim: string]: unknown;
}

export interface TokenHeader {
  readonly alg: string;
  readonly kid: string | undefined;
}

/** A token whose form is right and whose truth is unknown. */
export interface DecodedToken {
  readonly header: TokenHeader;
  readonly claims: TokenClaims;
  /** Header and claims as they were signed. */
  readonly signedText: string;
  readonly signature: Buffer;
}

/** The longest token that AWS takes; no Kubernetes token comes near it. */
export const tokenLengthMax = 20_000;

const compact = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const textClaims = ['iss', 'sub', 'azp', 'jti'] as const;
const instantClaims = ['exp', 'nbf', 'iat'] as const;

/** Takes a compact JWS apart, or says what is wrong with its form. Never throws; verifies nothing. */
export function decodeToken(jwt: string): Result<DecodedToken> {
  if (jwt.length > tokenLengthMax) return fail(`the token is longer than ${tokenLengthMax} characters`);
  if (!compact.test(jwt)) return fail('a token is three base64url parts with dots between');
  const signedText = jwt.slice(0, jwt.lastIndexOf('.'));
  const signatureText = jwt.slice(signedText.length + 1);
  const signature = Buffer.from(signatureText, 'base64url');
  // Spare bits at the end would let one signature be written in several ways.
  if (signature.toString('base64url') !== signatureText)
    return fail('the signature is not canonical base64url');
  try {
    const header = decodeProtectedHeader(jwt);
    const claims: unknown = decodeJwt(jwt);
    if (header.crit !== undefined)
      return fail('the token has critical header parameters, which are not understood');
    if (typeof header.alg !== 'string') return fail('the header names no algorithm');
    if (header.kid !== undefined && typeof header.kid !== 'string') return fail('the key id is no string');
    const fault = claimsFault(claims);
    if (fault) return fail(fault);
    return ok({
      header: { alg: header.alg, kid: header.kid },
      claims: claims as TokenClaims,
      signedText,
      signature,
    });
  } catch {
    // jose throws for parts that are no base64url JSON objects; what exactly it says is of no use to a client.
    return fail('the header or the claims are no JSON object');
  }
}

function claimsFault(claims: unknown): string | undefined {
  if (!isRecord(claims)) return 'the claims are no JSON object';
  const text = textClaims.find((name) => claims[name] !== undefined && typeof claims[name] !== 'string');
  if (text) return `the claim ${text} is no string`;
  const instant = instantClaims.find((name) => claims[name] !== undefined && !Number.isFinite(claims[name]));
  if (instant) return `the claim ${instant} is no number`;
  const { aud } = claims;
  const listed = Array.isArray(aud) && aud.every((item) => typeof item === 'string');
  return aud === undefined || typeof aud === 'string' || listed
    ? undefined
    : 'the claim aud is no string or list of strings';
}

/** The audiences of a token as a list. */
export function audiencesOf(claims: TokenClaims): readonly string[] {
  const { aud } = claims;
  return aud === undefined ? [] : typeof aud === 'string' ? [aud] : aud;
}

export interface MintOptions {
  readonly nowMs: number;
  readonly ttlSeconds: number;
  readonly jti: string;
}

const signInThread = promisify(sign);

/** Signs `claims` with `iat`, `nbf`, `exp` and `jti` added, RS256, away from the event loop. */
export async function mintToken(
  key: SigningKey,
  claims: Readonly<Record<string, unknown>>,
  options: MintOptions,
): Promise<string> {
  const iat = Math.floor(options.nowMs / 1000);
  const times = { exp: iat + options.ttlSeconds, iat, nbf: iat, jti: options.jti };
  const header = encode({ alg: 'RS256', kid: key.kid });
  const signedText = `${header}.${encode({ ...claims, ...times })}`;
  const signature = await signInThread('RSA-SHA256', Buffer.from(signedText), key.privateKey);
  return `${signedText}.${signature.toString('base64url')}`;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
