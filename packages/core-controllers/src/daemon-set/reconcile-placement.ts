// One pod on every node that is wanted, none elsewhere; failed ones make room.
import type { KubeResource } from '@pergola/kube-client';
import { isActive } from '../workload/pod-state.ts';
import { nodeNameOf, wantsNode } from './daemon-pod.ts';
import type { DaemonSetRun } from './run.ts';

export async function placePods(run: DaemonSetRun): Promise<undefined> {
  const { set, nodes, settled } = run;
  if (!settled || set.metadata.deletionTimestamp) return;
  const wanted = new Set(nodes.filter((node) => wantsNode(set, node)).map(({ metadata }) => metadata.name));
  const { surplus, held } = sortPods(run, wanted);
  const missing = [...wanted].filter((node) => !held.has(node));
  run.acted = surplus.length + missing.length > 0;
  const removal = surplus.length > 0 ? await run.removePods(surplus) : undefined;
  const creation = missing.length > 0 ? await run.createPods(missing) : undefined;
  if (removal !== undefined || creation !== undefined) throw removal ?? creation;
}

/** The pods to remove, and the nodes that need none now. */
function sortPods(run: DaemonSetRun, wanted: ReadonlySet<string>) {
  const surplus: KubeResource[] = [];
  const held = new Set<string>();
  for (const pod of run.pods.toSorted((a, b) => creationOf(a) - creationOf(b))) {
    const node = nodeNameOf(pod);
    if (pod.metadata.deletionTimestamp) {
      // Its successor waits until it has gone.
      held.add(node);
    } else if (!isActive(pod)) {
      reportFailed(run, pod, node);
      surplus.push(pod);
      held.add(node);
    } else if (!wanted.has(node) || held.has(node)) surplus.push(pod);
    else held.add(node);
  }
  return { surplus, held };
}

function creationOf({ metadata }: KubeResource): number {
  return Date.parse(metadata.creationTimestamp ?? '') || 0;
}

function reportFailed({ event }: DaemonSetRun, { metadata }: KubeResource, node: string): void {
  const pod = `${metadata.namespace}/${metadata.name}`;
  event('Warning', 'FailedDaemonPod', `Found failed daemon pod ${pod} on node ${node}, will try to kill it`);
}
