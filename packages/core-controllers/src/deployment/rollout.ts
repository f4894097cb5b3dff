// One run over one Deployment: what the steps share, and what they may do.
import type { KubeResource } from '@pergola/kube-client';
import type { Condition } from '../workload/conditions.ts';

export interface Rollout {
  deployment: KubeResource;
  /** The ReplicaSet of the current template, once there is one. */
  newSet: KubeResource | undefined;
  /** All others, oldest first. */
  oldSets: KubeResource[];
  readonly nowMs: number;
  /** Conditions as this run will write them. */
  conditions: Condition[];
  /** This run only changes sizes; set by the scale step, respected by those after it. */
  scaling: boolean;
  /** Counts up when the name of the new ReplicaSet is taken by somebody else's. */
  collisionCount: number | undefined;
  readonly actions: RolloutActions;
}

/** Everything that leaves the process. Each returns the object as the server has it then. */
export interface RolloutActions {
  readonly createSet: (set: KubeResource) => Promise<KubeResource>;
  /** Writes metadata and spec of a ReplicaSet. */
  readonly updateSet: (before: KubeResource, after: KubeResource) => Promise<KubeResource>;
  readonly findSet: (name: string) => Promise<KubeResource | undefined>;
  readonly deleteSet: (set: KubeResource) => Promise<void>;
  /** Writes the Deployment's annotations. */
  readonly annotate: (annotations: Record<string, string>) => Promise<KubeResource>;
  readonly patchStatus: (status: object) => Promise<void>;
  /** Pods of a ReplicaSet, whatever their phase. */
  readonly podsOf: (set: KubeResource) => readonly KubeResource[];
  readonly event: (type: 'Normal' | 'Warning', reason: string, message: string) => void;
}

/** All ReplicaSets of the Deployment. */
export function allSets({ newSet, oldSets }: Pick<Rollout, 'newSet' | 'oldSets'>): KubeResource[] {
  return newSet ? [...oldSets, newSet] : [...oldSets];
}
