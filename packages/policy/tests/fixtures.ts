// Callers, policies and requests that the tests of this package share.
import { assert } from '@pergola/kernel';
import {
  type AuthorizationRequest,
  compilePolicy,
  type NamedPolicy,
  parsePolicy,
  type PolicyKind,
  type PrincipalFacts,
} from '../src/index.ts';

export const account = '123456789012';
export const otherAccount = '210987654321';

export const user = {
  kind: 'user',
  account,
  arn: `arn:aws:iam::${account}:user/ann`,
  userId: 'AIDAEXAMPLEEXAMPLE01',
  userName: 'ann',
} as const satisfies PrincipalFacts;

export const root = { kind: 'root', account, arn: `arn:aws:iam::${account}:root` } as const;

export const session = {
  kind: 'role-session',
  account,
  arn: `arn:aws:sts::${account}:assumed-role/app/pod-1`,
  roleArn: `arn:aws:iam::${account}:role/team/app`,
  userId: 'AROAEXAMPLEEXAMPLE01:pod-1',
} as const satisfies PrincipalFacts;

export const federated = {
  kind: 'federated-user',
  account,
  arn: `arn:aws:sts::${account}:federated-user/bob`,
  userId: `${account}:bob`,
} as const satisfies PrincipalFacts;

export const issuer = 'rosa-oidc.s3.us-east-1.amazonaws.com';
export const providerArn = `arn:aws:iam::${account}:oidc-provider/${issuer}`;
export const webIdentity = { kind: 'web-identity', account, providerArn } as const satisfies PrincipalFacts;

export type StatementText = Readonly<Record<string, unknown>>;

/** The text of a document of the newest version. */
export function textOf(...statements: readonly StatementText[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

/** A compiled policy from statements; fails the test when they are malformed. */
export function policy(kind: PolicyKind, name: string, ...statements: readonly StatementText[]): NamedPolicy {
  return compiled(kind, name, textOf(...statements));
}

export function compiled(kind: PolicyKind, name: string, text: string): NamedPolicy {
  const parsed = parsePolicy(text, kind);
  assert(parsed.ok, parsed.ok ? '' : `${parsed.error.message} ${parsed.error.path} ${parsed.error.detail}`);
  return { name, policy: compilePolicy(parsed.value) };
}

export const identity = (...statements: readonly StatementText[]): NamedPolicy =>
  policy('identity', 'inline:p', ...statements);
export const bucketPolicy = (...statements: readonly StatementText[]): NamedPolicy =>
  policy('resource', 'bucket-policy:b', ...statements);
export const trust = (...statements: readonly StatementText[]): NamedPolicy =>
  policy('trust', 'trust:app', ...statements);

export const allow = (action: unknown, resource: unknown, rest: StatementText = {}): StatementText => ({
  Effect: 'Allow',
  Action: action,
  Resource: resource,
  ...rest,
});
export const deny = (action: unknown, resource: unknown, rest: StatementText = {}): StatementText => ({
  ...allow(action, resource, rest),
  Effect: 'Deny',
});

/** `ann` reads an object of her own account, unless told otherwise. */
export function request(changes: Partial<AuthorizationRequest> = {}): AuthorizationRequest {
  return {
    action: 's3:GetObject',
    resource: 'arn:aws:s3:::b/key',
    resourceAccount: account,
    principal: user,
    context: {},
    ...changes,
  };
}
