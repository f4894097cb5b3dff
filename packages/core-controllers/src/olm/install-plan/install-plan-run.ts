// One run over an InstallPlan, and its status.
import type { KubeResource } from '@pergola/kube-client';
import type { LoadedBundle } from '../catalog.ts';
import type { Wanted } from '../rbac.ts';

export interface InstallPlanRun {
  readonly plan: KubeResource;
  readonly nowMs: number;
  /** The bundles of `spec.clusterServiceVersionNames`; undefined for a name that no catalog knows. */
  readonly bundles: readonly (LoadedBundle | undefined)[];
  /** How many OperatorGroups are in the namespace. */
  readonly groupCount: number;
  /** Makes an object unless it is there; `replace` brings one that is there up to date. Returns what is there then. */
  readonly ensure: (
    wanted: Wanted,
    replace: boolean,
  ) => Promise<{ readonly object: KubeResource; readonly made: boolean }>;
  readonly patchStatus: (status: InstallPlanStatus) => Promise<void>;
}

export interface InstallPlanStatus {
  readonly phase: string;
  readonly catalogSources?: readonly string[];
  readonly bundleLookups?: readonly object[];
  readonly plan?: readonly PlanStep[];
  readonly startTime?: string | undefined;
  readonly message?: string | undefined;
  readonly conditions?: readonly object[] | undefined;
}

export interface PlanStep {
  /** The ClusterServiceVersion for whose sake it is done. */
  readonly resolving: string;
  readonly status: 'Unknown' | 'NotPresent' | 'Present' | 'Created';
  readonly resource: {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
    readonly name: string;
    readonly sourceName: string;
    readonly sourceNamespace: string;
  };
}
