// The Node object and its heartbeat: what the scheduler and `oc get nodes` see of this machine.
import { readFileSync } from 'node:fs';
import { arch, cpus, hostname, platform, release, totalmem } from 'node:os';
import type { Clock, Logger } from '@pergola/kernel';
import { KubeApiError, type KubeClient, type KubeResource, type ResourceType } from '@pergola/kube-client';
import { kubeTime } from '../pod.ts';

const nodeType: ResourceType = { group: '', version: 'v1', plural: 'nodes', kind: 'Node', namespaced: false };
const leaseType: ResourceType = {
  group: 'coordination.k8s.io',
  version: 'v1',
  plural: 'leases',
  kind: 'Lease',
  namespaced: true,
};

const heartbeatMs = 10_000;
const leaseSeconds = 40;
const kubeletVersion = 'v1.33.0';

export interface NodeOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly nodeName: string;
  readonly hostIp: string;
  readonly isolation: string;
  readonly capacity: Readonly<Record<string, string>>;
}

/** What this machine offers. */
export function nodeCapacity(): Record<string, string> {
  return {
    cpu: String(cpus().length),
    memory: `${Math.floor(totalmem() / 1024)}Ki`,
    pods: '250',
    'ephemeral-storage': '20Gi',
  };
}

/** Creates or brings up to date the Node, then keeps its lease and Ready condition. Resolves when it is registered. */
export async function startNode(options: NodeOptions): Promise<AsyncDisposable> {
  await register(options);
  const stop = new AbortController();
  const loop = heartbeat(options, stop.signal);
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await loop;
    },
  };
}

async function register({ client, clock, nodeName, ...rest }: NodeOptions): Promise<void> {
  const wanted = nodeObject({ client, clock, nodeName, ...rest });
  const { status, ...object } = wanted;
  try {
    await client.create(nodeType, wanted);
  } catch (error) {
    if (!(error instanceof KubeApiError && error.code === 409)) throw error;
    const body = { metadata: { labels: object.metadata.labels, annotations: object.metadata.annotations } };
    await client.patch(nodeType, { name: nodeName }, { kind: 'merge', body });
  }
  await client.patch(
    nodeType,
    { name: nodeName },
    { kind: 'merge', body: { status }, subresource: 'status' },
  );
}

async function heartbeat(options: NodeOptions, signal: AbortSignal): Promise<void> {
  const { client, clock, logger, nodeName } = options;
  const uid = (await client.find(nodeType, { name: nodeName }).catch(() => undefined))?.metadata.uid;
  while (!signal.aborted) {
    try {
      await renewLease(options, uid);
    } catch (error) {
      logger.debug({ error: String(error) }, 'the node lease was not renewed');
    }
    await clock.sleep(heartbeatMs, signal).catch(() => {}); // NOTE: the loop asks why it woke.
  }
}

async function renewLease({ client, clock, nodeName }: NodeOptions, uid: string | undefined): Promise<void> {
  const ref = { name: nodeName, namespace: 'kube-node-lease' };
  const renewTime = `${new Date(clock.nowMs()).toISOString().slice(0, -1)}000Z`;
  const spec = { holderIdentity: nodeName, leaseDurationSeconds: leaseSeconds, renewTime };
  try {
    await client.patch(leaseType, ref, { kind: 'merge', body: { spec } });
  } catch (error) {
    if (!(error instanceof KubeApiError && error.code === 404)) throw error;
    const ownerReferences = uid ? [{ apiVersion: 'v1', kind: 'Node', name: nodeName, uid }] : [];
    await client.create(leaseType, {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { ...ref, ownerReferences },
      spec,
    });
  }
}

function nodeObject({ clock, nodeName, hostIp, isolation, capacity }: NodeOptions): KubeResource {
  const now = kubeTime(clock.nowMs());
  const cpu = arch() === 'x64' ? 'amd64' : arch();
  const condition = (type: string, status: string, text: [string, string]) => ({
    type,
    status,
    reason: text[0],
    message: text[1],
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  });
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: nodeName,
      labels: {
        'kubernetes.io/hostname': nodeName,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': cpu,
        'beta.kubernetes.io/os': 'linux',
        'beta.kubernetes.io/arch': cpu,
        'node-role.kubernetes.io/worker': '',
        'node-role.kubernetes.io/master': '',
        'node-role.kubernetes.io/control-plane': '',
        'node.openshift.io/os_id': 'rhcos',
      },
      annotations: { 'pergola.dev/isolation': isolation },
    },
    spec: {},
    status: {
      capacity,
      allocatable: capacity,
      addresses: [
        { type: 'InternalIP', address: hostIp },
        { type: 'Hostname', address: nodeName },
      ],
      conditions: [
        condition('MemoryPressure', 'False', [
          'KubeletHasSufficientMemory',
          'kubelet has sufficient memory available',
        ]),
        condition('DiskPressure', 'False', ['KubeletHasNoDiskPressure', 'kubelet has no disk pressure']),
        condition('PIDPressure', 'False', [
          'KubeletHasSufficientPID',
          'kubelet has sufficient PID available',
        ]),
        condition('Ready', 'True', ['KubeletReady', 'kubelet is posting ready status']),
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      nodeInfo: {
        machineID: '',
        systemUUID: '',
        bootID: '',
        kernelVersion: release(),
        osImage: osImage(),
        containerRuntimeVersion: `pergola://${isolation}`,
        kubeletVersion,
        kubeProxyVersion: kubeletVersion,
        operatingSystem: platform() === 'linux' ? 'linux' : platform(),
        architecture: cpu,
      },
    },
  };
}

function osImage(): string {
  try {
    return /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? hostname();
  } catch {
    return `${platform()} ${release()}`; // No os-release: not a Linux distribution.
  }
}
