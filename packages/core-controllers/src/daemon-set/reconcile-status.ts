// What the DaemonSet's status says of its pods and nodes.
import type { StepResult } from '@pergola/controller-kit';
import { availableInMs, isActive, isReady } from '../workload/pod-state.ts';
import { nodeNameOf, wantsNode } from './daemon-pod.ts';
import { type DaemonSetRun, revisionLabel } from './run.ts';

export async function writeStatus(run: DaemonSetRun): Promise<StepResult> {
  const { set, nodes, revision, nowMs } = run;
  const wanted = new Set(nodes.filter((node) => wantsNode(set, node)).map(({ metadata }) => metadata.name));
  const active = run.pods.filter(isActive);
  const placed = active.filter((pod) => wanted.has(nodeNameOf(pod)));
  const waits = placed.map((pod) => availableInMs(pod, set.spec.minReadySeconds ?? 0, nowMs));
  const available = waits.filter((waitMs) => waitMs === 0).length;
  await run.patchStatus({
    desiredNumberScheduled: wanted.size,
    currentNumberScheduled: new Set(placed.map(nodeNameOf)).size,
    numberMisscheduled: active.length - placed.length,
    numberReady: placed.filter(isReady).length,
    updatedNumberScheduled: placed.filter(({ metadata }) => metadata.labels?.[revisionLabel] === revision)
      .length,
    numberAvailable: available || undefined,
    numberUnavailable: wanted.size - available || undefined,
    observedGeneration: set.metadata.generation,
  });
  const pending = waits.filter((waitMs) => waitMs !== undefined && waitMs > 0).map(Number);
  return pending.length === 0 ? undefined : { requeueAfterMs: Math.min(...pending) };
}
