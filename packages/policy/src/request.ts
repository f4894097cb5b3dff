// What an authorization decision is asked about: who, what, on which resource, under which circumstances.

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
