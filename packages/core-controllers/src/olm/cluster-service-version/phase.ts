// Writing a phase: into the status, into its history, and as an event.
import { timestamp } from '../../workload/conditions.ts';
import type { CsvRun, CsvStatus, Phase } from './csv-run.ts';

/** As many earlier phases are kept as OLM keeps. */
const historyMax = 20;

export function statusOf(run: CsvRun): CsvStatus {
  return run.csv['status'] ?? {};
}

/** Does nothing when the ClusterServiceVersion says so already. */
export async function setPhase(
  run: CsvRun,
  next: Phase,
  requirementStatus?: readonly object[],
): Promise<void> {
  const status = statusOf(run);
  const { phase, reason, message } = next;
  if (status.phase === phase && status.reason === reason && status.message === message) return;
  const now = timestamp(run.nowMs);
  const lastTransitionTime = status.phase === phase ? (status.lastTransitionTime ?? now) : now;
  const entry = { phase, reason, message, lastTransitionTime, lastUpdateTime: now };
  await run.patchStatus({
    ...status,
    ...entry,
    cleanup: status.cleanup ?? {},
    conditions: [...(status.conditions ?? []), entry].slice(-historyMax),
    ...(requirementStatus ? { requirementStatus } : {}),
  });
  run.event(phase === 'Failed' ? 'Warning' : 'Normal', reason, message);
}
