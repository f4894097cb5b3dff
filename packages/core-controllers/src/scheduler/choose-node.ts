// Choosing a node, or saying why there is none.
import { fail, ok, type Result } from '@pergola/kernel';
import type { KubeResource } from '@pergola/kube-client';
import { refusalOf } from './filters.ts';

/** The node with fewest pods that can run `pod`, or kube-scheduler's sentence why none can. */
export function chooseNode(
  pod: KubeResource,
  nodes: readonly KubeResource[],
  podCount: (nodeName: string) => number,
): Result<string> {
  if (nodes.length === 0) return fail('no nodes available to schedule pods');
  const refusals = new Map<string, number>();
  const fitting: KubeResource[] = [];
  for (const node of nodes) {
    const room = podCount(node.metadata.name) < Number(node.status?.allocatable?.pods ?? 110);
    const refusal = refusalOf(pod, node) ?? (room ? undefined : 'Too many pods');
    if (refusal === undefined) fitting.push(node);
    else refusals.set(refusal, (refusals.get(refusal) ?? 0) + 1);
  }
  const best = fitting.toSorted((a, b) => podCount(a.metadata.name) - podCount(b.metadata.name))[0];
  if (best) return ok(best.metadata.name);
  const reasons = [...refusals].map(([reason, count]) => `${count} ${reason}`).sort();
  const unhelpful = `preemption: 0/${nodes.length} nodes are available: ${nodes.length} Preemption is not helpful for scheduling.`;
  return fail(`0/${nodes.length} nodes are available: ${reasons.join(', ')}. ${unhelpful}`);
}
