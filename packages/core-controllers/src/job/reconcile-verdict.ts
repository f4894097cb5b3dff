// Whether the Job has ended: enough successes, too many failures, or too much time.
import type { StepResult } from '@pergola/controller-kit';
import type { KubeResource } from '@pergola/kube-client';
import { conditionOf } from '../workload/pod-state.ts';
import { countsOf, endOf, type JobCounts } from './counts.ts';
import type { JobRun, JobVerdict } from './run.ts';

export function judge(run: JobRun): StepResult {
  const { job, pods, nowMs } = run;
  const missing = unsupported(job);
  if (missing) {
    run.event('Warning', 'NotImplemented', `${missing} is not implemented: no pods are created`);
    return 'stop';
  }
  const ended = endOf(job);
  if (ended) {
    const { reason = '', message = '' } = (conditionOf(job, ended) ?? {}) as {
      reason?: string;
      message?: string;
    };
    run.verdict = { type: ended, reason, message };
    return undefined;
  }
  const counts = countsOf(job, pods);
  const verdict = failure(job, counts, nowMs) ?? success(job, counts);
  if (verdict) run.verdict = verdict;
  return undefined;
}

/** What the Job asks for that this controller cannot do; going on without it would be wrong. */
function unsupported({ spec }: KubeResource): string | undefined {
  if (spec.completionMode === 'Indexed') return 'completionMode Indexed';
  return ['podFailurePolicy', 'successPolicy', 'backoffLimitPerIndex', 'managedBy'].find(
    (field) => spec[field],
  );
}

function failure(job: KubeResource, counts: JobCounts, nowMs: number): JobVerdict | undefined {
  if (failedTooOften(job, counts)) {
    const message = 'Job has reached the specified backoff limit';
    return { type: 'Failed', reason: 'BackoffLimitExceeded', message };
  }
  const { activeDeadlineSeconds } = job.spec;
  const startedMs = Date.parse(job.status?.startTime ?? '');
  if (activeDeadlineSeconds !== undefined && nowMs - startedMs >= activeDeadlineSeconds * 1000) {
    const message = 'Job was active longer than specified deadline';
    return { type: 'Failed', reason: 'DeadlineExceeded', message };
  }
  return undefined;
}

/** Failed pods count, and where pods restart in place, their restarts do. */
function failedTooOften({ spec }: KubeResource, { failed, active }: JobCounts): boolean {
  const limit: number = spec.backoffLimit ?? 6;
  if (failed > limit) return true;
  if (spec.template?.spec?.restartPolicy !== 'OnFailure') return false;
  const restarts = restartsOf(active);
  return restarts > 0 && restarts >= limit;
}

/** Without `completions` one success is enough, once all others have ended too. */
function success(job: KubeResource, { succeeded, active }: JobCounts): JobVerdict | undefined {
  const { completions } = job.spec;
  const enough = completions === undefined ? succeeded > 0 && active.length === 0 : succeeded >= completions;
  return enough
    ? { type: 'Complete', reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods' }
    : undefined;
}

function restartsOf(pods: readonly KubeResource[]): number {
  const statuses = (pod: KubeResource): { restartCount?: number }[] => [
    ...(pod.status?.initContainerStatuses ?? []),
    ...(pod.status?.containerStatuses ?? []),
  ];
  return pods.flatMap(statuses).reduce((sum, { restartCount = 0 }) => sum + restartCount, 0);
}
