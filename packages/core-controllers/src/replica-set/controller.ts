// The ReplicaSet controller: what it watches, and how a run is put together.
import { type Controller, runSteps, splitKey, startController, watchSelf } from '@pergola/controller-kit';
import { resourceTypes } from '@pergola/kube-client';
import type { ControllerContext } from '../context.ts';
import { PodTracker } from '../workload/pod-tracker.ts';
import { patchStatusOf } from '../workload/status.ts';
import { replicaSetSteps } from './reconcile.ts';
import type { ReplicaSetRun } from './run.ts';

const { replicasets } = resourceTypes;

export function startReplicaSetController(context: ControllerContext): Controller {
  const { client, clock, logger, informers } = context;
  const sets = informers.of(replicasets);
  const tracker = new PodTracker(context, replicasets, 'replicaset-controller');

  const reconcile = async (key: string) => {
    const set = sets.get(splitKey(key));
    if (!set) return undefined;
    const settled = tracker.settled(set);
    const run: ReplicaSetRun = {
      set,
      pods: await tracker.podsOf(set),
      nowMs: clock.nowMs(),
      settled,
      createPods: (count) =>
        tracker.create(
          set,
          Array.from({ length: count }, () => tracker.podFor(set)),
        ),
      removePods: (surplus) => tracker.remove(set, surplus),
      patchStatus: (status) => patchStatusOf(client, replicasets, set, status),
    };
    return runSteps(replicaSetSteps, run);
  };
  return startController({
    name: 'replicaset',
    watches: [watchSelf(sets), tracker.watch],
    reconcile,
    clock,
    logger,
  });
}
