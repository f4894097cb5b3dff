// What the ACK operator is started with.
import type { AwsTarget, CredentialSource } from '@pergola/aws-client';
import type { Clock, Logger, Random } from '@pergola/kernel';
import type { KubeClient } from '@pergola/kube-client';
import type { Kind } from '../kind/kind.ts';
import type { CallAws } from '../runtime/aws/aws-access.ts';
import type { DeletionPolicy } from '../runtime/settings.ts';

export interface AckOperatorOptions {
  /** Needs the rights of the package's ClusterServiceVersion. Not disposed. */
  readonly client: KubeClient;
  /** Where AWS is, the default region, and the controller's own credentials. */
  readonly aws: AwsTarget & { readonly credentials: CredentialSource };
  /** Makes the calls; `callOperation` of aws-client when absent. */
  readonly callAws?: CallAws | undefined;
  readonly kinds: readonly Kind[];
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Resources elsewhere are left alone. Default, and when empty: all namespaces. */
  readonly watchNamespaces?: readonly string[] | undefined;
  /** Where `ack-role-account-map` lies. Default `ack-system`. */
  readonly systemNamespace?: string | undefined;
  /** Default: delete, but retain for kinds whose deletion loses data. */
  readonly deletionPolicy?: DeletionPolicy | undefined;
  /** `key=value` with ACK's placeholders. Default: ACK's own two. */
  readonly resourceTags?: readonly string[] | undefined;
  /** How often AWS is looked at when nothing has changed. Default 60 s; 0: never. */
  readonly driftCheckMs?: number | undefined;
  /** Resources of one service that are reconciled at a time. Default 8. */
  readonly workers?: number | undefined;
  /** Calls a second to one service in one region, at most; AWS's throttling lowers it. Default 200. */
  readonly callsPerSecond?: number | undefined;
  /** References, secrets and exports may cross namespaces, as ACK lets them. Default true. */
  readonly crossNamespace?: boolean | undefined;
  /** Serves `/metrics`, `/healthz` and `/readyz` there; 0 is any free port. Absent: nothing is served. */
  readonly statusPort?: number | undefined;
  /** Where it listens. Default: on loopback only. */
  readonly statusHost?: string | undefined;
  /** With it, one of several operators works, the others wait. Without it this one works at once. */
  readonly leaderElection?:
    | {
        /** Where the lease lies: the operator's own namespace. */
        readonly namespace: string;
        /** Differs for every process, e.g. the pod's name. */
        readonly identity: string;
        /** Default `ack-` and the services' names, or `ack` when there are several. */
        readonly lease?: string;
        /** Called when the lease is lost or leading failed: the process should end and be started again. */
        readonly onLost: (error: Error) => void;
      }
    | undefined;
}

/** A running operator. Disposing it waits for the reconciliations under way. */
export interface AckOperator extends AsyncDisposable {
  /** In Prometheus' text format. */
  metrics(): string;
  /** `undefined` when nothing is served. */
  readonly statusUrl: string | undefined;
  /** Calls made to AWS, and writes to resources in Kubernetes, since the start. */
  readonly totals: { readonly awsCalls: number; readonly kubernetesWrites: number };
}
