// One run over one DaemonSet: what the steps share, and what they may do.
import type { KubeResource } from '@pergola/kube-client';

/** The label that tells which template a pod was made from. */
export const revisionLabel = 'controller-revision-hash';

/** One run over one DaemonSet. */
export interface DaemonSetRun {
  readonly set: KubeResource;
  readonly nodes: readonly KubeResource[];
  readonly pods: readonly KubeResource[];
  readonly nowMs: number;
  /** False while pods made or removed earlier have not been seen yet. */
  readonly settled: boolean;
  /** Hash of the current template. */
  readonly revision: string;
  /** The placement step made or removed pods: the update waits for a later run. */
  acted: boolean;
  /** Makes a pod on each of these nodes. */
  readonly createPods: (nodeNames: readonly string[]) => Promise<unknown>;
  readonly removePods: (pods: readonly KubeResource[]) => Promise<unknown>;
  readonly patchStatus: (status: object) => Promise<void>;
  readonly event: (type: 'Normal' | 'Warning', reason: string, message: string) => void;
}
