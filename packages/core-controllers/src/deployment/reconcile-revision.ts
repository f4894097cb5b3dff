// The new ReplicaSet: found by its template, numbered as the latest revision, created when the strategy allows.
import { jsonEqual } from '@pergola/kernel';
import { apiVersionOf, hasCode, type KubeResource, resourceTypes } from '@pergola/kube-client';
import { setCondition } from '../workload/conditions.ts';
import { controllerOf, controllerReference } from '../workload/ownership.ts';
import { templateHash } from '../workload/template-hash.ts';
import { isRollingUpdate, newSetReplicas, replicasOf, revisionAnnotation, sumOf } from './replicas.ts';
import { allSets, type Rollout } from './rollout.ts';
import { replaceSet, sizeAnnotations } from './scale-set.ts';

export const hashLabel = 'pod-template-hash';
const historyAnnotation = 'deployment.kubernetes.io/revision-history';

/** Annotations of a Deployment that its ReplicaSets do not inherit. */
const ownAnnotations = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  revisionAnnotation,
  historyAnnotation,
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
  'deprecated.deployment.rollback.to',
]);

/** The ReplicaSet of the Deployment's template among `sets` (oldest first): the oldest, should there be several. */
export function findNewSet(
  deployment: KubeResource,
  sets: readonly KubeResource[],
): KubeResource | undefined {
  const hash = templateHash(deployment.spec.template, deployment.status?.collisionCount);
  return sets.find(
    (set) =>
      set.metadata.labels?.[hashLabel] === hash ||
      jsonEqual(withoutHash(set.spec?.template), withoutHash(deployment.spec.template)),
  );
}

function withoutHash(template: KubeResource | undefined): unknown {
  const { [hashLabel]: _hash, ...labels } = template?.metadata?.labels ?? {};
  return { ...template, metadata: { ...template?.metadata, labels, creationTimestamp: undefined } };
}

/** Finds or creates the new ReplicaSet and keeps the revision numbers. A Recreate makes it once no old pod is left. */
export async function syncRevision(rollout: Rollout): Promise<undefined> {
  const revision = `${1 + Math.max(0, ...rollout.oldSets.map(revisionOf))}`;
  if (rollout.newSet) await renumber(rollout, rollout.newSet, revision);
  else if (rollout.deployment.spec.paused || !mayCreate(rollout)) return;
  else await createNewSet(rollout, revision);
  const current = rollout.newSet?.metadata.annotations?.[revisionAnnotation];
  const { annotations } = rollout.deployment.metadata;
  if (current !== undefined && annotations?.[revisionAnnotation] !== current) {
    rollout.deployment = await rollout.actions.annotate({ ...annotations, [revisionAnnotation]: current });
  }
}

/** A rolling update creates at once; a Recreate waits until the old pods are gone. */
function mayCreate({ deployment, oldSets, actions }: Rollout): boolean {
  if (isRollingUpdate(deployment)) return true;
  if (sumOf(oldSets, replicasOf) > 0) return false;
  const alive = (pod: KubeResource) => pod.status?.phase !== 'Failed' && pod.status?.phase !== 'Succeeded';
  return !oldSets.some((set) => actions.podsOf(set).some(alive));
}

/** The number that a ReplicaSet carries; 0 where it carries none. */
export function revisionOf(set: KubeResource): number {
  const revision = Number(set.metadata.annotations?.[revisionAnnotation]);
  return Number.isSafeInteger(revision) ? revision : 0;
}

