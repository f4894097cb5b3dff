// One run over one Job: what the steps share, and what they may do.
import type { KubeResource } from '@pergola/kube-client';

/** How a Job ended. */
export interface JobVerdict {
  readonly type: 'Complete' | 'Failed';
  readonly reason: string;
  readonly message: string;
}

/** One run over one Job. */
export interface JobRun {
  readonly job: KubeResource;
  readonly pods: readonly KubeResource[];
  readonly nowMs: number;
  /** False while pods made or removed earlier have not been seen yet. */
  readonly settled: boolean;
  /** Set by the first step once the Job has ended, in this run or an earlier one. */
  verdict?: JobVerdict;
  readonly createPods: (count: number) => Promise<unknown>;
  readonly removePods: (pods: readonly KubeResource[]) => Promise<unknown>;
  readonly patchStatus: (status: object) => Promise<void>;
  readonly deleteJob: () => Promise<void>;
  readonly event: (type: 'Normal' | 'Warning', reason: string, message: string) => void;
}
