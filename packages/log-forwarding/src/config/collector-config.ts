// What the operator tells the collector, as JSON in the Secret `<collector>-config`, key `collector.json`. The collector
// knows nothing of ClusterLogForwarders of any version: everything is resolved here.

export interface CollectorConfig {
  readonly version: 1;
  readonly forwarder: ForwarderIdentity;
  /** `openshift.cluster_id` of every record. */
  readonly clusterId: string;
  readonly inputs: readonly InputConfig[];
  readonly filters: readonly FilterConfig[];
  readonly outputs: readonly OutputConfig[];
  readonly pipelines: readonly PipelineConfig[];
}

export interface ForwarderIdentity {
  readonly apiVersion: 'logging.openshift.io/v1' | 'observability.openshift.io/v1';
  readonly namespace: string;
  readonly name: string;
}

/** `default`, `openshift`, `openshift-*`, `kube` and `kube-*` are infrastructure; every other namespace is application. */
export type InputConfig = ApplicationInput | InfrastructureInput | AuditInput;

export interface ApplicationInput {
  readonly name: string;
  readonly type: 'application';
  /** Globs with `*`; a container is taken when it fits one include (or there is none) and no exclude. */
  readonly includes: readonly ContainerGlob[];
  readonly excludes: readonly ContainerGlob[];
  /** Label selector on the pod, as in Kubernetes. */
  readonly selector?: LabelSelector | undefined;
  /** Records a second for each container; more are dropped and counted. */
  readonly maxRecordsPerSecondPerContainer?: number | undefined;
  /** Bytes; longer messages are dropped and counted. */
  readonly maxMessageBytes?: number | undefined;
}

export interface InfrastructureInput {
  readonly name: string;
  readonly type: 'infrastructure';
  readonly sources: readonly ('node' | 'container')[];
  readonly maxRecordsPerSecondPerContainer?: number | undefined;
  readonly maxMessageBytes?: number | undefined;
}

export interface AuditInput {
  readonly name: string;
  readonly type: 'audit';
  readonly sources: readonly ('auditd' | 'kubeAPI' | 'openshiftAPI' | 'ovn')[];
}

export interface ContainerGlob {
  readonly namespace?: string | undefined;
  readonly container?: string | undefined;
}

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>> | undefined;
  readonly matchExpressions?:
    | readonly {
        readonly key: string;
        readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
        readonly values?: readonly string[] | undefined;
      }[]
    | undefined;
}

/** Filters in the words of `observability.openshift.io/v1`. */
export type FilterConfig =
  | { readonly name: string; readonly type: 'drop'; readonly drop: readonly DropTest[] }
  | { readonly name: string; readonly type: 'prune'; readonly prune: PruneConfig }
  | { readonly name: string; readonly type: 'kubeAPIAudit'; readonly kubeAPIAudit: AuditPolicy }
  | { readonly name: string; readonly type: 'parse' }
  | { readonly name: string; readonly type: 'detectMultilineException' }
  | {
      readonly name: string;
      readonly type: 'openshiftLabels';
      readonly labels: Readonly<Record<string, string>>;
    };

/** Tests are OR-ed, the conditions of one test AND-ed; a field that is missing makes its condition false. */
export interface DropTest {
  readonly test: readonly {
    /** `.kubernetes.namespace_name`, `.kubernetes.labels."app.kubernetes.io/name"`. */
    readonly field: string;
    readonly matches?: string | undefined;
    readonly notMatches?: string | undefined;
  }[];
}

export interface PruneConfig {
  /** These fields go. */
  readonly in?: readonly string[] | undefined;
  /** Only these stay. */
  readonly notIn?: readonly string[] | undefined;
}

/** https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/#audit-k8s-io-v1-PolicyRule, with `*` wildcards. */
export interface AuditPolicy {
  readonly rules: readonly AuditRule[];
  readonly omitStages: readonly string[];
  /** Default [404, 409, 422, 429]; empty: none. */
  readonly omitResponseCodes: readonly number[];
}

export interface AuditRule {
  readonly level: 'None' | 'Metadata' | 'Request' | 'RequestResponse';
  readonly users?: readonly string[] | undefined;
  readonly userGroups?: readonly string[] | undefined;
  readonly verbs?: readonly string[] | undefined;
  readonly resources?:
    | readonly {
        readonly group?: string | undefined;
        readonly resources?: readonly string[] | undefined;
        readonly resourceNames?: readonly string[] | undefined;
      }[]
    | undefined;
  readonly namespaces?: readonly string[] | undefined;
  readonly nonResourceURLs?: readonly string[] | undefined;
  readonly omitStages?: readonly string[] | undefined;
  readonly omitManagedFields?: boolean | undefined;
}

/** The one kind of output today; a further one is a further member of this union and a folder in `collector/outputs`. */
export type OutputConfig = CloudWatchOutput;

export interface CloudWatchOutput {
  readonly name: string;
  readonly type: 'cloudwatch';
  readonly region: string;
  /** Base URL; absent: AWS_ENDPOINT_URL_CLOUDWATCH_LOGS, AWS_ENDPOINT_URL, then AWS's own host. */
  readonly endpoint?: string | undefined;
  readonly names: NamingConfig;
  readonly authentication: AuthenticationConfig;
  readonly tuning: TuningConfig;
  /** For groups that the collector creates. */
  readonly retentionDays?: number | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly kmsKeyId?: string | undefined;
  /** Records a second for this output; more wait. */
  readonly maxRecordsPerSecond?: number | undefined;
  readonly insecureSkipVerify?: boolean | undefined;
  /** Path of a CA bundle in the container. */
  readonly caFile?: string | undefined;
}

export type NamingConfig =
  /** Of `logging.openshift.io/v1`. `prefix` is resolved; empty: none. */
  | {
      readonly style: 'v1';
      readonly groupBy: 'logType' | 'namespaceName' | 'namespaceUUID';
      readonly prefix: string;
    }
  /** Of `observability.openshift.io/v1`: `foo-{.log_type||"none"}`. */
  | { readonly style: 'observability'; readonly groupName: string };

export type AuthenticationConfig =
  | {
      readonly type: 'iamRole';
      readonly roleArn: string;
      /** Path of the web identity token in the container. */
      readonly tokenFile: string;
      readonly sessionName: string;
      readonly assumeRole?: AssumeRoleConfig | undefined;
    }
  | {
      readonly type: 'awsAccessKey';
      /** Paths in the container. */
      readonly keyIdFile: string;
      readonly keySecretFile: string;
      readonly assumeRole?: AssumeRoleConfig | undefined;
    };

export interface AssumeRoleConfig {
  readonly roleArn: string;
  readonly externalId?: string | undefined;
  readonly sessionName?: string | undefined;
}

export interface TuningConfig {
  /** `AtLeastOnce` pauses reading when the disk buffer is full; `AtMostOnce` drops the newest and counts. */
  readonly delivery: 'AtLeastOnce' | 'AtMostOnce';
  readonly compression: 'none' | 'gzip' | 'zlib' | 'snappy' | 'zstd';
  /** Bytes of one PutLogEvents, at most 1,048,576. */
  readonly maxWriteBytes: number;
  readonly minRetryMs: number;
  readonly maxRetryMs: number;
}

export interface PipelineConfig {
  readonly name: string;
  readonly inputs: readonly string[];
  /** In the order in which they are applied. */
  readonly filters: readonly string[];
  readonly outputs: readonly string[];
}
