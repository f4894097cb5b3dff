// A changed template reaches the nodes a few at a time.
import type { KubeResource } from '@pergola/kube-client';
import { availableInMs, isActive } from '../workload/pod-state.ts';
import { wantsNode } from './daemon-pod.ts';
import { type DaemonSetRun, revisionLabel } from './run.ts';

export async function replaceOldPods(run: DaemonSetRun): Promise<undefined> {
  const { set, pods, revision, settled, acted } = run;
  const { updateStrategy } = set.spec;
  if (!settled || acted || set.metadata.deletionTimestamp || updateStrategy?.type === 'OnDelete') return;
  const active = pods.filter(isActive);
  const old = active.filter(({ metadata }) => metadata.labels?.[revisionLabel] !== revision);
  if (old.length === 0) return;
  if (isPositive(updateStrategy?.rollingUpdate?.maxSurge)) {
    run.event('Warning', 'NotImplemented', 'maxSurge is not implemented: old pods are not replaced');
    return;
  }
  const victims = victimsOf(run, active, old);
  const error = victims.length > 0 ? await run.removePods(victims) : undefined;
  if (error !== undefined) throw error;
}

/** Old pods that do not work anyway, and as many working ones as may be missing. */
function victimsOf(
  run: DaemonSetRun,
  active: readonly KubeResource[],
  old: readonly KubeResource[],
): KubeResource[] {
  const { set, nodes, nowMs } = run;
  const isAvailable = (pod: KubeResource) => availableInMs(pod, set.spec.minReadySeconds ?? 0, nowMs) === 0;
  const wanted = nodes.filter((node) => wantsNode(set, node)).length;
  const missing = wanted - active.filter(isAvailable).length;
  const allowed = Math.max(0, maxUnavailable(set, wanted) - missing);
  return [...old.filter((pod) => !isAvailable(pod)), ...old.filter(isAvailable).slice(0, allowed)];
}

/** A number, or a percentage of the nodes, rounded up; at least 1. */
function maxUnavailable(set: KubeResource, wanted: number): number {
  const value: number | string = set.spec.updateStrategy?.rollingUpdate?.maxUnavailable ?? 1;
  if (typeof value === 'number') return Math.max(1, value);
  return Math.max(1, Math.ceil((Number.parseInt(value, 10) * wanted) / 100));
}

function isPositive(value: number | string | undefined): boolean {
  return Number.parseInt(`${value ?? 0}`, 10) > 0;
}
