// Taking a collector away: its DaemonSet and what stands around it. The configuration stays to be looked at.
import { resourceTypes } from '@pergola/kube-client';
import type { ForwarderRun } from './run.ts';

export async function removeCollector({
  names,
  actions,
}: Pick<ForwarderRun, 'names' | 'actions'>): Promise<void> {
  const { namespace, collector, metricsService } = names;
  await actions.remove(resourceTypes.daemonsets, { namespace, name: collector });
  await actions.remove(resourceTypes.services, { namespace, name: metricsService });
}
