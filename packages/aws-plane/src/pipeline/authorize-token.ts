// Login tokens of databases and caches: presigned requests that come as a password instead of over HTTP. They pass the
// same signature check and the same policies as any call, and are on record as calls are.
import { EMPTY_SHA256, SignatureVerifier } from '@pergola/sigv4';
import type { PlaneContext } from '../plane-context.ts';
import type { AccessKeyRecord, AuthorizeToken, LoginToken } from '../ports.ts';
import type { CallRecords } from '../records.ts';
import { openCall } from './authorize.ts';
import { findKey, keyMaterialOf, principalOf } from './authenticate.ts';
import { accessDenied } from './faults.ts';
import { SessionPolicies } from './session-policies.ts';
import { signatureFault } from './signature-faults.ts';
import { Trail } from './trail.ts';
import { AwsFault } from '../fault.ts';

const WINDOW_MINUTES = 15;
const LIFE_MS = WINDOW_MINUTES * 60_000;
const TOKEN_CHARS_MAX = 16_384;
const OK = 200;

export interface AuthorizeTokenOptions {
  readonly plane: () => PlaneContext;
  readonly records?: CallRecords | undefined;
}

/** The function for the ports. It never throws: whatever is wrong with a token, it does not let in. */
export function authorizeTokenOf({ plane, records }: AuthorizeTokenOptions): AuthorizeToken {
  const checks = { plane, verifier: new SignatureVerifier(), sessionPolicies: new SessionPolicies() };

  return (login) => {
    const { clock, random, logger } = plane();
    const trail = new Trail(clock.nowMs());
    trail.requestId = random.uuid();
    trail.service = login.service;
    trail.operation = 'connect';
    let fault: AwsFault | undefined;
    try {
      check(checks, login, trail);
    } catch (error) {
      if (!(error instanceof AwsFault)) logger.error({ error }, 'a login token could not be checked');
      fault = error instanceof AwsFault ? error : accessDenied('query', 'The token could not be checked');
    }
    records?.append(trail.close(fault?.status ?? OK, fault), trail.sizeBytes);
    return Promise.resolve({ allowed: fault === undefined, because: fault?.message ?? 'the token is valid' });
  };
}

interface Checks {
  readonly plane: () => PlaneContext;
  readonly verifier: SignatureVerifier;
  readonly sessionPolicies: SessionPolicies;
}

/** Throws the fault that a call with this signature would get. */
function check({ plane, verifier, sessionPolicies }: Checks, login: LoginToken, trail: Trail): void {
  const request = requestOf(login);
  const signer = signerOf(plane(), verifier, request, { login, trail });
  const transport = { sourceIp: '', userAgent: '', secure: true, host: request.host };
  const call = openCall({
    plane: plane(),
    service: 'rds',
    protocol: 'awsQuery',
    nowMs: trail.atMs,
    transport,
    sessionPolicies,
    trail,
    principal: signer.principal,
    account: signer.account,
    region: login.region,
    credential: signer.credential,
  });
  const { action, resource, account: resourceAccount } = login;
  const denial = call.denialOf({ action, resource, resourceAccount });
  if (denial) throw denial;
}

/** Who signed the token. */
function signerOf(
  plane: PlaneContext,
  verifier: SignatureVerifier,
  request: ReturnType<typeof requestOf>,
  { login, trail }: { readonly login: LoginToken; readonly trail: Trail },
) {
  const nowMs = trail.atMs;
  let found: AccessKeyRecord | undefined;
  const verdict = verifier.verify(request, {
    nowMs,
    findKey: (accessKeyId, sessionToken) => {
      const record = findKey(plane, accessKeyId, sessionToken);
      if (record === undefined || record === 'wrong-token') return record;
      found = record;
      return keyMaterialOf(record);
    },
    payloadHash: EMPTY_SHA256,
    pathStyle: 'encoded-twice',
    service: login.service,
    windowMinutes: WINDOW_MINUTES,
  });
  trail.add(verdict);
  if (!verdict.allowed) throw signatureFault('query', verdict.failure, nowMs);
  const { credential } = verdict;
  const principal = found && principalOf(plane, found);
  if (!found || !principal) throw accessDenied('query', 'The access key has no owner any more');
  trail.principal = 'arn' in principal.facts ? principal.facts.arn : 'anonymous';
  assertFresh(credential.form, credential.requestedAtMs, credential.expiresAtMs);
  if (credential.scope.region !== login.region)
    throw accessDenied(
      'query',
      `The token is for the region ${credential.scope.region}, not ${login.region}`,
    );
  return { principal, account: found.account, credential };
}

function assertFresh(form: string, requestedAtMs: number, expiresAtMs: number | undefined): void {
  if (form !== 'query' || expiresAtMs === undefined)
    throw accessDenied('query', 'A login token is a presigned request');
  if (expiresAtMs - requestedAtMs > LIFE_MS)
    throw accessDenied('query', 'A login token lives for 15 minutes at most');
}

/** `HOST[:PORT]/?QUERY`, with or without a scheme, as the request that it signs. */
function requestOf({ token, parameters, host: place }: LoginToken) {
  const refuse = (why: string) => accessDenied('query', why);
  if (token.length > TOKEN_CHARS_MAX) throw refuse('The token is too long');
  const [, host, query] = /^(?:https?:\/\/)?([^/?#\s]+)\/?\?([^#\s]+)$/.exec(token) ?? [];
  if (host === undefined || query === undefined) throw refuse('The password is no login token');
  if (place !== undefined && host.toLowerCase() !== place) throw refuse(`The token is not for ${place}`);
  const given = new URLSearchParams(query);
  for (const [name, value] of Object.entries(parameters)) {
    const all = given.getAll(name);
    if (all.length !== 1 || all[0] !== value) throw refuse(`The token is not for ${name}=${value}`);
  }
  return { method: 'GET', path: '/', query, headers: { host }, host };
}
