// The nouns that the whole plane shares: a call and its answer, a resource definition, and what handlers may use.
// One file, because they speak of each other; it holds no behaviour.
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock, Logger, Random } from '@pergola/kernel';
import type { Store } from '@pergola/store';
import type { FieldFault } from './faults.ts';
import type { KubeStatus } from './kube-status.ts';
import type { KubeObject } from './object.ts';
import type { RequestInfo, Verb } from './request/request-info.ts';
import type { KubeSchema, SchemaSource } from './schema/schema.ts';

/** Who is calling, as authentication and impersonation found it. */
export interface UserInfo {
  readonly username: string;
  readonly uid?: string | undefined;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** One request on its way through the filters. */
export interface Call {
  readonly method: string;
  /** Decoded by no one: as sent, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly info: RequestInfo;
  /** `system:anonymous` until the authenticate filter has run. */
  user: UserInfo;
  /** What the audit trail will tell of it; filters and handlers write it down. */
  readonly notes: CallNotes;
  /** Texts for Warning headers; only before the answer is returned. */
  readonly warnings: string[];
  /** Aborts when the client has gone. */
  readonly signal: AbortSignal;
  /** The client address, for records. */
  readonly remoteAddress: string;
  /** The whole body, read once; throws the 413 Status above the limit. */
  body(): Promise<Buffer>;
}

export interface CallNotes {
  decision: { readonly allowed: boolean; readonly reason: string } | undefined;
  /** Who took on another's identity. */
  impersonator: UserInfo | undefined;
  /** The name that the body of a create gave its object. */
  objectName: string | undefined;
  failure: KubeStatus | undefined;
  /** True when the failure is a fault of ours. */
  isBug: boolean;
}

/** Stages of a request that the audit trail tells of. */
export type AuditStage = 'ResponseStarted' | 'ResponseComplete' | 'Panic';

export interface AuditTrail {
  /** Begins the trail of a request; `uri` is the path as sent, with the query. */
  begin(call: Call, uri: string): RequestTrail;
}

/** Tells of one request; each stage at its time. */
export interface RequestTrail {
  /** The answer's `Audit-Id` header. */
  readonly auditId: string;
  /** `code` is the HTTP status of the answer. */
  tell(stage: AuditStage, code: number): void;
}

/** What a handler returns: a whole answer, a stream that it writes itself, or a taken-over connection. */
export type Answer = WholeAnswer | StreamAnswer | UpgradeAnswer;

export interface WholeAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

export interface StreamAnswer {
  readonly stream: (response: ServerResponse) => void | Promise<void>;
}

export interface UpgradeAnswer {
  /** Takes the raw connection; only for requests that asked for an upgrade. */
  readonly upgrade: (socket: Duplex, head: Buffer) => void | Promise<void>;
}

/** Handles one verb on one resource or subresource. */
export type Handler = (call: Call, definition: ResourceDefinition, plane: Plane) => Promise<Answer>;

/** Handlers by Kubernetes verb. */
export type Handlers = Readonly<Partial<Record<string, Handler>>>;

/** A path beneath one object. */
export interface Subresource {
  readonly handlers: Handlers;
  /** What discovery says of it. */
  readonly group?: string;
  readonly version?: string;
  readonly kind: string;
}

/** Facts of a write that prepare and validate functions may need. */
export interface StrategyContext {
  readonly plane: Plane;
  readonly user: UserInfo;
  readonly nowIso: string;
  /** Adds a Warning header. */
  readonly warn: (text: string) => void;
}

/** The kind's own rules. `prepare…` may change `object`; `validate…` may not; each is called in this order. */
export interface Strategy {
  /** Fills defaults that depend on other fields; runs after decoding on every write. */
  readonly applyDefaults?: (object: KubeObject) => void;
  readonly prepareForCreate?: (object: KubeObject, context: StrategyContext) => void;
  readonly prepareForUpdate?: (object: KubeObject, previous: KubeObject, context: StrategyContext) => void;
  /** Checks that hold for every stored object of the kind. */
  readonly validate?: (
    object: KubeObject,
    context: StrategyContext,
  ) => readonly FieldFault[] | Promise<readonly FieldFault[]>;
  readonly validateUpdate?: (
    object: KubeObject,
    previous: KubeObject,
    context: StrategyContext,
  ) => FieldFault[];
  /** Refusals other than 422 (RBAC escalation); throws a KubeStatus. */
  readonly authorizeWrite?: (object: KubeObject, context: StrategyContext) => void;
  /** Seconds of grace for a deletion; undefined = delete at once. */
  readonly graceSeconds?: (object: KubeObject, wanted: number | undefined) => number | undefined;
  /** Changes the object when it starts to terminate (namespaces). */
  readonly beginTermination?: (object: KubeObject) => void;
  /** True when nothing but finalizers of the kind's own keeps a terminating object alive. */
  readonly holdsTermination?: (object: KubeObject) => boolean;
  /** Values for field selectors beyond metadata.name and metadata.namespace. */
  readonly fieldValues?: (object: KubeObject) => Readonly<Record<string, string>>;
  /** How the object may be named. Default: DNS subdomain. */
  readonly nameRule?: 'subdomain' | 'label' | 'dns1035' | 'path';
}

export interface ScalePaths {
  readonly specReplicas: string;
  readonly statusReplicas: string;
  readonly labelSelector?: string | undefined;
}

/** A printer column of a custom resource. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly description?: string;
  readonly priority?: number;
  readonly jsonPath: string;
}

/** One kind in one version as the plane serves it. Built-in kinds are values; custom ones come from CRDs. */
export interface ResourceDefinition {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly listKind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly Verb[];
  readonly schema: KubeSchema;
  readonly source: SchemaSource;
  /** Where objects are kept; versions and views of a kind share it. */
  readonly storedAs: { readonly group: string; readonly plural: string };
  /** From the stored to the served shape and back; absent when equal. */
  readonly fromStored?: (object: KubeObject) => KubeObject;
  readonly toStored?: (object: KubeObject) => KubeObject;
  /** True for kinds defined by a CustomResourceDefinition. */
  readonly custom: boolean;
  readonly columns?: readonly PrinterColumn[];
  readonly hasStatus: boolean;
  readonly hasGeneration: boolean;
  readonly scale?: ScalePaths | undefined;
  /** PUT of an absent object creates it. */
  readonly createOnUpdate: boolean;
  /** PUT without a resourceVersion is allowed. */
  readonly unconditionalUpdate: boolean;
  /** DELETE answers with the object instead of a Status. */
  readonly deleteReturnsObject: boolean;
  readonly strategy: Strategy;
  readonly subresources: Readonly<Record<string, Subresource>>;
  /** Replaces the generic verbs (reviews, views). */
  readonly handlers?: Handlers;
}

/** Finds definitions; kept current as CRDs come and go. */
export interface Resources {
  find(group: string, version: string, plural: string): ResourceDefinition | undefined;
  findKind(group: string, version: string, kind: string): ResourceDefinition | undefined;
  all(): readonly ResourceDefinition[];
  /** Counts changes, for caches of discovery and OpenAPI. */
  generation(): number;
}

/** What an authorizer is asked. */
export interface AuthorizationAttributes {
  readonly user: UserInfo;
  readonly verb: string;
  readonly group: string;
  readonly version?: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  /** Set for non-resource requests; then the resource fields are ''. */
  readonly path?: string | undefined;
}

/** One RBAC rule, as on the wire. */
export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

export interface Authorizer {
  /** `reason` names what allowed it, or what is special about a refusal; '' when there is nothing to say. */
  authorize(attributes: AuthorizationAttributes): { readonly allowed: boolean; readonly reason: string };
  /** All rules that hold for the user in the namespace ('' = cluster-wide only). */
  rulesFor(user: UserInfo, namespace: string): PolicyRule[];
  /** The rules of a Role or ClusterRole, with aggregation; undefined when it does not exist. */
  rulesOf(kind: string, namespace: string, name: string): readonly PolicyRule[] | undefined;
}

export type Operation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';

/** One write on its way through admission. */
export interface AdmissionRequest {
  readonly operation: Operation;
  readonly definition: ResourceDefinition;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly object: KubeObject | undefined;
  readonly oldObject: KubeObject | undefined;
  /** The CreateOptions, UpdateOptions, PatchOptions or DeleteOptions of the request. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly dryRun: boolean;
  readonly user: UserInfo;
  readonly warnings: string[];
}

export interface Admission {
  /** Returns the object as changed; throws a KubeStatus to refuse. */
  mutate(request: AdmissionRequest): Promise<KubeObject | undefined>;
  /** Throws a KubeStatus to refuse. */
  validate(request: AdmissionRequest): Promise<void>;
}

/** What a bound token says beyond its user. */
export interface TokenIdentity {
  readonly user: UserInfo;
  readonly audiences: readonly string[];
}

export interface Authenticator {
  /** Undefined when the token is not valid here for any of the `audiences` (default: the API's own). */
  authenticate(token: string, audiences?: readonly string[]): Promise<TokenIdentity | undefined>;
}

export interface ClusterFacts {
  readonly name: string;
  readonly infrastructureName: string;
  readonly region: string;
  readonly account: string;
  readonly topology: 'classic' | 'hcp';
  readonly id: string;
  /** OpenShift version, `4.17.x`. */
  readonly version: string;
}

/** Mints service-account tokens. */
export interface TokenIssuer {
  readonly issuer: string;
  readonly jwks: Readonly<Record<string, unknown>>;
  readonly discovery: Readonly<Record<string, unknown>>;
  mint(claims: Readonly<Record<string, unknown>>, ttlSeconds: number): Promise<string>;
}

/** Everything that handlers may use. */
export interface Plane {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly cluster: ClusterFacts;
  /** PEM of the CA of the API's serving certificate. */
  readonly ca: string;
  /** `https://host:port` as clients reach it. */
  readonly url: () => string;
  readonly tokens: TokenIssuer;
  readonly resources: Resources;
  readonly authorizer: Authorizer;
  readonly authenticator: Authenticator;
  readonly admission: Admission;
  readonly audit: AuditTrail;
  readonly dialKubelet: (nodeName: string) => Promise<Duplex>;
  /** Every change up to this revision has been delivered to every watch. */
  readonly watchProgress: () => number;
  /** Open watches and tunnels end when this aborts. */
  readonly closing: AbortSignal;
}
