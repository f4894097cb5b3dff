// The collectors themselves, and the Service that finds their metrics.
import { resourceTypes } from '@pergola/kube-client';
import { collectorDaemonSet } from '../workload/daemon-set.ts';
import { metricsService } from '../workload/metrics-service.ts';
import type { ForwarderRun } from './run.ts';

export async function deployCollector(run: ForwarderRun): Promise<undefined> {
  const { names, config, placement, image, logLevel, actions } = run;
  if (!config) return;
  await actions.ensure(resourceTypes.services, metricsService(names));
  await actions.ensure(
    resourceTypes.daemonsets,
    collectorDaemonSet({ names, config, placement, image, logLevel }),
  );
}
