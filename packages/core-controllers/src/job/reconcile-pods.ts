// As many running pods as the Job wants now; after failures the next ones wait.
import type { StepResult } from '@pergola/controller-kit';
import type { KubeResource } from '@pergola/kube-client';
import { inDeletionOrder } from '../replica-set/deletion-order.ts';
import { countsOf, type JobCounts } from './counts.ts';
import type { JobRun } from './run.ts';

const backoffFirstMs = 10_000;
const backoffLastMs = 600_000;

export async function managePods(run: JobRun): Promise<StepResult> {
  const { job, pods, settled, nowMs } = run;
  if (!settled || job.metadata.deletionTimestamp) return undefined;
  const counts = countsOf(job, pods);
  const difference = wantedPods(run, counts) - counts.active.length;
  if (difference < 0) {
    const error = await run.removePods(inDeletionOrder(counts.active).slice(0, -difference));
    if (error !== undefined) throw error;
  } else if (difference > 0) {
    const waitMs = backoffMs(pods, counts.failed, nowMs);
    if (waitMs > 0) return { requeueAfterMs: waitMs };
    const error = await run.createPods(difference);
    if (error !== undefined) throw error;
  }
  return undefined;
}

function wantedPods({ job, verdict }: JobRun, { active, succeeded }: JobCounts): number {
  const { parallelism = 1, completions, suspend } = job.spec;
  if (verdict || suspend) return 0;
  // A Job without a number of completions starts nothing more after the first success.
  if (completions === undefined) return succeeded > 0 ? Math.min(active.length, parallelism) : parallelism;
  return Math.min(parallelism, Math.max(0, completions - succeeded));
}

/** 10 s after the first failure, 20 s after the second … 10 min; 0 when that has passed. */
function backoffMs(pods: readonly KubeResource[], failed: number, nowMs: number): number {
  if (failed === 0) return 0;
  const delayMs = Math.min(backoffLastMs, backoffFirstMs * 2 ** Math.min(failed - 1, 20));
  const lastMs = Math.max(0, ...pods.filter(({ status }) => status?.phase === 'Failed').map(finishedMs));
  return Math.max(0, lastMs + delayMs - nowMs);
}

function finishedMs(pod: KubeResource): number {
  const statuses: { state?: { terminated?: { finishedAt?: string } } }[] =
    pod.status?.containerStatuses ?? [];
  const times = statuses.map(({ state }) => Date.parse(state?.terminated?.finishedAt ?? ''));
  return Math.max(0, ...times.filter((time) => !Number.isNaN(time)));
}
