// log, exec, attach and port-forward: authorized here, then carried out by the kubelet of the pod's node.
import { isRecord } from '@pergola/kernel';
import type { Call, Handler, Plane, ResourceDefinition } from '../contract.ts';
import { faults } from '../faults.ts';
import type { KubeObject } from '../object.ts';
import { readObject } from '../storage/objects.ts';
import { records } from '../resources/core/pod-defaults.ts';
import { resourceName } from '../verbs/write.ts';
import { passThrough, proxyUpgrade } from './kubelet.ts';

interface PodTarget {
  readonly nodeName: string;
  /** `<namespace>/<pod>` for kubelet paths. */
  readonly path: string;
  readonly pod: KubeObject;
}

export const log: Handler = async (call, definition, plane) => {
  const target = targetOf(call, definition, plane);
  const container = containerOf(call, target.pod, 'log');
  const query = new URLSearchParams(call.query);
  query.delete('container');
  const path = `/containerLogs/${target.path}/${encodeURIComponent(container)}${queryText(query)}`;
  return passThrough(call, await dial(plane, target), path);
};

/** Query names of the API and of the kubelet. */
const STREAMS = [
  ['stdin', 'input'],
  ['stdout', 'output'],
  ['stderr', 'error'],
] as const;

function remoteCommand(kind: 'exec' | 'attach'): Handler {
  return async (call, definition, plane) => {
    const target = targetOf(call, definition, plane);
    const container = containerOf(call, target.pod, kind);
    const query = new URLSearchParams();
    for (const [name, kubeletName] of STREAMS) {
      if (flag(call, name)) query.set(kubeletName, '1');
    }
    if (flag(call, 'tty')) query.set('tty', '1');
    for (const word of call.query.getAll('command')) query.append('command', word);
    if (kind === 'exec' && !query.has('command'))
      throw faults.badRequest('you must specify at least 1 command for the container');
    if (!STREAMS.some(([, name]) => query.has(name))) {
      throw faults.badRequest('you must specify at least one of stdin, stdout, stderr');
    }
    const path = `/${kind}/${target.path}/${encodeURIComponent(container)}${queryText(query)}`;
    return proxyUpgrade(call, await dial(plane, target), path);
  };
}

export const exec = remoteCommand('exec');
export const attach = remoteCommand('attach');

export const portForward: Handler = async (call, definition, plane) => {
  const target = targetOf(call, definition, plane);
  const query = new URLSearchParams();
  for (const port of call.query.getAll('ports').flatMap((list) => list.split(',')))
    query.append('port', port);
  return proxyUpgrade(call, await dial(plane, target), `/portForward/${target.path}${queryText(query)}`);
};

function targetOf(call: Call, definition: ResourceDefinition, plane: Plane): PodTarget {
  const { namespace, name } = call.info;
  const pod = readObject(plane.store, definition, namespace, name)?.object;
  if (!pod) throw faults.notFound(resourceName(definition), name);
  const spec = isRecord(pod['spec']) ? pod['spec'] : {};
  const nodeName = String(spec['nodeName'] ?? '');
  if (nodeName === '') throw faults.badRequest(`pod ${name} does not have a host assigned`);
  return { nodeName, pod, path: `${encodeURIComponent(namespace)}/${encodeURIComponent(name)}` };
}

async function dial(plane: Plane, target: PodTarget) {
  try {
    return await plane.dialKubelet(target.nodeName);
  } catch (error) {
    throw faults.internal(`error dialing backend: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The wanted container, or the only one. */
function containerOf(call: Call, pod: KubeObject, what: string): string {
  const wanted = call.query.get('container') ?? '';
  const spec = isRecord(pod['spec']) ? pod['spec'] : {};
  const names = (list: string) => records(spec[list]).map((each) => String(each['name']));
  const containers = names('containers');
  const others = [...names('initContainers'), ...names('ephemeralContainers')];
  const { name } = pod.metadata;
  if (wanted !== '') {
    if ([...containers, ...others].includes(wanted)) return wanted;
    throw faults.badRequest(`container ${wanted} is not valid for pod ${name}`);
  }
  const [only] = containers;
  if (only !== undefined && (containers.length === 1 || what !== 'log')) return only;
  const inits = names('initContainers');
  const choice = inits.length > 0 ? ` or one of the init containers: [${inits.join(' ')}]` : '';
  throw faults.badRequest(
    `a container name must be specified for pod ${name}, choose one of: [${containers.join(' ')}]${choice}`,
  );
}

function flag(call: Call, name: string): boolean {
  const value = call.query.get(name);
  return value !== null && value !== 'false' && value !== '0';
}

function queryText(query: URLSearchParams): string {
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
