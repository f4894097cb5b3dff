// One run over a ClusterServiceVersion: it moves by one phase at a time, as OLM's does, and each phase is written down.
import type { KubeResource } from '@pergola/kube-client';
import type { CsvSpec } from '../kinds.ts';
import type { Wanted } from '../rbac.ts';

export interface CsvRun {
  readonly csv: KubeResource;
  readonly spec: CsvSpec;
  readonly nowMs: number;
  /** The ClusterServiceVersions of the namespace. */
  readonly siblings: readonly KubeResource[];
  /** The OperatorGroups of the namespace. */
  readonly groups: readonly KubeResource[];
  /** What the Subscription of this ClusterServiceVersion says about its Deployments. */
  readonly subscriptionConfig: object | undefined;
  readonly findDeployment: (name: string) => KubeResource | undefined;
  readonly find: (wanted: Wanted) => Promise<KubeResource | undefined>;
  readonly ensure: (wanted: Wanted) => Promise<void>;
  /** Writes labels, annotations and finalizers. */
  readonly patchMetadata: (metadata: Partial<KubeResource['metadata']>) => Promise<void>;
  readonly patchStatus: (status: CsvStatus) => Promise<void>;
  /** Deletes the ClusterServiceVersion itself. */
  readonly deleteSelf: () => Promise<void>;
  /** Deletes what carries its owner labels and no garbage collector would take. */
  readonly deleteOwned: () => Promise<void>;
  readonly event: (type: 'Normal' | 'Warning', reason: string, message: string) => void;
}

export interface CsvStatus {
  readonly phase?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
  readonly lastUpdateTime?: string;
  readonly conditions?: readonly object[];
  readonly requirementStatus?: readonly object[];
  readonly cleanup?: object;
}

/** A phase with its reason and sentence. */
export interface Phase {
  readonly phase:
    | 'Pending'
    | 'InstallReady'
    | 'Installing'
    | 'Succeeded'
    | 'Failed'
    | 'Replacing'
    | 'Deleting';
  readonly reason: string;
  readonly message: string;
}
