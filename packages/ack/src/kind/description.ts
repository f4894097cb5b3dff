// How a kind is described: data, and functions only where its service has ways of its own. Fields are keyed as the
// service's model writes them (`DBInstanceIdentifier`); the names of the custom resource follow from that.
import type { ServiceName } from '@pergola/aws-model';
import type { AwsCall, Difference, Kind, Observed, Progress, Wanted } from './kind.ts';

/** A resource or a part of it in the shapes of AWS. */
export type Raw = Readonly<Record<string, unknown>>;

/**
 * The input of a call. Texts that begin with `$` are looked up: `$arn`, `$account`, `$region`, `$partition`, or a
 * field of the spec or of what AWS answered (`$DBInstanceIdentifier`). Steps add names of their own, e.g. `$tags`.
 * A member whose text is not found is left out. The members of what stands at `$` are members of the input.
 */
export type Template = Readonly<Record<string, unknown>>;

/** Where a value is in an answer: `A.B`, `A[].B` for each element, `A[0]`; empty is the whole. */
export type Path = string;

export interface ServiceDescription {
  readonly service: ServiceName;
  /** Before `.services.k8s.aws`. */
  readonly group: string;
  /** Before the colon of IAM actions. */
  readonly actions: string;
  /** Operations whose action has another name. */
  readonly actionNames?: Readonly<Record<string, string | readonly string[]>>;
  /** By `Shape.Member`. */
  readonly members?: Readonly<Record<string, MemberRule>>;
}

export interface MemberRule {
  /** Name in the custom resource, where ACK's differs from its own rule. */
  readonly name?: string;
  /** A number with a fraction: the models have one number only. */
  readonly float?: true;
  readonly ignore?: true;
}

export interface Reference {
  /** `DBSubnetGroup`, or `kms/Key` of another service. */
  readonly kind: string;
  /** In the target: `spec.name`, `status.ackResourceMetadata.arn`. */
  readonly path: string;
}

/** How values are compared where "equal" is not enough. */
export type Comparison =
  | 'caseless'
  /** `14` and `14.20` are satisfied by `14.23`: AWS upgrades within a major version, and never downgrades. */
  | 'version'
  /** JSON documents with the meaning of IAM policies. */
  | 'policy'
  /** JSON documents. */
  | 'document'
  /** AWS tells another thing than was given: nothing to compare. */
  | 'never';

export interface FieldRule {
  /** `Operation.Member`: the field has the type of that member of the operation's input; of its output in a status. */
  readonly from?: string;
  /** A list of, or a map to, a shape of the model or a primitive (`s`, `n`, `b`). */
  readonly listOf?: string;
  readonly mapOf?: string;
  /** A shape of the model or a primitive. */
  readonly type?: string;
  /** The field is a part of the status. */
  readonly status?: true;
  /** A SecretKeyReference stands for the text. */
  readonly secret?: true;
  readonly required?: boolean;
  readonly immutable?: true;
  /** AWS makes the resource anew to change it. */
  readonly replace?: true;
  readonly reference?: Reference;
  /** Where AWS's answer has it, when not under its own name. */
  readonly observe?: Path;
  readonly compare?: Comparison;
  /** AWS's choice is written into the spec. */
  readonly lateInitialize?: true;
  readonly description?: string;
  /** Set and taken away by calls of its own. */
  readonly part?: PartRule;
  /** Its entries are added and dropped by calls of their own. */
  readonly entries?: EntriesRule;
}

export interface ReadCall {
  readonly operation: string;
  readonly input: Template;
  /** The resource or the part of it in the answer. */
  readonly at?: Path;
  /** Which of the elements at `at`: each member equals what its text finds. */
  readonly where?: Template;
  /** Errors that mean that there is nothing. */
  readonly absent?: readonly string[];
  /** The member of input and output that leads to the next page. */
  readonly page?: readonly [input: string, output: string];
}

export interface CreateCall {
  readonly operation: string;
  /** The first call whose field is set is made. */
  readonly when?: string;
  /** Beside the fields that the operation takes. */
  readonly input?: Template;
  /** The resource in the answer. */
  readonly at?: Path;
}

export interface UpdateCall {
  readonly operation: string;
  readonly input: Template;
  /** Fields that it changes; all that its input has, when not said. */
  readonly fields?: readonly string[];
  /** All its fields are sent, whether they differ or not. */
  readonly whole?: true;
  /** One field a call, because AWS refuses several at once. */
  readonly single?: true;
  /** Names that this input has for fields: `{ApplyMethod: 'Field'}`. */
  readonly names?: Readonly<Record<string, string>>;
}

export interface PartRule {
  readonly put: string;
  /** `$value` is the field. */
  readonly input: Template;
  readonly remove?: { readonly operation: string; readonly input: Template };
  readonly read?: ReadCall;
}

