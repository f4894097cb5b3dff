// The specification of a ClusterLogForwarder of observability.openshift.io/v1.
import type {
  AuditSource,
  ContainerSelection,
  FilterBodies,
  GroupFields,
  InfrastructureSource,
  Limit,
  Pipeline,
  Quantity,
  Scheduling,
  TuningFields,
} from './shared-spec.ts';

export interface ForwarderSpec {
  readonly managementState?: 'Managed' | 'Unmanaged';
  readonly collector?: CollectorSpec | null;
  readonly inputs?: readonly Input[];
  readonly outputs?: readonly Output[];
  readonly filters?: readonly Filter[];
  readonly pipelines?: readonly Pipeline[];
  readonly serviceAccount?: { readonly name?: string };
}

export interface CollectorSpec extends Scheduling {
  readonly affinity?: object;
  readonly networkPolicy?: { readonly ruleSet?: 'AllowAllIngressEgress' | 'RestrictIngressEgress' };
  readonly maxUnavailable?: Quantity;
  readonly terminationGracePeriodSeconds?: number;
}

export interface ContainerTuning {
  readonly rateLimitPerContainer?: Limit;
  readonly maxMessageSize?: Quantity;
}

export interface Input {
  readonly name: string;
  readonly type: 'application' | 'infrastructure' | 'audit' | 'receiver';
  readonly application?: (ContainerSelection & { readonly tuning?: ContainerTuning }) | null;
  readonly infrastructure?: {
    readonly sources?: readonly InfrastructureSource[];
    readonly tuning?: { readonly container?: ContainerTuning };
  };
  readonly audit?: {
    readonly sources?: readonly AuditSource[];
    readonly tuning?: { readonly ignoreOlder?: string };
  };
  readonly receiver?: object;
}

export interface SecretKey {
  readonly secretName: string;
  readonly key: string;
}

export interface AssumeRole {
  readonly roleARN: SecretKey;
  readonly externalID?: string;
  readonly sessionName?: string;
}

export interface Authentication {
  readonly type: 'awsAccessKey' | 'iamRole';
  readonly awsAccessKey?: {
    readonly keyId: SecretKey;
    readonly keySecret: SecretKey;
    readonly assumeRole?: AssumeRole | null;
  } | null;
  readonly iamRole?: {
    readonly roleARN: SecretKey;
    readonly token: {
      readonly from: 'secret' | 'serviceAccount';
      readonly secret?: { readonly name: string; readonly key: string } | null;
    };
    readonly assumeRole?: AssumeRole | null;
  } | null;
  readonly assumeRole?: AssumeRole | null;
}

export interface CloudWatch extends GroupFields {
  readonly url?: string;
  readonly region: string;
  readonly groupName: string;
  readonly authentication?: Authentication;
  readonly tuning?: TuningFields & { readonly deliveryMode?: 'AtLeastOnce' | 'AtMostOnce' };
}

export interface ConfigKey {
  readonly secretName?: string;
  readonly configMapName?: string;
  readonly key: string;
}

export interface OutputTls {
  readonly ca?: ConfigKey | null;
  readonly certificate?: ConfigKey | null;
  readonly key?: SecretKey | null;
  readonly keyPassphrase?: SecretKey | null;
  readonly insecureSkipVerify?: boolean;
}

export interface Output {
  readonly name: string;
  readonly type: string;
  readonly tls?: OutputTls;
  readonly rateLimit?: Limit;
  readonly cloudwatch?: CloudWatch;
}

export interface Filter extends FilterBodies {
  readonly name: string;
  readonly type: string;
  readonly openshiftLabels?: Readonly<Record<string, string>>;
}

/** The chained role of an authentication, wherever it is written: older releases write it into the type's own part. */
export function assumeRoleOf({
  assumeRole,
  iamRole,
  awsAccessKey,
  type,
}: Authentication): AssumeRole | undefined {
  const own = type === 'iamRole' ? iamRole?.assumeRole : awsAccessKey?.assumeRole;
  return assumeRole ?? own ?? undefined;
}
