import { createHmac, hash } from 'node:crypto';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type KeyMaterial,
  renderAmzDate,
  type SignableRequest,
  SignatureVerifier,
  signRequest,
  type VerifyOptions,
} from './index.ts';

const nowMs = Date.UTC(2026, 0, 2, 3, 4, 5);
const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const longTerm: KeyMaterial = { secretAccessKey, active: true };

function options(overrides: Partial<VerifyOptions> = {}): VerifyOptions {
  return {
    nowMs,
    findKey: (id) => (id === 'AKIDEXAMPLE' ? longTerm : undefined),
    payloadHash: hash('sha256', '', 'hex'),
    pathStyle: 'encoded-twice',
    service: 'sts',
    windowMinutes: 15,
    ...overrides,
  };
}

const verifier = new SignatureVerifier();

/** Signs with the SDK's signer and returns the request as it would come over the wire. */
async function signWithSdk(input: {
  method: string;
  path: string;
  query: Record<string, string | string[]>;
  headers: Record<string, string>;
  body: string;
  service: string;
  sessionToken: string | undefined;
  presign: boolean;
}): Promise<SignableRequest> {
  const s3 = input.service === 's3';
  const signer = new SignatureV4({
    credentials: {
      accessKeyId: 'AKIDEXAMPLE',
      secretAccessKey,
      ...(input.sessionToken ? { sessionToken: input.sessionToken } : {}),
    },
    region: 'eu-west-1',
    service: input.service,
    sha256: Sha256,
    uriEscapePath: !s3,
    applyChecksum: true,
  });
  const request = {
    method: input.method,
    protocol: 'http:',
    hostname: 'plane.test',
    path: input.path,
    query: input.query,
    headers: { host: 'plane.test', ...input.headers },
    body: input.body,
  };
  const at = { signingDate: new Date(nowMs) };
  const signed = input.presign ? await signer.presign(request, at) : await signer.sign(request, at);
  const pairs = Object.entries(signed.query ?? {}).flatMap(([name, value]) =>
    [value ?? ''].flat().map((item) => `${encodeURIComponent(name)}=${encodeURIComponent(item)}`),
  );
  return {
    method: signed.method,
    path: signed.path,
    query: pairs.join('&'),
    headers: Object.fromEntries(
      Object.entries(signed.headers).map(([name, value]) => [name.toLowerCase(), value]),
    ),
  };
}

/** As S3 clients write a key: everything but unreserved characters escaped. */
const escape = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
const segment = fc.string({ unit: 'grapheme', maxLength: 8 }).map(escape);
const query = fc.dictionary(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }).filter((name) => !/^x-amz/i.test(name)),
  fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    fc.array(fc.string({ maxLength: 4 }), { minLength: 1, maxLength: 3 }),
  ),
  { maxKeys: 4 },
);
const headers = fc.dictionary(
  fc.stringMatching(/^x-amz-meta-[a-z0-9]{1,6}$/),
  fc.stringMatching(/^[ -~]{0,12}$/),
  { maxKeys: 3 },
);
const token = fc.option(fc.base64String({ minLength: 4, maxLength: 40 }), { nil: undefined });

