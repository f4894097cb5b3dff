// Rows of the kinds of the core group that are not pods.
import { isRecord } from '@pergola/kernel';
import type { KubeObject } from '../object.ts';
import { type Cell, columnsOf, type KindTable } from './column.ts';
import { at, listAt, numberAt, orNone, renderLabels, sizeAt, textAt } from './field-access.ts';
import { humanAge } from './human-duration.ts';

function ageOf(object: KubeObject, nowMs: number): string {
  return humanAge(object.metadata.creationTimestamp, nowMs);
}

/** A table of name, the given cells and age: what most kinds have. */
export function simpleTable(columns: string, cells: (object: KubeObject) => readonly Cell[]): KindTable {
  return {
    columns: columnsOf(`Name, ${columns}, Age`),
    cells: (object, nowMs) => [object.metadata.name, ...cells(object), ageOf(object, nowMs)],
  };
}

export const namespaceTable = simpleTable('Status', (object) => [textAt(object, 'status', 'phase')]);
export const serviceAccountTable = simpleTable('Secrets:integer', (object) => [sizeAt(object, 'secrets')]);
export const secretTable = simpleTable('Type, Data:integer', (object) => [
  textAt(object, 'type'),
  sizeAt(object, 'data'),
]);
export const configMapTable = simpleTable('Data:integer', (object) => [
  sizeAt(object, 'data') + sizeAt(object, 'binaryData'),
]);
export const endpointsTable = simpleTable('Endpoints', (object) => [
  firstOf(
    listAt(object, 'subsets').flatMap((subset) => {
      const ports = listAt(subset, 'ports').map((port) => numberAt(port, 'port'));
      const addresses = listAt(subset, 'addresses').map((address) => textAt(address, 'ip'));
      if (ports.length === 0) return addresses;
      return ports.flatMap((port) => addresses.map((address) => `${address}:${port}`));
    }),
  ),
]);

/** At most three entries, and how many more there are. */
export function firstOf(entries: readonly string[]): string {
  if (entries.length === 0) return '<none>';
  const shown = entries.slice(0, 3).join(',');
  return entries.length > 3 ? `${shown} + ${entries.length - 3} more...` : shown;
}

export const serviceTable: KindTable = {
  columns: columnsOf('Name, Type, Cluster-IP, External-IP, Port(s), Age', 'Selector'),
  cells: (service, nowMs) => [
    service.metadata.name,
    textAt(service, 'spec', 'type'),
    orNone(textAt(service, 'spec', 'clusterIPs', 0) || textAt(service, 'spec', 'clusterIP')),
    externalIp(service),
    servicePorts(service),
    ageOf(service, nowMs),
    renderLabels(at(service, 'spec', 'selector')),
  ],
};

function externalIp(service: KubeObject): string {
  const type = textAt(service, 'spec', 'type');
  if (type === 'ExternalName') return textAt(service, 'spec', 'externalName');
  const fixed = listAt(service, 'spec', 'externalIPs').map(String);
  if (type !== 'LoadBalancer') return orNone(fixed.join(','));
  const given = listAt(service, 'status', 'loadBalancer', 'ingress').map(
    (ingress) => textAt(ingress, 'ip') || textAt(ingress, 'hostname'),
  );
  return [...given, ...fixed].join(',') || '<pending>';
}

function servicePorts(service: KubeObject): string {
  const ports = listAt(service, 'spec', 'ports').map((port) => {
    const nodePort = numberAt(port, 'nodePort');
    const node = nodePort > 0 ? `:${nodePort}` : '';
    return `${numberAt(port, 'port')}${node}/${textAt(port, 'protocol') || 'TCP'}`;
  });
  return orNone(ports.join(','));
}

export const nodeTable: KindTable = {
  columns: columnsOf(
    'Name, Status, Roles, Age, Version',
    'Internal-IP, External-IP, OS-Image, Kernel-Version, Container-Runtime',
  ),
  cells(node, nowMs) {
    const address = (type: string) =>
      textAt(
        listAt(node, 'status', 'addresses').find((one) => textAt(one, 'type') === type),
        'address',
      );
    const info = (field: string) => textAt(node, 'status', 'nodeInfo', field);
    return [
      node.metadata.name,
      nodeStatus(node),
      nodeRoles(node),
      ageOf(node, nowMs),
      info('kubeletVersion'),
      orNone(address('InternalIP')),
      orNone(address('ExternalIP')),
      info('osImage') || '<unknown>',
      info('kernelVersion') || '<unknown>',
      info('containerRuntimeVersion') || '<unknown>',
    ];
  },
};

