// The catalogue of AWS managed policies: real names, ARNs and documents. A policy whose document is not known
// for certain is not in it.
import catalogue from './generated/managed-policies.json' with { type: 'json' };

/** One AWS managed policy in its default version. */
export interface AwsManagedPolicy {
  readonly name: string;
  /** `/`, `/service-role/`, `/job-function/`… */
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  readonly description: string;
  readonly defaultVersionId: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** JSON text. */
  readonly document: string;
}

const policies: readonly AwsManagedPolicy[] = catalogue.map((row) => ({
  ...row,
  arn: `arn:aws:iam::aws:policy${row.path}${row.name}`,
  document: JSON.stringify(row.document),
}));

const byArn = new Map(policies.map((policy) => [policy.arn, policy]));

export function awsManagedPolicies(): readonly AwsManagedPolicy[] {
  return policies;
}

export function awsManagedPolicy(arn: string): AwsManagedPolicy | undefined {
  return byArn.get(arn);
}
