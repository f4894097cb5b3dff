// Who makes a call, as the authenticate stage found out.
import type { PrincipalFacts } from '@pergola/policy';

/** An authenticated (or anonymous) caller. */
export interface Principal {
  readonly facts: PrincipalFacts;
  /** The access key the request was signed with; absent for anonymous and token-authenticated calls. */
  readonly accessKeyId?: string;
  /** Set for temporary credentials: what the session was given when it was made. */
  readonly session?: SessionFacts;
  /** Set for the holder of a verified web identity token, before any role (`facts.kind` is `web-identity`). */
  readonly webIdentity?: WebIdentity;
}

/** What a verified OIDC token says. */
export interface WebIdentity {
  /** Host and path of the issuer, without the scheme: the prefix of its condition keys. */
  readonly issuer: string;
  readonly providerArn: string;
  readonly subject: string;
  /** The audience that AWS matches: `azp` when present, else `aud`. */
  readonly audience: string;
  /** `<issuer>:sub`, `<issuer>:aud`… for the trust policy and for later calls. */
  readonly context: Readonly<Record<string, string>>;
  /** Session tags of the claim `https://aws.amazon.com/tags`. */
  readonly tags: Readonly<Record<string, string>>;
  readonly transitiveTagKeys: readonly string[];
  readonly sourceIdentity: string | undefined;
}

/** What a session carries into every call (see STS). Instants are milliseconds since the epoch. */
export interface SessionFacts {
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  /** JSON documents of the inline session policy and the managed session policies' ARNs. */
  readonly policyDocument?: string | undefined;
  readonly policyArns?: readonly string[] | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** Keys of the tags that pass on to roles assumed from this session. */
  readonly transitiveTagKeys?: readonly string[] | undefined;
  readonly sourceIdentity?: string | undefined;
  /** ARN of the OIDC provider for web-identity sessions. */
  readonly federatedProvider?: string | undefined;
  /** `<issuer>:sub`, `<issuer>:aud`… as they were in the token, for later conditions. */
  readonly federatedContext?: Readonly<Record<string, string>> | undefined;
}
