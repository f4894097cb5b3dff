// The Deployment controller: what it watches, and how a run is put together.
import {
  commit,
  type Controller,
  controllerIndex,
  type EventRecorder,
  keyOfObject,
  runSteps,
  splitKey,
  startController,
  watchSelf,
} from '@pergola/controller-kit';
import { type KubeResource, resourceTypes, selectorMatches } from '@pergola/kube-client';
import type { ControllerContext } from '../context.ts';
import { claim } from '../workload/claim.ts';
import { controllerOf } from '../workload/ownership.ts';
import { patchStatusOf } from '../workload/status.ts';
import { deploymentSteps } from './reconcile.ts';
import { findNewSet } from './reconcile-revision.ts';
import { byAge } from './replicas.ts';
import type { Rollout, RolloutActions } from './rollout.ts';

const { deployments: deploymentType, pods: podType, replicasets: setType } = resourceTypes;

export function startDeploymentController(context: ControllerContext): Controller {
  const { client, clock, logger, informers } = context;
  const deployments = informers.of(deploymentType);
  const sets = informers.of(setType);
  const pods = informers.of(podType);
  const recorder = context.recorderFor('deployment-controller');

  const keysOfSet = (set: KubeResource): string[] => {
    const owner = controllerOf(set);
    const { namespace, labels } = set.metadata;
    if (owner) return owner.kind === 'Deployment' ? [`${namespace}/${owner.name}`] : [];
    const adopters = deployments.list(namespace).filter((d) => selectorMatches(d.spec?.selector, labels));
    return adopters.map(keyOfObject);
  };
  // Only a Recreate waits for pods; their other changes arrive through the ReplicaSet's status.
  const keysOfPod = (pod: KubeResource): string[] => {
    const owner = controllerOf(pod);
    const set =
      owner?.kind === 'ReplicaSet'
        ? sets.get({ namespace: pod.metadata.namespace, name: owner.name })
        : undefined;
    const keys = set ? keysOfSet(set) : [];
    return keys.filter((key) => deployments.get(splitKey(key))?.spec?.strategy?.type === 'Recreate');
  };

  const reconcile = async (key: string) => {
    const deployment = deployments.get(splitKey(key));
    if (!deployment) return undefined;
    const own = sets.byIndex(controllerIndex, `${deployment.metadata.uid}`);
    const orphans = sets.list(deployment.metadata.namespace).filter((set) => !controllerOf(set));
    const candidates = [...own, ...orphans];
    const claimed = await claim(client, {
      ownerType: deploymentType,
      owner: deployment,
      type: setType,
      candidates,
    });
    const ordered = claimed.toSorted(byAge);
    const newSet = findNewSet(deployment, ordered);
    const rollout: Rollout = {
      deployment,
      newSet,
      oldSets: ordered.filter((set) => set !== newSet),
      nowMs: clock.nowMs(),
      scaling: false,
      conditions: deployment.status?.conditions ?? [],
      collisionCount: deployment.status?.collisionCount,
      actions: createActions(context, recorder, {
        current: () => rollout.deployment,
        podsOf: (set) => pods.byIndex(controllerIndex, `${set.metadata.uid}`),
      }),
    };
    const terminating = deployment.metadata.deletionTimestamp !== undefined;
    return runSteps(terminating ? deploymentSteps.slice(-1) : deploymentSteps, rollout);
  };
  return startController({
    name: 'deployment',
    watches: [
      watchSelf(deployments),
      { informer: sets, keysOf: keysOfSet },
      { informer: pods, keysOf: keysOfPod },
    ],
    reconcile,
    clock,
    logger,
  });
}

function createActions(
  { client }: ControllerContext,
  recorder: EventRecorder,
  { current, podsOf }: { current: () => KubeResource } & Pick<RolloutActions, 'podsOf'>,
): RolloutActions {
  return {
    podsOf,
    createSet: (set) => client.create(setType, set),
    findSet: (name) => client.find(setType, { namespace: current().metadata.namespace, name }),
    updateSet: (before, after) => commit(client, setType, { before, after }),
    async deleteSet({ metadata: { namespace, name, uid } }) {
      await client.delete(setType, { namespace, name }, uid === undefined ? {} : { uid });
    },
    annotate: (annotations) => {
      const before = current();
      return commit(client, deploymentType, {
        before,
        after: { ...before, metadata: { ...before.metadata, annotations } },
      });
    },
    patchStatus: (status) => patchStatusOf(client, deploymentType, current(), status),
    event: (type, reason, message) => recorder.record(current(), { type, reason, message }),
  };
}
