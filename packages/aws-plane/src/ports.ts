// What one service may ask of another, without importing it. Wired in `services/index.ts`.
import type { NamedPolicy } from '@pergola/policy';
import type { CallInside } from './inside-call.ts';
import type { SessionFacts } from './principal.ts';

export interface AccessKeyRecord {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly account: string;
  readonly active: boolean;
  readonly owner:
    | { readonly kind: 'user'; readonly userName: string }
    | { readonly kind: 'root' }
    | {
        readonly kind: 'role-session';
        readonly roleArn: string;
        readonly roleName: string;
        readonly roleId: string;
        readonly sessionName: string;
        readonly sessionToken: string;
        readonly session: SessionFacts;
      };
}

export interface UserRecord {
  readonly arn: string;
  readonly userName: string;
  readonly userId: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface RoleRecord {
  readonly arn: string;
  readonly roleName: string;
  /** AROA… */
  readonly roleId: string;
  readonly account: string;
  readonly maxSessionDurationSeconds: number;
  readonly tags: Readonly<Record<string, string>>;
}

export interface OidcProviderRecord {
  readonly arn: string;
  /** Host and path without the scheme, as in the ARN. */
  readonly url: string;
  readonly clientIds: readonly string[];
  readonly thumbprints: readonly string[];
}

/** What IAM knows, for the pipeline and for STS. All synchronous: state is read from the store. */
export interface IdentityDirectory {
  findAccessKey(accessKeyId: string): AccessKeyRecord | undefined;
  findUser(account: string, userName: string): UserRecord | undefined;
  findRole(account: string, roleName: string): RoleRecord | undefined;
  findOidcProvider(account: string, url: string): OidcProviderRecord | undefined;
  /** Attached managed and inline policies, compiled and cached. */
  policiesOfUser(account: string, userName: string): readonly NamedPolicy[];
  policiesOfRole(account: string, roleName: string): readonly NamedPolicy[];
  boundaryOfUser(account: string, userName: string): NamedPolicy | undefined;
  boundaryOfRole(account: string, roleName: string): NamedPolicy | undefined;
  trustPolicyOfRole(account: string, roleName: string): NamedPolicy | undefined;
  /** A managed policy by ARN, for session policies. */
  managedPolicy(arn: string): NamedPolicy | undefined;
  /** Notes the last use of a role or key, for GetRole and GetAccessKeyLastUsed. Never waits for the disk. */
  noteUse(use: {
    readonly accessKeyId: string;
    readonly service: string;
    readonly region: string;
    readonly atMs: number;
  }): void;
}

/** How the authenticate stage finds the credentials that STS handed out. */
export interface SessionStore {
  /** The session of a temporary key. The token that came with the request is needed, for it is what holds the session. */
  findSession(accessKeyId: string, sessionToken: string): AccessKeyRecord | undefined;
}

/** Fetches an issuer's documents. `fetchJson` follows no redirect, reads at most `limitBytes`, gives up after `timeoutMs`. */
export type FetchIssuerDocument = (
  url: string,
  limits: { readonly limitBytes: number; readonly timeoutMs: number },
) => Promise<{ readonly status: number; readonly contentType: string; readonly body: string }>;

export interface Ports {
  readonly identities: IdentityDirectory;
  readonly sessions: SessionStore;
  readonly fetchIssuerDocument: FetchIssuerDocument;
  /** Calls another service's operation as a service of AWS, or as a role that trusts it. */
  readonly callInside: CallInside;
}
