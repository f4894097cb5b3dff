// How a Job is reconciled, in order.
import type { Step } from '@pergola/controller-kit';
import { expireJob } from './reconcile-expiry.ts';
import { managePods } from './reconcile-pods.ts';
import { writeStatus } from './reconcile-status.ts';
import { judge } from './reconcile-verdict.ts';
import type { JobRun } from './run.ts';

export const jobSteps: readonly Step<JobRun>[] = [
  { name: 'verdict', run: judge },
  { name: 'pods', run: managePods },
  { name: 'status', run: writeStatus },
  { name: 'expiry', run: expireJob },
];