export interface EntriesRule {
  /** The member that names an entry; empty when the entry is its own name, `*` for the key of a map. */
  readonly key: string;
  /** `$entry` and `$key`. */
  readonly add: { readonly operation: string; readonly input: Template };
  readonly drop: { readonly operation: string; readonly input: Template };
  /** An entry that differs is dropped before it is added. */
  readonly anew?: true;
  readonly read?: ReadCall;
}

export interface TagRule {
  readonly field: string;
  /** Tags below the field: `TagSet`. */
  readonly below?: string;
  /** `$tags`: those to set, as AWS has them; all of them when there is no `drop`. */
  readonly add: { readonly operation: string; readonly input: Template };
  /** `$keys`: those to take away. */
  readonly drop?: { readonly operation: string; readonly input: Template };
  readonly read?: ReadCall;
}

export interface RemoveCall {
  readonly operation: string;
  readonly input: Template;
}

export interface ProgressRule {
  /** A field of the status. */
  readonly path: string;
  readonly ready: readonly string[];
  readonly failed?: readonly string[];
  /** It is being deleted already. */
  readonly removing?: readonly string[];
  /** Milliseconds. */
  readonly againMs?: number;
}

export interface Column {
  readonly name: string;
  /** JSONPath. */
  readonly path: string;
  readonly type?: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  readonly priority?: number;
}

/** What a function of a kind has at hand. */
export interface Dealings {
  readonly call: AwsCall;
  readonly wanted: Wanted;
  /** What AWS has, in its shapes, as far as it is known. */
  readonly resource: Raw;
  /** Finds what a template's text means. */
  readonly find: (text: string) => unknown;
  /** A field of the spec in the shapes of AWS. */
  readonly field: (key: string) => unknown;
  /** Whether it is of interest what AWS has in a field. */
  readonly isAsked: (key: string) => boolean;
}

export interface Ways {
  /** More of the resource, by calls or by another view of what is known. */
  readonly read?: (dealings: Dealings) => Promise<Raw>;
  /** The whole reading, where no list of calls will do. */
  readonly find?: (dealings: Dealings) => Promise<Raw | undefined>;
  /** Beside the input of the call that creates. */
  readonly createInput?: (dealings: Dealings) => Raw;
  /** Makes the calls for differences in these fields. */
  readonly update?: Readonly<
    Record<string, (dealings: Dealings, differences: readonly Difference[]) => Promise<void>>
  >;
  /** Beside the input of a call that updates. */
  readonly updateInput?: (dealings: Dealings, keys: readonly string[]) => Raw;
  /** What has to go before the resource. */
  readonly beforeRemove?: (dealings: Dealings) => Promise<void>;
  readonly removeInput?: (dealings: Dealings) => Raw;
  /** Values of the spec as they are compared. */
  readonly compare?: (
    wanted: Wanted,
    observed: Observed,
    differences: readonly Difference[],
  ) => readonly Difference[];
  readonly progressOf?: (observed: Observed) => Progress | undefined;
  readonly dataAtRisk?: Kind['dataAtRisk'];
  /** Operations that these functions call. */
  readonly operations?: readonly string[];
}

export interface KindDescription {
  readonly service: ServiceDescription;
  readonly kind: string;
  readonly shortNames?: readonly string[];
  readonly isStateful?: true;
  /** Names of ACK for members of inputs and outputs: `{RoleName: 'Name'}`. */
  readonly renames?: Readonly<Record<string, string>>;
  /** Members that are no fields. */
  readonly ignore?: readonly string[];
  readonly fields?: Readonly<Record<string, FieldRule>>;
  /** Members that the status has though the spec has them too. */
  readonly alsoInStatus?: readonly string[];
  /** Fields within fields, by their names in the custom resource: `sseSpecification.kmsMasterKeyID`. */
  readonly nestedReferences?: Readonly<Record<string, Reference>>;
  /** The field that is the resource's name in AWS. */
  readonly identity: string;
  /** Built from the template's texts when AWS does not tell it: `arn:$partition:s3:::$Name`. */
  readonly arn?: string;
  readonly create: readonly CreateCall[];
  readonly read: readonly ReadCall[];
  readonly update?: readonly UpdateCall[];
  readonly tags?: TagRule;
  readonly remove: readonly RemoveCall[];
  readonly progress?: ProgressRule;
  /** A boolean field that keeps AWS from deleting: when the user has set it to false, that is done before. */
  readonly protection?: string;
  /** Error codes after which the same call cannot succeed. */
  readonly terminal?: readonly string[];
  /** Errors that mean that AWS is still at the change before: what is left is found again later. */
  readonly busy?: readonly string[];
  /** Errors of removal that mean that it is gone already. */
  readonly gone?: readonly string[];
  readonly columns?: readonly Column[];
  readonly ways?: Ways;
}
