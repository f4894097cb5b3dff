// Where a Service answers, read from the stored Service and Endpoints, as k8s.io/apiserver's proxy resolver does.
import { fail, ok, type Random, type Result } from '@pergola/kernel';
import type { Store } from '@pergola/store';
import type { KubeObject } from '../../object.ts';
import { findObject } from '../../storage/objects.ts';
import type { ServiceReference } from './configuration.ts';

const SERVICES = { group: '', plural: 'services', namespaced: true };
const ENDPOINTS = { group: '', plural: 'endpoints', namespaced: true };
const HTTPS_PORT = 443;

export interface Address {
  readonly host: string;
  readonly port: number;
}

interface ServiceSpec {
  readonly type?: string;
  readonly externalName?: string;
  readonly ports?: readonly { readonly name?: string; readonly port?: number }[];
}

interface Subset {
  readonly addresses?: readonly { readonly ip: string }[];
  readonly ports?: readonly { readonly name?: string; readonly port: number }[];
}

/** One ready address of the Service's port, drawn anew at each call; the failure is upstream's sentence. */
export function serviceEndpoint(
  service: ServiceReference,
  context: { readonly store: Store; readonly random: Random },
): Result<Address> {
  const { namespace, name, port = HTTPS_PORT } = service;
  const spec = findObject(context, SERVICES, namespace, name)?.['spec'] as ServiceSpec | undefined;
  if (!spec) return fail(`service ${JSON.stringify(name)} not found`);
  if (spec.type === 'ExternalName') return ok({ host: spec.externalName ?? '', port });
  const wanted = spec.ports?.find((each) => each.port === port);
  if (!wanted) return fail(`no service port ${port} found for service ${JSON.stringify(name)}`);
  const addresses = readyAddresses(findObject(context, ENDPOINTS, namespace, name), wanted.name ?? '');
  const drawn = addresses[(context.random.bytes(1)[0] ?? 0) % addresses.length];
  return drawn ? ok(drawn) : fail(`no endpoints available for service ${JSON.stringify(name)}`);
}

/** The ready addresses that have the Service's port; Endpoints name ports as the Service does, target resolved. */
function readyAddresses(endpoints: KubeObject | undefined, portName: string): Address[] {
  const subsets = (endpoints?.['subsets'] ?? []) as Subset[];
  return subsets.flatMap(({ addresses = [], ports = [] }) => {
    const port = ports.find(({ name = '' }) => name === portName);
    return port ? addresses.map(({ ip }) => ({ host: ip, port: port.port })) : [];
  });
}
