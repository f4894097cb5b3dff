// How a Deployment is reconciled, in order.
import type { Step } from '@pergola/controller-kit';
import { trimHistory } from './reconcile-history.ts';
import { markPaused } from './reconcile-paused.ts';
import { syncRevision } from './reconcile-revision.ts';
import { roll } from './reconcile-rollout.ts';
import { scaleAll } from './reconcile-scale.ts';
import { writeStatus } from './reconcile-status.ts';
import type { Rollout } from './rollout.ts';

/** A Deployment on its way out gets the last step only. */
export const deploymentSteps: readonly Step<Rollout>[] = [
  { name: 'paused', run: markPaused },
  { name: 'revision', run: syncRevision },
  { name: 'scale', run: scaleAll },
  { name: 'rollout', run: roll },
  { name: 'history', run: trimHistory },
  { name: 'status', run: writeStatus },
];