describe('against the SDK signer', () => {
  it('accepts what it signs and refuses any change, in header and query form', async () => {
    const shape = fc.record({
      method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE'),
      segments: fc.array(segment, { minLength: 1, maxLength: 4 }),
      query,
      headers,
      body: fc.string({ maxLength: 20 }),
      service: fc.constantFrom('s3', 'sts', 'logs'),
      sessionToken: token,
      presign: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(shape, async ({ segments, ...input }) => {
        // The SDK drops empty and dot segments from what it signs, though not from what it sends.
        const kept = input.service === 's3' ? segments : segments.filter((text) => !/^\.{0,2}$/.test(text));
        const body = input.presign ? '' : input.body;
        const request = await signWithSdk({ ...input, body, path: `/${kept.join('/')}` });
        const checked = options({
          findKey: () => ({
            ...longTerm,
            ...(input.sessionToken ? { sessionToken: input.sessionToken } : {}),
          }),
          payloadHash: hash('sha256', body, 'hex'),
          pathStyle: input.service === 's3' ? 's3' : 'encoded-twice',
          service: input.service,
        });
        const verdict = verifier.verify(request, checked);
        expect(verdict.allowed ? 'allowed' : verdict.failure).toBe('allowed');
        expect(verdict.steps.every((step) => step.outcome === 'passed')).toBe(true);
        for (const changed of [
          { ...request, method: 'PATCH' },
          { ...request, path: `${request.path}x` },
          { ...request, query: `${request.query}&zz=1` },
          { ...request, headers: { ...request.headers, host: 'other.test' } },
        ]) {
          expect(verifier.verify(changed, checked)).toMatchObject({ failure: { reason: 'signature' } });
        }
        expect(verifier.verify(request, { ...checked, payloadHash: 'x' })).toMatchObject({
          failure: { reason: 'signature' },
        });
      }),
      { numRuns: 400 },
    );
  });

  it('signs exactly as it does', async () => {
    const shape = fc.record({ segments: fc.array(segment, { maxLength: 3 }), headers, sessionToken: token });
    await fc.assert(
      fc.asyncProperty(shape, async ({ segments, headers, sessionToken }) => {
        const path = `/${segments.join('/')}`;
        const theirs = await signWithSdk({
          method: 'PUT',
          path,
          query: {},
          headers,
          body: 'body',
          service: 's3',
          sessionToken,
          presign: false,
        });
        const ours = signRequest(
          { method: 'PUT', path, query: '', headers: { host: 'plane.test', ...headers } },
          {
            credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey, sessionToken },
            region: 'eu-west-1',
            service: 's3',
            nowMs,
            body: 'body',
          },
        );
        expect(ours['authorization']).toBe(theirs.headers['authorization']);
      }),
      { numRuns: 100 },
    );
  });
});

function signed(overrides: { nowMs?: number; headers?: Record<string, string>; service?: string } = {}) {
  const request = { method: 'POST', path: '/', query: '', headers: { host: 'h', ...overrides.headers } };
  const headers = signRequest(request, {
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey },
    region: 'us-east-1',
    service: overrides.service ?? 'sts',
    nowMs: overrides.nowMs ?? nowMs,
  });
  return { ...request, headers };
}