async function renumber(rollout: Rollout, set: KubeResource, revision: string): Promise<void> {
  const { deployment, actions } = rollout;
  const annotations = { ...set.metadata.annotations, ...inherited(deployment) };
  const earlier = annotations[revisionAnnotation];
  if (revisionOf(set) < Number(revision)) {
    annotations[revisionAnnotation] = revision;
    if (earlier !== undefined) {
      const history = annotations[historyAnnotation];
      annotations[historyAnnotation] = history ? `${history},${earlier}` : earlier;
    }
  }
  const minReadySeconds = deployment.spec.minReadySeconds ?? 0;
  const same =
    jsonEqual(annotations, set.metadata.annotations ?? {}) &&
    (set.spec.minReadySeconds ?? 0) === minReadySeconds;
  if (!same) {
    const after = {
      ...set,
      metadata: { ...set.metadata, annotations },
      spec: { ...set.spec, minReadySeconds },
    };
    replaceSet(rollout, set, await actions.updateSet(set, after));
  }
  if (!rollout.conditions.some(({ type }) => type === 'Progressing')) {
    progress(rollout, 'FoundNewReplicaSet', `Found new replica set "${set.metadata.name}"`);
  }
}

async function createNewSet(rollout: Rollout, revision: string): Promise<void> {
  const { deployment, actions } = rollout;
  const wanted = newSet(rollout, revision);
  const { name } = wanted.metadata;
  try {
    rollout.newSet = await actions.createSet(wanted);
  } catch (error) {
    if (hasCode(error, 409)) {
      // The name belongs to somebody else, or the informer does not show ours yet: the next run tells.
      if (await isTakenByOthers(rollout, error)) rollout.collisionCount = (rollout.collisionCount ?? 0) + 1;
    } else {
      const message = error instanceof Error ? error.message : String(error);
      progress(
        rollout,
        'ReplicaSetCreateError',
        `Failed to create new replica set "${name}": ${message}`,
        'False',
      );
      actions.event(
        'Warning',
        'ReplicaSetCreateError',
        `Failed to create new replica set "${name}": ${message}`,
      );
    }
    await actions.patchStatus({ collisionCount: rollout.collisionCount, conditions: rollout.conditions });
    throw error;
  }
  const replicas = replicasOf(rollout.newSet);
  if (replicas > 0) {
    actions.event('Normal', 'ScalingReplicaSet', `Scaled up replica set ${name} from 0 to ${replicas}`);
  }
  if (deployment.spec.progressDeadlineSeconds !== undefined) {
    progress(rollout, 'NewReplicaSetCreated', `Created new replica set "${name}"`);
  }
}

/** Whether a ReplicaSet of that name exists and is not controlled by the Deployment. */
async function isTakenByOthers({ deployment, actions }: Rollout, error: unknown): Promise<boolean> {
  const name = hasCode(error, 409) ? error.details?.['name'] : undefined;
  const holder = typeof name === 'string' ? await actions.findSet(name) : undefined;
  return holder !== undefined && controllerOf(holder)?.uid !== deployment.metadata.uid;
}

function newSet(rollout: Rollout, revision: string): KubeResource {
  const { deployment, collisionCount } = rollout;
  const { name, namespace } = deployment.metadata;
  const { template, selector, minReadySeconds } = deployment.spec;
  const hash = templateHash(template, collisionCount);
  const labels = { ...template.metadata?.labels, [hashLabel]: hash };
  const replicas = newSetReplicas(deployment, { replicas: 0 }, sumOf(allSets(rollout), replicasOf));
  return {
    apiVersion: apiVersionOf(resourceTypes.replicasets),
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${hash}`,
      ...(namespace === undefined ? {} : { namespace }),
      labels,
      annotations: {
        ...inherited(deployment),
        [revisionAnnotation]: revision,
        ...sizeAnnotations(deployment),
      },
      ownerReferences: [controllerReference(resourceTypes.deployments, deployment)],
    },
    spec: {
      replicas,
      minReadySeconds,
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [hashLabel]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}

function inherited(deployment: KubeResource): Record<string, string> {
  const entries = Object.entries(deployment.metadata.annotations ?? {});
  return Object.fromEntries(entries.filter(([key]) => !ownAnnotations.has(key)));
}

function progress(
  rollout: Rollout,
  reason: string,
  message: string,
  status: 'True' | 'False' = 'True',
): void {
  const options = { nowMs: rollout.nowMs, withUpdateTime: true };
  rollout.conditions = setCondition(
    rollout.conditions,
    { type: 'Progressing', status, reason, message },
    options,
  );
}
