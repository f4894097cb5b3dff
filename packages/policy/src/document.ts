// A policy document after parsing: the same statement language for every kind of policy, with single
// values made lists. Upstream: IAM User Guide, "IAM JSON policy elements reference".

/** What a document is attached to; decides which elements it must have and may not have. */
export type PolicyKind = 'identity' | 'resource' | 'trust' | 'boundary' | 'session' | 'service-control';

/** A place in the text of a document. Lines and columns count from 1, offsets from 0. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** `Action`, `Resource` or their `Not…` forms. */
export interface PatternElement {
  /** True for `NotAction` and `NotResource`. */
  readonly negated: boolean;
  readonly patterns: readonly string[];
}

/** `Principal` or `NotPrincipal`. `Principal: "*"` is `{aws: ["*"]}` with `everyone` set. */
export interface PrincipalElement {
  readonly negated: boolean;
  /** Written as the bare string `*`. */
  readonly everyone: boolean;
  /** Account ids, ARNs, unique ids or `*`. */
  readonly aws: readonly string[];
  readonly service: readonly string[];
  readonly federated: readonly string[];
}

/** One operator with one key: `{"StringEquals": {"aws:username": ["a", "b"]}}`. */
export interface ConditionClause {
  /** As written, e.g. `ForAnyValue:StringLikeIfExists`. */
  readonly operator: string;
  /** As written; compared without regard to case. */
  readonly key: string;
  /** Numbers and booleans of the document as strings. */
  readonly values: readonly string[];
}

export interface Statement {
  readonly sid?: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly action: PatternElement;
  /** Absent in trust policies only. */
  readonly resource?: PatternElement | undefined;
  /** Present in resource and trust policies only. */
  readonly principal?: PrincipalElement | undefined;
  readonly conditions: readonly ConditionClause[];
  /** Where the statement begins and ends (the place after its closing brace). */
  readonly start: TextPosition;
  readonly end: TextPosition;
}

export interface PolicyDocument {
  readonly kind: PolicyKind;
  /** Documents without one are 2008-10-17, in which variables are literal text. */
  readonly version: '2008-10-17' | '2012-10-17';
  readonly id?: string | undefined;
  readonly statements: readonly Statement[];
}

/** Why a text is no valid policy. */
export interface PolicyFault {
  /** IAM's error code; S3 answers `MalformedPolicy` for the same faults. */
  readonly code: 'MalformedPolicyDocument';
  /** Stable kebab-case reason, for programs. */
  readonly reason: string;
  /** AWS's sentence. */
  readonly message: string;
  /** Path of the offending element, e.g. `Statement[0].Condition.StringEquals`. Empty for the whole text. */
  readonly path: string;
  readonly position: TextPosition;
  /** What exactly is wrong, where AWS's sentence does not say it. */
  readonly detail?: string | undefined;
}
