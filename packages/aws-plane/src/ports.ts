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

/** Where a network lives. */
export interface NetworkHome {
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
}

export interface VpcRecord {
  readonly vpcId: string;
  readonly cidrBlock: string;
  readonly isDefault: boolean;
}

export interface SubnetRecord {
  readonly subnetId: string;
  readonly subnetArn: string;
  readonly vpcId: string;
  /** E.g. `us-east-1a`. */
  readonly availabilityZone: string;
  readonly cidrBlock: string;
}

export interface SecurityGroupRecord {
  readonly groupId: string;
  readonly groupName: string;
  readonly vpcId: string;
}

/** What an account has from the beginning, and what most databases stand in. */
export interface DefaultNetwork {
  readonly vpcId: string;
  /** One in each zone, in the order of the zones; fewer where some were deleted. */
  readonly subnets: readonly SubnetRecord[];
  readonly securityGroup: SecurityGroupRecord;
}

/** What EC2 knows of networks, for services that put something into them. Undefined: there is none. */
export interface NetworkDirectory {
  findVpc(home: NetworkHome, vpcId: string): Promise<VpcRecord | undefined>;
  findSubnet(home: NetworkHome, subnetId: string): Promise<SubnetRecord | undefined>;
  findSecurityGroup(home: NetworkHome, groupId: string): Promise<SecurityGroupRecord | undefined>;
  /** The group named `default`, which every VPC has. */
  defaultSecurityGroup(home: NetworkHome, vpcId: string): Promise<SecurityGroupRecord | undefined>;
  /** Undefined once the account has deleted its default VPC. */
  defaultNetwork(home: NetworkHome): Promise<DefaultNetwork | undefined>;
  /** Names of a region's availability zones, e.g. `us-east-1a`. */
  zonesOf(region: string): readonly string[];
}

/** A presigned request that a client gave as its password. */
export interface LoginToken {
  /** Signing name: `rds-db`, `elasticache`. */
  readonly service: string;
  readonly token: string;
  /** `HOST:PORT` that it must be for; absent where it is for a name that is no host. */
  readonly host?: string | undefined;
  /** What its query must say, e.g. `{Action: 'connect', DBUser: 'app'}`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** What its signer must be allowed: `rds-db:connect` on the user's ARN. */
  readonly action: string;
  readonly resource: string;
  /** Of the database. */
  readonly account: string;
  readonly region: string;
}

/** Whether a token lets its bearer in. Recorded as a call; `because` is for logs, not for the client. */
export type AuthorizeToken = (
  login: LoginToken,
) => Promise<{ readonly allowed: boolean; readonly because: string }>;

export interface Ports {
  readonly identities: IdentityDirectory;
  readonly sessions: SessionStore;
  readonly fetchIssuerDocument: FetchIssuerDocument;
  /** Calls another service's operation as a service of AWS, or as a role that trusts it. */
  readonly callInside: CallInside;
  readonly networks: NetworkDirectory;
  readonly authorizeToken: AuthorizeToken;
}
