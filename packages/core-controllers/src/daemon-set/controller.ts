// The DaemonSet controller: what it watches, and how a run is put together.
import {
  type Controller,
  keyOfObject,
  runSteps,
  splitKey,
  startController,
  watchSelf,
} from '@pergola/controller-kit';
import { resourceTypes } from '@pergola/kube-client';
import type { ControllerContext } from '../context.ts';
import { PodTracker } from '../workload/pod-tracker.ts';
import { patchStatusOf } from '../workload/status.ts';
import { templateHash } from '../workload/template-hash.ts';
import { onNode } from './daemon-pod.ts';
import { daemonSetSteps } from './reconcile.ts';
import { type DaemonSetRun, revisionLabel } from './run.ts';

const { daemonsets, nodes: nodeType } = resourceTypes;
const component = 'daemonset-controller';

export function startDaemonSetController(context: ControllerContext): Controller {
  const { client, clock, logger, informers } = context;
  const sets = informers.of(daemonsets);
  const nodes = informers.of(nodeType);
  const tracker = new PodTracker(context, daemonsets, component);
  const recorder = context.recorderFor(component);

  const reconcile = async (key: string) => {
    const set = sets.get(splitKey(key));
    if (!set) return undefined;
    const settled = tracker.settled(set);
    const revision = templateHash(set.spec.template, set.status?.collisionCount);
    const podFor = (nodeName: string) => {
      const pod = onNode(tracker.podFor(set), nodeName);
      const labels = { ...pod.metadata.labels, [revisionLabel]: revision };
      return { ...pod, metadata: { ...pod.metadata, labels } };
    };
    const run: DaemonSetRun = {
      set,
      nodes: nodes.list(),
      pods: await tracker.podsOf(set),
      nowMs: clock.nowMs(),
      settled,
      revision,
      acted: false,
      createPods: (nodeNames) => tracker.create(set, nodeNames.map(podFor)),
      removePods: (pods) => tracker.remove(set, pods),
      patchStatus: (status) => patchStatusOf(client, daemonsets, set, status),
      event: (type, reason, message) => recorder.record(set, { type, reason, message }),
    };
    return runSteps(daemonSetSteps, run);
  };
  const everySet = { informer: nodes, keysOf: () => sets.list().map(keyOfObject) };
  return startController({
    name: 'daemonset',
    watches: [watchSelf(sets), everySet, tracker.watch],
    reconcile,
    clock,
    logger,
  });
}