describe('refusals', () => {
  const failureOf = (request: SignableRequest, overrides: Partial<VerifyOptions> = {}) => {
    const verdict = verifier.verify(request, options(overrides));
    if (verdict.allowed) return 'allowed';
    expect(verdict.steps.at(-1)?.outcome).toBe('failed');
    expect(JSON.stringify(verdict.steps)).not.toContain(secretAccessKey);
    return verdict.failure;
  };
  const withAuthorization = (authorization: string) => ({
    ...signed(),
    headers: { ...signed().headers, authorization },
  });

  it('names what an Authorization header lacks', () => {
    expect(failureOf({ method: 'GET', path: '/', query: '', headers: { host: 'h' } })).toEqual({
      reason: 'missing',
    });
    expect(failureOf(withAuthorization('AWS4-HMAC-SHA256 Credential=a/b'))).toEqual({
      reason: 'malformed',
      message:
        "Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter.",
    });
    expect(failureOf(withAuthorization('Bearer x'))).toEqual({ reason: 'unsupported', mechanism: 'Bearer' });
    const noDate = { ...signed(), headers: { authorization: signed().headers['authorization'] } };
    expect(failureOf(noDate)).toMatchObject({ reason: 'malformed' });
  });

  it('tells unknown, inactive and temporary keys apart', () => {
    expect(failureOf(signed(), { findKey: () => undefined })).toMatchObject({ reason: 'unknown-key' });
    expect(failureOf(signed(), { findKey: () => ({ ...longTerm, active: false }) })).toMatchObject({
      reason: 'inactive-key',
    });
    const temporary = { ...longTerm, sessionToken: 'right', expiresAtMs: nowMs + 1 };
    const carrying = (sessionToken: string) => signed({ headers: { 'x-amz-security-token': sessionToken } });
    expect(failureOf(carrying('right'), { findKey: () => temporary })).toBe('allowed');
    expect(failureOf(carrying('wrong'), { findKey: () => temporary })).toMatchObject({
      reason: 'wrong-token',
    });
    expect(failureOf(signed(), { findKey: () => temporary })).toMatchObject({ reason: 'wrong-token' });
    expect(failureOf(carrying('extra'))).toMatchObject({ reason: 'wrong-token' });
    expect(
      failureOf(carrying('right'), { findKey: () => ({ ...temporary, expiresAtMs: nowMs }) }),
    ).toMatchObject({ reason: 'expired-token' });
  });

  it('holds the window to the minute, on both sides', () => {
    const minutes = (count: number) => signed({ nowMs: nowMs + count * 60_000 });
    expect(failureOf(minutes(15))).toBe('allowed');
    expect(failureOf(minutes(-15))).toBe('allowed');
    expect(failureOf(minutes(16))).toEqual({
      reason: 'too-late',
      requestDate: '20260102T032005Z',
      limitDate: '20260102T031905Z',
      nowDate: renderAmzDate(nowMs),
      windowMinutes: 15,
    });
    expect(failureOf(minutes(-16))).toMatchObject({ reason: 'too-early', limitDate: '20260102T024905Z' });
  });

  it('binds the scope to the service and the day', () => {
    expect(failureOf(signed({ service: 's3' }))).toMatchObject({ reason: 'scope' });
    const request = signed();
    const otherDay = request.headers['authorization']?.replace('20260102', '20260101') ?? '';
    expect(failureOf(withAuthorization(otherDay))).toMatchObject({ reason: 'scope' });
  });

  it('refuses S3 requests whose x-amz- headers are not signed', () => {
    const request = signed({ service: 's3' });
    const headers = { ...request.headers, 'x-amz-acl': 'public-read' };
    expect(failureOf({ ...request, headers }, { service: 's3', pathStyle: 's3' })).toEqual({
      reason: 'unsigned-headers',
      names: ['x-amz-acl'],
    });
  });

  it('never throws, whatever the headers and the query are', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 });
    const near = fc.constantFrom(
      'AWS4-HMAC-SHA256 ',
      'Credential=A/20260102/r/sts/aws4_request,',
      'SignedHeaders=host,',
      'Signature=ab',
    );
    const authorization = fc.array(fc.oneof(near, text), { maxLength: 5 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(authorization, text, text, (value, path, query) => {
        const request = { method: 'GET', path, query: `X-Amz-Signature=${query}`, headers: {} };
        verifier.verify(request, options());
        verifier.verify(
          { ...request, headers: { authorization: value, 'x-amz-date': '20260102T030405Z' } },
          options({ findKey: () => longTerm }),
        );
      }),
      { numRuns: 500 },
    );
  });
});

describe('SigV2 presigned', () => {
  const expires = Math.floor(nowMs / 1000) + 60;
  const sign = (text: string) => createHmac('sha1', secretAccessKey).update(text).digest('base64');
  const s3 = options({ service: 's3', pathStyle: 's3' });
  const request = (signature: string): SignableRequest => ({
    method: 'GET',
    path: '/bucket/a%20key',
    query: `AWSAccessKeyId=AKIDEXAMPLE&Signature=${encodeURIComponent(signature)}&Expires=${expires}&response-content-type=text%2Fplain`,
    headers: { host: 'h' },
  });

  it('verifies the resource, the signed parameters and the end', () => {
    const good = sign(`GET\n\n\n${expires}\n/bucket/a%20key?response-content-type=text/plain`);
    expect(verifier.verify(request(good), s3).allowed).toBe(true);
    expect(verifier.verify({ ...request(good), path: '/bucket/other' }, s3).allowed).toBe(false);
    expect(verifier.verify(request(good), { ...s3, nowMs: expires * 1000 })).toMatchObject({
      failure: { reason: 'presign-expired' },
    });
  });

  it('is for S3 only', () => {
    expect(verifier.verify(request('x'), options())).toMatchObject({ failure: { reason: 'unsupported' } });
  });
});
