// Making and removing the pods of a workload, with the events that tell of it.
import type { EventRecorder } from '@pergola/controller-kit';
import {
  hasCode,
  type KubeClient,
  type KubeResource,
  type OwnerReference,
  resourceTypes,
} from '@pergola/kube-client';

/** A pod made from a template, named after its owner. */
export function podFromTemplate(
  owner: KubeResource,
  template: KubeResource,
  reference: OwnerReference,
): KubeResource {
  const { labels, annotations, finalizers } = template.metadata ?? {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: '',
      generateName: `${owner.metadata.name}-`,
      ...(owner.metadata.namespace === undefined ? {} : { namespace: owner.metadata.namespace }),
      ...(labels ? { labels } : {}),
      ...(annotations ? { annotations } : {}),
      ...(finalizers ? { finalizers } : {}),
      ownerReferences: [reference],
    },
    spec: template.spec,
  };
}

export interface PodControl {
  /** Creates the pod, or throws what the server said, after an event. */
  create(owner: KubeResource, pod: KubeResource): Promise<void>;
  /** Deletes the pod; one that has gone already is fine. */
  remove(owner: KubeResource, pod: KubeResource): Promise<void>;
}

export function createPodControl(client: KubeClient, recorder: EventRecorder): PodControl {
  return {
    async create(owner, pod) {
      try {
        const created = await client.create(resourceTypes.pods, withoutEmptyName(pod));
        const message = `Created pod: ${created.metadata.name}`;
        recorder.record(owner, { type: 'Normal', reason: 'SuccessfulCreate', message });
      } catch (error) {
        // A namespace on its way out refuses everything; that is no news.
        const terminating = hasCode(error, 403) && /being terminated/.test(error.message);
        const message = `Error creating: ${error instanceof Error ? error.message : error}`;
        if (!terminating) recorder.record(owner, { type: 'Warning', reason: 'FailedCreate', message });
        throw error;
      }
    },
    async remove(owner, pod) {
      const { namespace, name, uid } = pod.metadata;
      try {
        await client.delete(resourceTypes.pods, { namespace, name }, uid === undefined ? {} : { uid });
        const message = `Deleted pod: ${name}`;
        recorder.record(owner, { type: 'Normal', reason: 'SuccessfulDelete', message });
      } catch (error) {
        if (hasCode(error, 404)) return;
        const message = `Error deleting: ${error instanceof Error ? error.message : error}`;
        recorder.record(owner, { type: 'Warning', reason: 'FailedDelete', message });
        throw error;
      }
    },
  };
}

/** A pod with a generated name must not carry an empty one. */
function withoutEmptyName(pod: KubeResource): KubeResource {
  if (pod.metadata.name !== '') return pod;
  const { name: _name, ...metadata } = pod.metadata;
  return { ...pod, metadata: metadata as KubeResource['metadata'] };
}

/**
 * Runs `create` `count` times in batches of 1, 2, 4 …: when the server refuses, it refuses a few, not hundreds.
 * Returns how many succeeded, and the first error, which ends it.
 */
export async function slowStart(
  count: number,
  create: () => Promise<void>,
): Promise<{ readonly created: number; readonly error?: unknown }> {
  let created = 0;
  for (let batch = 1; created < count; batch *= 2) {
    const results = await Promise.allSettled(
      Array.from({ length: Math.min(batch, count - created) }, create),
    );
    created += results.filter(({ status }) => status === 'fulfilled').length;
    const failure = results.find((result) => result.status === 'rejected');
    if (failure) return { created, error: failure.reason };
  }
  return { created };
}
