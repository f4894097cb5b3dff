// The downward API: fields of the pod and of its containers' resources as text.
import { fail, ok, type Result } from '@pergola/kernel';
import { parseQuantity } from '@pergola/kube-client';
import type { Container, Pod, ResourceFieldRef } from '../pod.ts';

/** What the node knows and the pod object may not yet. */
export interface DownwardContext {
  readonly podIp: string;
  readonly hostIp: string;
  /** Stands for a limit that the container does not set. */
  readonly capacity: Readonly<Record<string, string>>;
}

/** The value of a `fieldRef`. */
export function fieldValue(pod: Pod, path: string, context: DownwardContext): Result<string> {
  const subscript = /^metadata\.(labels|annotations)\['([^']+)'\]$/.exec(path);
  if (subscript) {
    const map = subscript[1] === 'labels' ? pod.metadata.labels : pod.metadata.annotations;
    return ok(map?.[subscript[2] ?? ''] ?? '');
  }
  const values: Readonly<Record<string, () => string>> = {
    'metadata.name': () => pod.metadata.name,
    'metadata.namespace': () => pod.metadata.namespace ?? '',
    'metadata.uid': () => pod.metadata.uid ?? '',
    'metadata.labels': () => formatMap(pod.metadata.labels),
    'metadata.annotations': () => formatMap(pod.metadata.annotations),
    'spec.nodeName': () => pod.spec.nodeName ?? '',
    'spec.serviceAccountName': () => pod.spec.serviceAccountName ?? '',
    'status.hostIP': () => context.hostIp,
    'status.hostIPs': () => context.hostIp,
    'status.podIP': () => context.podIp,
    'status.podIPs': () => context.podIp,
  };
  const value = values[path];
  return value ? ok(value()) : fail(`unsupported fieldPath: ${path}`);
}

/** The value of a `resourceFieldRef`, divided and rounded up. */
export function resourceValue(
  pod: Pod,
  ref: ResourceFieldRef,
  own: Container | undefined,
  context: DownwardContext,
): Result<string> {
  const all = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  const container = ref.containerName ? all.find(({ name }) => name === ref.containerName) : own;
  if (!container) return fail(`container ${ref.containerName ?? ''} not found`);
  const amount = amountOf(container, ref.resource, context);
  if (amount === undefined) return fail(`unsupported container resource : ${ref.resource}`);
  const divisor = parseQuantity(ref.divisor === '0' ? '1' : (ref.divisor ?? '1'));
  const value = parseQuantity(amount);
  if (value === undefined || divisor === undefined) return fail(`invalid quantity for ${ref.resource}`);
  return ok(String(Math.ceil(value / divisor)));
}

/** A limit falls back to the node's capacity, a request to the limit. */
function amountOf(container: Container, resource: string, context: DownwardContext): string | undefined {
  const [, kind, name] = /^(limits|requests)\.(.+)$/s.exec(resource) ?? [];
  if (!name) return undefined;
  const { limits = {}, requests = {} } = container.resources ?? {};
  const fallback = kind === 'limits' ? context.capacity : limits;
  return (kind === 'limits' ? limits : requests)[name] ?? fallback[name] ?? '0';
}

function formatMap(map: Readonly<Record<string, string>> | undefined): string {
  return Object.entries(map ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join('\n');
}
