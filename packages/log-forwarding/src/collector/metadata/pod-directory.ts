// The pods of this node and the namespaces of the cluster, as the API tells them, kept small.
import type { Clock, Logger, Random } from '@pergola/kernel';
import {
  createInformer,
  type Informer,
  type KubeClient,
  type KubeResource,
  resourceTypes,
} from '@pergola/kube-client';
import { type ContainerMetadata, logTypeOf, type PodLogPath } from './container-metadata.ts';

export interface PodDirectoryOptions {
  readonly client: KubeClient;
  readonly nodeName: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Something about a pod of the namespace has changed; `podName` undefined: about the namespace. */
  readonly onChange: (namespace: string, podName: string | undefined) => void;
}

/** Static pods have another uid in the API than on disk, which stands in this annotation. */
const configHash = 'kubernetes.io/config.hash';

export class PodDirectory implements AsyncDisposable {
  readonly #pods: Informer;
  readonly #namespaces: Informer;
  readonly synced: Promise<unknown>;

  constructor({ client, nodeName, onChange, ...rest }: PodDirectoryOptions) {
    const fieldSelector = `spec.nodeName=${nodeName}`;
    this.#pods = createInformer(client, resourceTypes.pods, { ...rest, fieldSelector, transform: smallPod });
    this.#namespaces = createInformer(client, resourceTypes.namespaces, {
      ...rest,
      transform: smallNamespace,
    });
    this.synced = Promise.all([this.#pods.synced, this.#namespaces.synced]);
    this.synced.catch(() => {
      // Closed before it had synced: nobody need know.
    });
    const podChanged = ({ metadata }: KubeResource) => onChange(metadata.namespace ?? '', metadata.name);
    this.#pods.onAdd(podChanged);
    this.#pods.onUpdate((_, current) => podChanged(current));
    this.#namespaces.onAdd(({ metadata }) => onChange(metadata.name, undefined));
    this.#namespaces.onUpdate((_, { metadata }) => onChange(metadata.name, undefined));
  }

  get hasSynced(): boolean {
    return this.#pods.hasSynced && this.#namespaces.hasSynced;
  }

  /** Whether the pod of a log is known. */
  knows(path: PodLogPath): boolean {
    return this.#podOf(path) !== undefined;
  }

  /** Whether the container of a log has ended: nothing more is written to it. */
  hasEnded(path: PodLogPath): boolean {
    const state = statusOf(this.#podOf(path), path.container);
    return state?.['state']?.terminated !== undefined || (state?.['restartCount'] ?? 0) > path.attempt;
  }

  /** What is known of the container of a log. */
  metadataOf(path: PodLogPath): ContainerMetadata {
    const pod = this.#podOf(path);
    const namespace = this.#namespaces.get({ name: path.namespace });
    const status = statusOf(pod, path.container);
    return {
      ...pathMetadata(path),
      namespaceUid: namespace?.metadata.uid,
      namespaceLabels: namespace?.metadata.labels ?? (namespace ? {} : undefined),
      containerId: status?.['containerID'],
      image: imageOf(pod, path.container) ?? status?.['image'],
      pod: pod && {
        labels: pod.metadata.labels ?? {},
        annotations: pod.metadata.annotations ?? {},
        ip: pod['status']?.podIP,
        owner: ownerOf(pod),
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#pods[Symbol.asyncDispose](), this.#namespaces[Symbol.asyncDispose]()]);
  }

  #podOf({ namespace, podName, podUid }: PodLogPath): KubeResource | undefined {
    const pod = this.#pods.get({ namespace, name: podName });
    if (!pod) return undefined;
    const { uid, annotations } = pod.metadata;
    return uid === podUid || annotations?.[configHash] === podUid ? pod : undefined;
  }
}

/** What the path alone tells. */
export function pathMetadata(path: PodLogPath): ContainerMetadata {
  return { ...path, logType: logTypeOf(path.namespace) };
}

function ownerOf({ metadata }: KubeResource): string | undefined {
  const owner =
    metadata.ownerReferences?.find(({ controller }) => controller) ?? metadata.ownerReferences?.[0];
  return owner && `${owner.kind}/${owner.name}`;
}

const statusLists = ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses'];
const containerLists = ['containers', 'initContainers', 'ephemeralContainers'];

function statusOf(pod: KubeResource | undefined, container: string): KubeResource['status'] {
  return named(pod?.['status'], statusLists, container);
}

function imageOf(pod: KubeResource | undefined, container: string): string | undefined {
  return named(pod?.['spec'], containerLists, container)?.image;
}

function named(part: KubeResource['spec'], lists: readonly string[], name: string): KubeResource['spec'] {
  for (const list of lists) {
    const found = part?.[list]?.find((item: { name: string }) => item.name === name);
    if (found) return found;
  }
  return undefined;
}

/** Keeps what records tell: a node's pods would otherwise take tens of megabytes. */
function smallPod({ metadata, spec, status }: KubeResource): KubeResource {
  const { name, namespace, uid, resourceVersion, labels, annotations, ownerReferences } = metadata;
  return {
    metadata: given({ name, namespace, uid, resourceVersion, labels, annotations, ownerReferences }),
    spec: Object.fromEntries(containerLists.map((list) => [list, spec?.[list]?.map(smallContainer)])),
    status: {
      podIP: status?.podIP,
      ...Object.fromEntries(statusLists.map((list) => [list, status?.[list]?.map(smallStatus)])),
    },
  };
}

function smallContainer({ name, image }: { name: string; image: string }) {
  return { name, image };
}

function smallStatus(status: Record<string, unknown>) {
  const { name, containerID, image, restartCount, state } = status;
  const terminated = typeof state === 'object' && state !== null && 'terminated' in state;
  return { name, containerID, image, restartCount, state: terminated ? { terminated } : {} };
}

function smallNamespace({ metadata }: KubeResource): KubeResource {
  const { name, uid, resourceVersion, labels } = metadata;
  return { metadata: given({ name, uid, resourceVersion, labels }) };
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the fields that are undefined. */
function given<T extends { name: string }>(fields: T): Given<T> & { name: string } {
  const known = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known) as Given<T> & { name: string };
}
