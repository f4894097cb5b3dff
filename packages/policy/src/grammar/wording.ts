// AWS's sentences for malformed documents. IAM words them in one way for what is attached to identities,
// in another for role trust policies, and S3 in its own. Sources: IAM and S3 answers recorded in public
// issues (hashicorp/terraform-provider-aws#10419, #32872, versity/versitygw#648-650, aws-cdk#7615) and the
// validation table of moto 5, which was checked against AWS.
import type { PolicyKind } from '../document.ts';

export interface Wording {
  readonly invalidJson: string;
  readonly syntax: string;
  readonly version: string;
  /** Only 2012-10-17 will do. */
  readonly newestVersionOnly: boolean;
  /** Fields that a statement must have beside Effect, and those it may not have. */
  readonly required: readonly string[];
  readonly prohibited: readonly string[];
  missing(field: string): string;
  prohibit(field: string): string;
  unknown(field: string): string;
  invalidPrincipal(type: string, name: string): string;
}

const syntax = 'Syntax errors in policy.';

const identity: Wording = {
  invalidJson: syntax,
  syntax,
  version: 'Policy document must be version 2012-10-17 or greater.',
  newestVersionOnly: true,
  required: ['Action', 'Resource'],
  prohibited: ['Principal', 'NotPrincipal'],
  missing: (field) =>
    field === 'Action' || field === 'Resource'
      ? `Policy statement must contain ${field.toLowerCase()}s.`
      : syntax,
  prohibit: () => 'Policy document should not specify a principal.',
  unknown: () => syntax,
  invalidPrincipal: () => syntax,
};

const trust: Wording = {
  invalidJson: 'This policy contains invalid Json',
  syntax,
  version: syntax,
  newestVersionOnly: false,
  required: ['Action', 'Principal'],
  prohibited: ['Resource', 'NotResource', 'NotPrincipal'],
  missing: (field) => `Missing required field ${field}`,
  prohibit: (field) => `Has prohibited field ${field}`,
  unknown: (field) => `Unknown field ${field}`,
  invalidPrincipal: (type, name) =>
    type === 'Federated'
      ? 'Federated principals must be valid domain names or SAML metadata ARNs'
      : `Invalid principal in policy: "${type === 'AWS' ? type : type.toUpperCase()}":"${name}"`,
};

const resource: Wording = {
  invalidJson: "Policies must be valid JSON and the first byte must be '{'",
  syntax: 'Invalid policy syntax.',
  version: 'The policy must contain a valid version string',
  newestVersionOnly: false,
  required: ['Action', 'Resource', 'Principal'],
  prohibited: [],
  missing: (field) => `Missing required field ${field}`,
  prohibit: (field) => `Has prohibited field ${field}`,
  unknown: (field) => `Unknown field ${field}`,
  invalidPrincipal: () => 'Invalid principal in policy',
};

export const wordings: Readonly<Record<PolicyKind, Wording>> = {
  identity,
  boundary: identity,
  'service-control': identity,
  // STS takes session policies of either version.
  session: { ...identity, newestVersionOnly: false },
  trust,
  resource,
};
