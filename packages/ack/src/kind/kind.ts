// What the reconciler knows of a kind of resource. `compile-kind.ts` makes one from its description; everything that
// touches AWS goes through the `call` that is passed in, so that a plan can pass one that only notes what would be done.
import type { AwsError } from '@pergola/aws-client';
import type { ServiceName } from '@pergola/aws-model';
import type { KubeResource } from '@pergola/kube-client';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json | undefined;
}

/** Makes one AWS call of the kind's service in the SDK's shapes. Throws AwsError. */
export type AwsCall = (
  operation: string,
  input: Readonly<Record<string, unknown>>,
) => Promise<Readonly<Record<string, unknown>>>;

/** What a user wants, in the names of the custom resource. */
export interface Wanted {
  /** References are resolved into the fields that they fill, and secrets into their text. */
  readonly spec: JsonObject;
  /** As last reported: what AWS chose (ids, ARNs) is found here. */
  readonly status: JsonObject;
  readonly arn: string | undefined;
  /** Tags of the controller itself; those of the spec win over them. */
  readonly defaultTags: Readonly<Record<string, string>>;
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  /**
   * Whether reading tells everything, or only what the spec asks for, which takes fewer calls where parts have calls
   * of their own. Absent: everything when the spec has nothing but a name, as in an adoption.
   */
  readonly everything?: boolean;
  /** Of the custom resource: some kinds have annotations of their own, e.g. for a final snapshot. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Paths of secrets in the spec whose text is not the one that was last given to AWS. */
  readonly changedSecrets: readonly string[];
}

/** The resource as AWS has it, in the names of the custom resource. */
export interface Observed {
  readonly spec: JsonObject;
  /** Without conditions and ackResourceMetadata. */
  readonly status: JsonObject;
  readonly arn: string | undefined;
}

export interface Difference {
  /** In the spec, dotted, e.g. `scalingConfiguration.maxCapacity`. */
  readonly path: string;
  /** Secrets are shown as undefined. */
  readonly wanted: Json | undefined;
  readonly observed: Json | undefined;
  /** Whether AWS can change it, or has to make the resource anew. */
  readonly effect: 'update' | 'replace';
}

export type Progress =
  | { readonly state: 'ready' }
  /** AWS is still at work: look again after `againMs`. */
  | { readonly state: 'waiting'; readonly because: string; readonly againMs: number }
  /** It will not become ready by itself. */
  | { readonly state: 'failed'; readonly because: string };

/** A field that another resource fills: `spec.<path>Ref.from.name`, or `…Refs[]` for a list. */
export interface ReferenceField {
  /** Of the value, in the spec, dotted: `vpcSecurityGroupIDs`. `[]` stands for each element of a list of structures. */
  readonly path: string;
  /** Of the reference: `vpcSecurityGroupRefs`. */
  readonly refPath: string;
  readonly isList: boolean;
  readonly target: { readonly group: string; readonly kind: string; readonly plural: string };
  /** Where the value stands in the target, e.g. `status.ackResourceMetadata.arn` or `spec.name`. */
  readonly targetPath: string;
}

export interface Kind {
  /** `rds.services.k8s.aws` */
  readonly group: string;
  /** `v1alpha1` */
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly service: ServiceName;
  /** The field of the spec that names it in AWS, e.g. `dbInstanceIdentifier`. */
  readonly nameField: string;
  /** Deleting or replacing it loses data: the default deletion policy is retain. */
  readonly isStateful: boolean;
  /** The CustomResourceDefinition. Built when first asked for. */
  readonly crd: KubeResource;
  readonly references: readonly ReferenceField[];
  /** Paths in the spec of SecretKeyReferences. */
  readonly secrets: readonly string[];
  /** Where tags are in the spec, e.g. `tags` or `tagging.tagSet`; undefined for kinds without. */
  readonly tagsPath: string | undefined;
  /** IAM actions that reading, creating, updating and deleting it call, e.g. `rds:CreateDBInstance`. */
  readonly actions: readonly string[];
  /** Those that one of its calls needs. */
  actionsOfCall(operation: string): readonly string[];

  /** Undefined when it does not exist, or when `wanted` does not say which it is. */
  read(call: AwsCall, wanted: Wanted): Promise<Observed | undefined>;
  create(call: AwsCall, wanted: Wanted): Promise<Observed>;
  /** Makes only the calls that `differences` need. `observed` is what `read` gave. */
  update(call: AwsCall, change: Change): Promise<Observed>;
  /** Begins the deletion; it is over when `read` gives undefined. Safe to repeat. */
  remove(call: AwsCall, wanted: Wanted, observed: Observed): Promise<void>;

  /** What the user's own fields ask for and AWS does not have; nothing else is compared. */
  compare(wanted: Wanted, observed: Observed): readonly Difference[];
  progressOf(observed: Observed): Progress;
  /** Fields that AWS chose and ACK writes back into the spec: a patch of the spec, empty when there is nothing. */
  lateInitialized(spec: JsonObject, observed: Observed): JsonObject;
  /** What the annotation adoption-fields names, as parts of spec and status. Throws an Error for unknown names. */
  identify(fields: Readonly<Record<string, string>>): Pick<Wanted, 'spec' | 'status' | 'arn'>;
  /** Why deleting would lose data (`it holds 3 objects`); undefined when nothing would be lost. */
  dataAtRisk(call: AwsCall, observed: Observed): Promise<string | undefined>;
  /** True when the same call cannot succeed until something that it depends on changes. */
  isTerminal(error: AwsError): boolean;
}

export interface Change {
  readonly wanted: Wanted;
  readonly observed: Observed;
  readonly differences: readonly Difference[];
}
