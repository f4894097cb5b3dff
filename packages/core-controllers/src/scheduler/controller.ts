// The scheduler: gives every waiting pod a node, through the binding subresource.
import {
  type Controller,
  type EventRecorder,
  keyOfObject,
  splitKey,
  startController,
  type Watch,
  watchSelf,
} from '@pergola/controller-kit';
import { hasCode, type KubeClient, type KubeResource, resourceTypes } from '@pergola/kube-client';
import type { ControllerContext } from '../context.ts';
import { type Condition, setCondition } from '../workload/conditions.ts';
import { isFinished } from '../workload/pod-state.ts';
import { patchStatusOf } from '../workload/status.ts';
import { chooseNode } from './choose-node.ts';

const schedulerName = 'default-scheduler';
/** A pod that found no node is tried again when a node changes, and after so long at the latest. */
const retryMs = 60_000;

export function startScheduler(context: ControllerContext): Controller {
  const { client, clock, logger, informers } = context;
  const pods = informers.of(resourceTypes.pods);
  const nodes = informers.of(resourceTypes.nodes);
  const recorder = context.recorderFor(schedulerName);

  const waiting = () => pods.list().filter(isWaiting);
  const onNode: Watch = { informer: nodes, keysOf: () => waiting().map(keyOfObject) };
  const podCount = (nodeName: string) =>
    pods.list().filter((pod) => pod.spec?.nodeName === nodeName && !isFinished(pod)).length;

  const reconcile = async (key: string) => {
    const pod = pods.get(splitKey(key));
    if (!pod || !isWaiting(pod)) return undefined;
    const chosen = chooseNode(pod, nodes.list(), podCount);
    if (chosen.ok) {
      await bind(client, recorder, { pod, nodeName: chosen.value });
      return undefined;
    }
    recorder.record(pod, { type: 'Warning', reason: 'FailedScheduling', message: chosen.error });
    const conditions = unschedulable(pod.status?.conditions, chosen.error, clock.nowMs());
    await patchStatusOf(client, resourceTypes.pods, pod, { conditions });
    return { requeueAfterMs: retryMs };
  };
  return startController({ name: 'scheduler', watches: [watchSelf(pods), onNode], reconcile, clock, logger });
}

/** Nobody has given it a node, and it is ours to give. */
export function isWaiting(pod: KubeResource): boolean {
  if (pod.spec?.nodeName || pod.metadata.deletionTimestamp || isFinished(pod)) return false;
  if ((pod.spec?.schedulingGates ?? []).length > 0) return false;
  return (pod.spec?.schedulerName ?? schedulerName) === schedulerName;
}

async function bind(
  client: KubeClient,
  recorder: EventRecorder,
  { pod, nodeName }: { pod: KubeResource; nodeName: string },
): Promise<void> {
  const { namespace, name, uid } = pod.metadata;
  const metadata = {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(uid === undefined ? {} : { uid }),
  };
  const target = { apiVersion: 'v1', kind: 'Node', name: nodeName };
  try {
    await client.create(
      resourceTypes.pods,
      { apiVersion: 'v1', kind: 'Binding', metadata, target },
      'binding',
    );
  } catch (error) {
    // Gone, or bound by someone else: the watch will tell.
    if (hasCode(error, 404) || hasCode(error, 409)) return;
    throw error;
  }
  const message = `Successfully assigned ${namespace}/${name} to ${nodeName}`;
  recorder.record(pod, { type: 'Normal', reason: 'Scheduled', message });
}

function unschedulable(conditions: Condition[] | undefined, message: string, nowMs: number): Condition[] {
  const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message } as const;
  return setCondition(conditions, condition, { nowMs });
}
