// The addresses behind a Service, as Endpoints and as an EndpointSlice.
import type { KubeResource } from '@pergola/kube-client';
import { isFinished, isReady } from '../workload/pod-state.ts';

interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly protocol?: string;
  readonly targetPort?: number | string;
  readonly appProtocol?: string;
}

/** One pod behind the Service, with the ports as the Service maps them onto it. */
export interface Backend {
  readonly pod: KubeResource;
  readonly ip: string;
  readonly ready: boolean;
  readonly terminating: boolean;
  readonly ports: readonly { readonly name: string; readonly port: number; readonly protocol: string }[];
}

/** The pods of a Service that have an address, in a stable order. */
export function backendsOf(service: KubeResource, pods: readonly KubeResource[]): Backend[] {
  const ports: readonly ServicePort[] = service.spec?.ports ?? [];
  return pods
    .filter((pod) => pod.status?.podIP && !isFinished(pod))
    .toSorted((left, right) => (left.metadata.name < right.metadata.name ? -1 : 1))
    .map((pod) => ({
      pod,
      ip: pod.status.podIP,
      ready:
        service.spec?.publishNotReadyAddresses === true || (isReady(pod) && !pod.metadata.deletionTimestamp),
      terminating: pod.metadata.deletionTimestamp !== undefined,
      ports: ports.flatMap((port) => {
        const number = targetPort(pod, port);
        return number === undefined
          ? []
          : [{ name: port.name ?? '', port: number, protocol: port.protocol ?? 'TCP' }];
      }),
    }));
}

/** A named target is looked up in the pod's containers; a pod without it lacks the port. */
function targetPort(
  pod: KubeResource,
  { port, targetPort: target, protocol = 'TCP' }: ServicePort,
): number | undefined {
  if (target === undefined || target === 0) return port;
  if (typeof target === 'number') return target;
  const containers: { ports?: { name?: string; containerPort: number; protocol?: string }[] }[] =
    pod.spec?.containers ?? [];
  const named = containers
    .flatMap(({ ports = [] }) => ports)
    .find((each) => each.name === target && (each.protocol ?? 'TCP') === protocol);
  return named?.containerPort;
}

/** `subsets` of the Endpoints object: backends with the same ports together. */
export function subsetsOf(backends: readonly Backend[]): object[] {
  return groupByPorts(backends)
    .map(({ ports, members }) => {
      const addresses = members.filter(({ ready }) => ready).map(addressOf);
      const notReadyAddresses = members
        .filter(({ ready, terminating }) => !ready && !terminating)
        .map(addressOf);
      return {
        ...(addresses.length > 0 ? { addresses } : {}),
        ...(notReadyAddresses.length > 0 ? { notReadyAddresses } : {}),
        ports: ports.map(unnamed),
      };
    })
    .filter((subset) => 'addresses' in subset || 'notReadyAddresses' in subset);
}

function addressOf({ ip, pod }: Backend): object {
  return {
    ip,
    ...(pod.spec?.nodeName ? { nodeName: pod.spec.nodeName } : {}),
    targetRef: targetRef(pod),
  };
}

function targetRef({ metadata: { name, namespace, uid } }: KubeResource): object {
  return { kind: 'Pod', namespace, name, uid };
}

/** What EndpointSlices say of each group of backends with the same ports. */
export function slicesOf(
  backends: readonly Backend[],
): { readonly ports: object[]; readonly endpoints: object[] }[] {
  return groupByPorts(backends).map(({ ports, members }) => ({
    ports: ports.map((port) => ({ ...port })),
    endpoints: members.map(({ ip, ready, terminating, pod }) => ({
      addresses: [ip],
      conditions: { ready, serving: ready || (terminating && isReady(pod)), terminating },
      ...(pod.spec?.nodeName ? { nodeName: pod.spec.nodeName } : {}),
      targetRef: targetRef(pod),
    })),
  }));
}

function unnamed({ name, ...port }: Backend['ports'][number]): object {
  return name === '' ? port : { name, ...port };
}

function groupByPorts(backends: readonly Backend[]): { ports: Backend['ports']; members: Backend[] }[] {
  const groups = new Map<string, { ports: Backend['ports']; members: Backend[] }>();
  for (const backend of backends) {
    const key = JSON.stringify(backend.ports);
    const group = groups.get(key);
    if (group) group.members.push(backend);
    else groups.set(key, { ports: backend.ports, members: [backend] });
  }
  return [...groups.values()];
}
