// How a DaemonSet is reconciled, in order.
import type { Step } from '@pergola/controller-kit';
import { placePods } from './reconcile-placement.ts';
import { writeStatus } from './reconcile-status.ts';
import { replaceOldPods } from './reconcile-update.ts';
import type { DaemonSetRun } from './run.ts';

export const daemonSetSteps: readonly Step<DaemonSetRun>[] = [
  { name: 'placement', run: placePods },
  { name: 'update', run: replaceOldPods },
  { name: 'status', run: writeStatus },
];
