// What an authorization decision is asked about, and what it answers.
import type { Step } from '@pergola/kernel';
import type { CompiledPolicy } from './compile.ts';

/** Who asks, in the terms that policies can name. Arns are complete; accounts are 12 digits. */
export type PrincipalFacts =
  | {
      readonly kind: 'user';
      readonly account: string;
      readonly arn: string;
      readonly userId: string;
      readonly userName: string;
    }
  | { readonly kind: 'root'; readonly account: string; readonly arn: string }
  | {
      readonly kind: 'role-session';
      readonly account: string;
      /** arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION */
      readonly arn: string;
      /** arn:aws:iam::ACCOUNT:role/PATH/ROLE */
      readonly roleArn: string;
      /** AROA…:SESSION */
      readonly userId: string;
    }
  | {
      readonly kind: 'federated-user';
      readonly account: string;
      readonly arn: string;
      readonly userId: string;
    }
  /** The holder of a verified OIDC token, before any role: matches Principal.Federated. */
  | { readonly kind: 'web-identity'; readonly account: string; readonly providerArn: string }
  | { readonly kind: 'service'; readonly service: string }
  | { readonly kind: 'anonymous' };

/** Condition keys and their values. Keys are matched without regard to case. Absent means not in the request. */
export type ContextValues = Readonly<Record<string, string | readonly string[]>>;

export interface AuthorizationRequest {
  /** e.g. `s3:PutObject`. */
  readonly action: string;
  /** ARN of the resource, or `*` for actions without one. */
  readonly resource: string;
  /** The account that owns the resource; decides same-account or cross-account evaluation. */
  readonly resourceAccount: string;
  readonly principal: PrincipalFacts;
  readonly context: ContextValues;
}

export interface NamedPolicy {
  /** ARN of a managed policy, or `inline:NAME`, `bucket-policy:NAME`, `trust:ROLE` … for a person to find it. */
  readonly name: string;
  readonly policy: CompiledPolicy;
}

/** Every policy that applies to one request. */
export interface PolicySet {
  /** Attached and inline policies of the user or role. The account root is allowed by kind, not by policy. */
  readonly identity: readonly NamedPolicy[];
  readonly resource?: NamedPolicy | undefined;
  /**
   * `required`: the resource policy alone decides whether identities of the account may be granted at all
   * (role trust, KMS key policies). Default `optional`, as for buckets and queues.
   */
  readonly resourceMode?: 'optional' | 'required';
  readonly boundary?: NamedPolicy | undefined;
  /** Session policies: absent = none given; an empty list never occurs. */
  readonly session?: readonly NamedPolicy[] | undefined;
  /** Service control policies, one list for each level from the root down. Absent = no organization. */
  readonly serviceControl?: readonly (readonly NamedPolicy[])[] | undefined;
}

export type PolicyLayer = 'identity' | 'resource' | 'boundary' | 'session' | 'service-control' | 'trust';
export type Decision = 'allow' | 'explicit-deny' | 'implicit-deny';

/** The statement that decided: its policy, its place (from 0) and its Sid if it has one. */
export interface DecidingStatement {
  readonly policy: string;
  readonly index: number;
  readonly sid?: string | undefined;
}

/** A Verdict of the policy engine. `layer` is the one that AWS's message would name. */
export interface PolicyVerdict {
  readonly allowed: boolean;
  readonly decision: Decision;
  readonly layer: PolicyLayer;
  readonly statement?: DecidingStatement | undefined;
  /** Built on first access: the hot path of an allowed call pays nothing for them. */
  readonly steps: readonly Step[];
}
