// A Job with a time to live goes when it has been over for so long.
import type { StepResult } from '@pergola/controller-kit';
import { conditionOf } from '../workload/pod-state.ts';
import { endOf } from './counts.ts';
import type { JobRun } from './run.ts';

export async function expireJob(run: JobRun): Promise<StepResult> {
  const { job, nowMs } = run;
  const ended = endOf(job);
  const ttlSeconds: number | undefined = job.spec.ttlSecondsAfterFinished;
  if (!ended || ttlSeconds === undefined || job.metadata.deletionTimestamp) return undefined;
  const endedMs = Date.parse(conditionOf(job, ended)?.lastTransitionTime ?? '');
  const leftMs = endedMs + ttlSeconds * 1000 - nowMs;
  if (leftMs > 0) return { requeueAfterMs: leftMs };
  await run.deleteJob();
  return undefined;
}
