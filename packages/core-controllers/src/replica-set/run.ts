// One run over one ReplicaSet: what the steps share, and what they may do.
import type { KubeResource } from '@pergola/kube-client';

/** One run over one ReplicaSet. */
export interface ReplicaSetRun {
  readonly set: KubeResource;
  /** Pods that belong to it, finished and terminating ones too. */
  readonly pods: readonly KubeResource[];
  readonly nowMs: number;
  /** False while pods made or removed earlier have not been seen yet. */
  readonly settled: boolean;
  /** What went wrong while making or removing pods; becomes the condition ReplicaFailure. */
  failure?: { readonly reason: 'FailedCreate' | 'FailedDelete'; readonly error: unknown };
  /** Makes `count` pods. */
  readonly createPods: (count: number) => Promise<unknown>;
  /** Removes these pods. */
  readonly removePods: (pods: readonly KubeResource[]) => Promise<unknown>;
  readonly patchStatus: (status: object) => Promise<void>;
}
