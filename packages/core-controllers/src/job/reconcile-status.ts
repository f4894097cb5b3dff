// The Job's status: what its pods amount to, when it began and how it ended.
import type { StepResult } from '@pergola/controller-kit';
import { type Condition, setCondition, timestamp } from '../workload/conditions.ts';
import { countsOf, endOf } from './counts.ts';
import type { JobRun } from './run.ts';

export async function writeStatus(run: JobRun): Promise<StepResult> {
  const { job, verdict } = run;
  const ended = endOf(job) !== undefined;
  const conditions = endCondition(run, suspendCondition(run, job.status?.conditions ?? []));
  const startTime = startOf(run, ended);
  await run.patchStatus({
    ...podCounts(run),
    startTime,
    ...(verdict?.type === 'Complete' && !ended ? { completionTime: timestamp(run.nowMs) } : {}),
    ...(conditions.length > 0 ? { conditions } : {}),
  });
  if (!ended) announce(run);
  return deadlineWait(run, startTime);
}

/** Counts of 0 are left out where the API leaves them out. */
function podCounts({ job, pods, verdict }: JobRun): Record<string, number | undefined> {
  const counts = countsOf(job, pods);
  // Pods that this run removes no longer count.
  const over = verdict !== undefined || job.spec.suspend === true;
  return {
    active: over ? undefined : counts.active.length || undefined,
    ready: verdict ? 0 : counts.ready,
    terminating: counts.terminating,
    succeeded: counts.succeeded || undefined,
    failed: counts.failed || undefined,
  };
}

/** When the Job began; a suspended one begins anew when it is resumed. */
function startOf({ job, nowMs }: JobRun, ended: boolean): string | undefined {
  const startTime: string | undefined = job.status?.startTime;
  if (ended) return startTime;
  return job.spec.suspend ? undefined : (startTime ?? timestamp(nowMs));
}

function announce({ verdict, event }: JobRun): void {
  if (verdict?.type === 'Complete') event('Normal', 'Completed', 'Job completed');
  else if (verdict) event('Warning', verdict.reason, verdict.message);
}

function deadlineWait({ job, verdict, nowMs }: JobRun, startTime: string | undefined): StepResult {
  const { activeDeadlineSeconds } = job.spec;
  if (verdict || activeDeadlineSeconds === undefined || startTime === undefined) return undefined;
  return { requeueAfterMs: Math.max(1, Date.parse(startTime) + activeDeadlineSeconds * 1000 - nowMs) };
}

function suspendCondition({ job, verdict, nowMs, event }: JobRun, conditions: Condition[]): Condition[] {
  const suspend = job.spec.suspend === true;
  const suspended = conditions.some(({ type, status }) => type === 'Suspended' && status === 'True');
  if (verdict || suspend === suspended) return conditions;
  const [reason, message] = suspend ? ['JobSuspended', 'Job suspended'] : ['JobResumed', 'Job resumed'];
  event('Normal', suspend ? 'Suspended' : 'Resumed', message);
  const status = suspend ? 'True' : 'False';
  return setCondition(conditions, { type: 'Suspended', status, reason, message }, { nowMs });
}

function endCondition({ job, verdict, nowMs }: JobRun, conditions: Condition[]): Condition[] {
  if (!verdict || endOf(job)) return conditions;
  return setCondition(conditions, { ...verdict, status: 'True' }, { nowMs });
}
