// A Kubernetes API that knows the pod and the namespace of one log, with the labels and annotations that pods on
// OpenShift carry: a collector's records are as large as on a cluster, and the API costs nothing.
import type { KubeClient, KubeResource, ResourceType, WatchEvent } from '@pergola/kube-client';
import { podOf } from './node-logs.ts';

const network = {
  name: 'ovn-kubernetes',
  interface: 'eth0',
  ips: ['10.128.2.61'],
  mac: '0a:58:0a:80:02:3d',
  default: true,
  dns: {},
};

function pod(number: number): KubeResource {
  const { name, namespace, uid, container } = podOf(number);
  return {
    metadata: {
      name,
      namespace,
      uid,
      resourceVersion: '1',
      labels: {
        'app.kubernetes.io/name': 'orders',
        'app.kubernetes.io/instance': 'orders-production',
        'app.kubernetes.io/version': '4.2.1',
        'app.kubernetes.io/managed-by': 'Helm',
        'pod-template-hash': '6d5f7c9b8d',
      },
      annotations: {
        'k8s.v1.cni.cncf.io/network-status': JSON.stringify([network]),
        'openshift.io/scc': 'restricted-v2',
        'seccomp.security.alpha.kubernetes.io/pod': 'runtime/default',
      },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'orders-6d5f7c9b8d', uid: 'u', controller: true },
      ],
    },
    spec: { nodeName: 'bench', containers: [{ name: container, image: 'quay.io/shop/orders:4.2.1' }] },
    status: {
      phase: 'Running',
      podIP: '10.128.2.61',
      containerStatuses: [{ name: container, containerID: `cri-o://${'5f3a'.repeat(16)}` }],
    },
  };
}

function namespaceOf(number: number): KubeResource {
  const { namespace } = podOf(number);
  const labels = {
    'kubernetes.io/metadata.name': namespace,
    'pod-security.kubernetes.io/audit': 'restricted',
    'pod-security.kubernetes.io/warn': 'restricted',
  };
  return { metadata: { name: namespace, uid: '0b0c', resourceVersion: '1', labels } };
}

/** Knows the pod with `number`; takes reports and keeps none. */
export function nodeApi(number: number): KubeClient {
  const objects: Readonly<Record<string, readonly KubeResource[]>> = {
    pods: [pod(number)],
    namespaces: [namespaceOf(number)],
  };
  async function* watch(
    { plural }: ResourceType,
    _query: unknown,
    signal: AbortSignal,
  ): AsyncIterable<WatchEvent> {
    for (const object of objects[plural] ?? []) yield { type: 'ADDED', object };
    const annotations = { 'k8s.io/initial-events-end': 'true' };
    yield { type: 'BOOKMARK', object: { metadata: { name: '', resourceVersion: '1', annotations } } };
    await new Promise((resolve) => {
      signal.addEventListener('abort', resolve);
    });
  }
  const client = {
    watch,
    list: async ({ plural }: ResourceType) => ({
      metadata: { resourceVersion: '1' },
      items: objects[plural] ?? [],
    }),
    patch: async (_type: unknown, _ref: unknown, { body }: { body: object }) => body,
  };
  return client as unknown as KubeClient;
}
