// The specification of a ClusterLogForwarder and a ClusterLogging of logging.openshift.io/v1.
import type {
  ContainerSelection,
  FilterBodies,
  GroupFields,
  Limit,
  Pipeline,
  Scheduling,
  TuningFields,
} from './shared-spec.ts';

export interface LegacyForwarderSpec {
  readonly inputs?: readonly LegacyInput[];
  readonly outputs?: readonly LegacyOutput[];
  readonly filters?: readonly LegacyFilter[];
  readonly pipelines?: readonly LegacyPipeline[];
  readonly serviceAccountName?: string;
}

export interface LegacyInput {
  readonly name?: string;
  readonly application?: ContainerSelection & {
    readonly namespaces?: readonly string[];
    readonly containerLimit?: Limit;
    readonly groupLimit?: Limit;
  };
  readonly infrastructure?: { readonly sources?: readonly string[] };
  readonly audit?: { readonly sources?: readonly string[] };
  readonly receiver?: object;
}

export interface LegacyOutput {
  readonly name?: string;
  readonly type?: string;
  readonly url?: string;
  readonly cloudwatch?: LegacyCloudWatch;
  readonly secret?: { readonly name?: string };
  readonly tls?: { readonly insecureSkipVerify?: boolean };
  readonly limit?: Limit;
  readonly tuning?: TuningFields & { readonly delivery?: 'AtLeastOnce' | 'AtMostOnce' };
}

export interface LegacyCloudWatch extends GroupFields {
  readonly region?: string;
  readonly groupBy?: 'logType' | 'namespaceName' | 'namespaceUUID';
  readonly groupPrefix?: string | null;
}

export interface LegacyFilter extends FilterBodies {
  readonly name?: string;
  readonly type?: string;
}

export interface LegacyPipeline extends Pipeline {
  readonly labels?: Readonly<Record<string, string>>;
  readonly parse?: string;
  readonly detectMultilineErrors?: boolean;
}

export interface ClusterLoggingSpec {
  readonly managementState?: 'Managed' | 'Unmanaged';
  readonly collection?:
    | (Scheduling & {
        readonly type?: string;
        readonly logs?: { readonly type?: string; readonly fluentd?: Scheduling | null } | null;
        readonly fluentd?: object | null;
      })
    | null;
  readonly forwarder?: { readonly fluentd?: object } | null;
  readonly visualization?: object | null;
  readonly logStore?: object | null;
  readonly curation?: object | null;
}