function nodeStatus(node: KubeObject): string {
  const ready = listAt(node, 'status', 'conditions').find(
    (condition) => textAt(condition, 'type') === 'Ready',
  );
  const state = ready === undefined ? 'Unknown' : textAt(ready, 'status') === 'True' ? 'Ready' : 'NotReady';
  return at(node, 'spec', 'unschedulable') === true ? `${state},SchedulingDisabled` : state;
}

function nodeRoles(node: KubeObject): string {
  const prefix = 'node-role.kubernetes.io/';
  const roles = Object.entries(node.metadata.labels ?? {}).flatMap(([key, value]) => {
    if (key.startsWith(prefix)) return key.length > prefix.length ? [key.slice(prefix.length)] : [];
    return key === 'kubernetes.io/role' && value !== '' ? [value] : [];
  });
  return orNone([...new Set(roles)].sort().join(','));
}

const eventColumns = columnsOf(
  'Last Seen, Type, Reason, Object, Message',
  'Subobject, Source, First Seen, Count:integer, Name',
);

/** Event columns stand in their own order, wide ones between the others. */
const eventOrder = [
  'Last Seen',
  'Type',
  'Reason',
  'Object',
  'Subobject',
  'Source',
  'Message',
  'First Seen',
  'Count',
  'Name',
];

export const eventTable: KindTable = {
  columns: eventOrder.flatMap((name) => eventColumns.filter((column) => column.name === name)),
  cells(event, nowMs) {
    const series = at(event, 'series');
    const first = textOf(event, 'firstTimestamp', 'deprecatedFirstTimestamp') || textAt(event, 'eventTime');
    const single = textOf(event, 'lastTimestamp', 'deprecatedLastTimestamp') || first;
    const count = textOf(event, 'count', 'deprecatedCount') || '1';
    const about = at(event, 'involvedObject') ?? at(event, 'regarding');
    const kind = textAt(about, 'kind').toLowerCase();
    const name = textAt(about, 'name');
    return [
      humanAge(series ? textAt(series, 'lastObservedTime') : single, nowMs),
      textAt(event, 'type'),
      textAt(event, 'reason'),
      name === '' ? kind : `${kind}/${name}`,
      textAt(about, 'fieldPath'),
      eventSource(event),
      textOf(event, 'message', 'note').trim(),
      humanAge(first, nowMs),
      series ? numberAt(series, 'count') : Number(count),
      event.metadata.name,
    ];
  },
};

/** A field by its name in the core group, or in events.k8s.io. */
function textOf(event: KubeObject, coreName: string, newName: string): string {
  return textAt(event, coreName) || textAt(event, newName);
}

function eventSource(event: KubeObject): string {
  const source = at(event, 'source') ?? at(event, 'deprecatedSource');
  const controller = textOf(event, 'reportingComponent', 'reportingController');
  const component = textAt(source, 'component') || controller;
  const host = textAt(source, 'host') || textAt(event, 'reportingInstance');
  return host === '' ? component : `${component}, ${host}`;
}

const accessModes: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

export const persistentVolumeClaimTable: KindTable = {
  columns: columnsOf(
    'Name, Status, Volume, Capacity, Access Modes, StorageClass, VolumeAttributesClass, Age',
    'VolumeMode',
  ),
  cells(claim, nowMs) {
    const isBound = textAt(claim, 'spec', 'volumeName') !== '';
    const modes = listAt(claim, 'status', 'accessModes').map(
      (mode) => accessModes[String(mode)] ?? String(mode),
    );
    return [
      claim.metadata.name,
      claim.metadata.deletionTimestamp ? 'Terminating' : textAt(claim, 'status', 'phase'),
      textAt(claim, 'spec', 'volumeName'),
      isBound ? textAt(claim, 'status', 'capacity', 'storage') : '',
      isBound ? modes.join(',') : '',
      textAt(claim, 'spec', 'storageClassName'),
      textAt(claim, 'spec', 'volumeAttributesClassName') || '<unset>',
      ageOf(claim, nowMs),
      textAt(claim, 'spec', 'volumeMode') || '<unset>',
    ];
  },
};

export const resourceQuotaTable = simpleTable('Request, Limit', (quota) => {
  const hard = at(quota, 'status', 'hard') ?? at(quota, 'spec', 'hard');
  const rows = Object.entries(isRecord(hard) ? hard : {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const render = (limits: boolean) =>
    rows
      .filter(([name]) => name.startsWith('limits.') === limits)
      .map(([name, value]) => `${name}: ${textAt(quota, 'status', 'used', name) || '0'}/${String(value)}`)
      .join(', ');
  return [render(false), render(true)];
});
