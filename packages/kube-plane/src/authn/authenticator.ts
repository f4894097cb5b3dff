// Who a bearer token is: a static token of the cluster's administrators, or a service-account token that is
// signed by us, not expired, and bound to things that still exist.
import { createHash } from 'node:crypto';
import { isRecord, LruMap } from '@pergola/kernel';
import { type LocalKeys, type SigningKey, type TokenClaims, verifyWithKeys } from '@pergola/oidc';
import type { Authenticator, Plane, TokenIdentity, UserInfo } from '../contract.ts';
import { findObject } from '../storage/objects.ts';

/** A token that stands in the configuration. */
export interface StaticToken {
  readonly token: string;
  readonly user: string;
  readonly uid?: string;
  readonly groups: readonly string[];
}

export interface AuthenticatorOptions {
  readonly store: Plane['store'];
  readonly clock: Plane['clock'];
  readonly issuer: string;
  readonly signingKeys: readonly SigningKey[];
  readonly tokens: readonly StaticToken[];
  /** Audiences of the API itself. */
  readonly audiences: readonly string[];
}

/** Verified tokens remembered by hash; expiry and bindings are still checked at each use. */
const VERIFIED_MAX = 4_096;
const SECRETS = { group: '', plural: 'secrets', namespaced: true };
const PODS = { group: '', plural: 'pods', namespaced: true };
const NODES = { group: '', plural: 'nodes', namespaced: false };
const SERVICE_ACCOUNTS = { group: '', plural: 'serviceaccounts', namespaced: true };

export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const keys: LocalKeys = new Map(options.signingKeys.map((key) => [key.kid, key.publicKey]));
  // Looked up by hash: the time of a look-up says nothing about the tokens.
  const fixed = new Map(options.tokens.map((entry) => [hashOf(entry.token), entry]));
  const verified = new LruMap<string, TokenClaims>(VERIFIED_MAX);
  return {
    async authenticate(token, audiences = options.audiences) {
      const hash = hashOf(token);
      const entry = fixed.get(hash);
      if (entry) {
        // Such a token is for this API and nobody else.
        const meant = options.audiences.filter((audience) => audiences.includes(audience));
        const user = { username: entry.user, uid: entry.uid, groups: entry.groups };
        return meant.length > 0 ? { user, audiences: meant } : undefined;
      }
      const claims = verified.get(hash) ?? verifyClaims(token, keys, options);
      if (!claims) return undefined;
      verified.set(hash, claims);
      return identityOf(claims, audiences, options);
    },
  };
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}

function verifyClaims(
  token: string,
  keys: LocalKeys,
  options: AuthenticatorOptions,
): TokenClaims | undefined {
  const { issuer, clock } = options;
  const verdict = verifyWithKeys(token, keys, { issuer, nowMs: clock.nowMs() });
  return verdict.allowed ? verdict.claims : undefined;
}

/** Undefined when the token is no longer true: expired, for somebody else, or bound to what is gone. */
function identityOf(
  claims: TokenClaims,
  wanted: readonly string[],
  options: AuthenticatorOptions,
): TokenIdentity | undefined {
  if ((claims.exp ?? 0) * 1000 <= options.clock.nowMs()) return undefined;
  const named = typeof claims.aud === 'string' ? [claims.aud] : (claims.aud ?? []);
  const audiences = named.filter((audience) => wanted.includes(audience));
  if (audiences.length === 0) return undefined;
  const bound = claims['kubernetes.io'];
  if (!isRecord(bound) || typeof bound['namespace'] !== 'string') return undefined;
  const user = boundUser(bound['namespace'], bound, claims, options);
  return user && { user, audiences };
}

function boundUser(
  namespace: string,
  bound: Record<string, unknown>,
  claims: TokenClaims,
  options: AuthenticatorOptions,
): UserInfo | undefined {
  const account = referenceOf(bound['serviceaccount']);
  if (!account || !isAlive(options, SERVICE_ACCOUNTS, namespace, account)) return undefined;
  const pod = referenceOf(bound['pod']);
  const secret = referenceOf(bound['secret']);
  const node = referenceOf(bound['node']);
  if (pod && !isAlive(options, PODS, namespace, pod)) return undefined;
  if (secret && !isAlive(options, SECRETS, namespace, secret)) return undefined;
  // A node named beside a pod is information; alone it is a binding.
  if (node && !pod && !isAlive(options, NODES, '', node)) return undefined;
  const about = (kind: string, thing: Reference | undefined) =>
    thing
      ? {
          [`authentication.kubernetes.io/${kind}-name`]: [thing.name],
          [`authentication.kubernetes.io/${kind}-uid`]: [thing.uid],
        }
      : {};
  return {
    username: `system:serviceaccount:${namespace}:${account.name}`,
    uid: account.uid,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`],
    extra: {
      ...(claims.jti === undefined
        ? {}
        : { 'authentication.kubernetes.io/credential-id': [`JTI=${claims.jti}`] }),
      ...about('node', node),
      ...about('pod', pod),
    },
  };
}

interface Reference {
  readonly name: string;
  readonly uid: string;
}

function referenceOf(value: unknown): Reference | undefined {
  if (!isRecord(value) || typeof value['name'] !== 'string') return undefined;
  return { name: value['name'], uid: typeof value['uid'] === 'string' ? value['uid'] : '' };
}

/** The same object, by uid, still exists. */
function isAlive(
  options: AuthenticatorOptions,
  kind: { readonly group: string; readonly plural: string; readonly namespaced: boolean },
  namespace: string,
  reference: Reference,
): boolean {
  const found = findObject(options, kind, namespace, reference.name);
  return found?.metadata.uid === reference.uid;
}
