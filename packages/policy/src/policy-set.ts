// The policies that a decision is made by, sorted by the layer they belong to.
import type { CompiledPolicy } from './compile.ts';

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
