// One run over a Subscription: what is known, what it wants, and the status that is being drawn up.
import type { KubeResource } from '@pergola/kube-client';
import type { OperatorPackage, SubscriptionSpec } from '../catalog.ts';

export interface SubscriptionRun {
  readonly subscription: KubeResource;
  readonly spec: SubscriptionSpec & { readonly installPlanApproval?: string };
  readonly catalog: readonly OperatorPackage[];
  readonly nowMs: number;
  /** The ClusterServiceVersions of the namespace. */
  readonly csvs: readonly KubeResource[];
  /** The InstallPlans that this Subscription asked for. */
  readonly plans: readonly KubeResource[];
  /** Whether the CatalogSource that it names is there. */
  readonly sourceExists: boolean;
  readonly createPlan: (csv: string) => Promise<KubeResource>;
  readonly patchStatus: (status: SubscriptionStatus) => Promise<void>;
  /** Changed by the steps. */
  status: SubscriptionStatus;
  /** The ClusterServiceVersion to install next; set by the first step. */
  wanted: string | undefined;
  /** True when there is none beyond the installed one. */
  latest: boolean;
}

export interface SubscriptionStatus {
  readonly state?: string | undefined;
  readonly currentCSV?: string | undefined;
  readonly installedCSV?: string | undefined;
  readonly installplan?: object | undefined;
  readonly installPlanRef?: object | undefined;
  readonly installPlanGeneration?: number | undefined;
  readonly lastUpdated?: string | undefined;
  readonly catalogHealth?: readonly object[] | undefined;
  readonly conditions?: readonly SubscriptionCondition[] | undefined;
}

export interface SubscriptionCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly lastTransitionTime?: string | undefined;
}
