// How a ReplicaSet is reconciled, in order.
import type { Step } from '@pergola/controller-kit';
import { manageReplicas } from './reconcile-replicas.ts';
import { writeStatus } from './reconcile-status.ts';
import type { ReplicaSetRun } from './run.ts';

export const replicaSetSteps: readonly Step<ReplicaSetRun>[] = [
  { name: 'replicas', run: manageReplicas },
  { name: 'status', run: writeStatus },
];
