// How a ReplicaSet is reconciled, in order.
import type { Step } from '@pergola/controller-kit';
import type { KubeResource } from '@pergola/kube-client';
import { manageReplicas } from './reconcile-replicas.ts';
import { writeStatus } from './reconcile-status.ts';

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

export const replicaSetSteps: readonly Step<ReplicaSetRun>[] = [
  { name: 'replicas', run: manageReplicas },
  { name: 'status', run: writeStatus },
];
