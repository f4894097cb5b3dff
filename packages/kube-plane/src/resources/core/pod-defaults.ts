// Defaults of pod specs that depend on other fields, as k8s.io/kubernetes/pkg/apis/core/v1/defaults.go sets them.
import { isRecord } from '@pergola/kernel';

type Fields = Record<string, unknown>;

/** Fills `template.spec` of a workload. */
export function applyTemplateDefaults(template: Fields): void {
  template['metadata'] ??= {};
  if (isRecord(template['spec'])) applyPodSpecDefaults(template['spec']);
}

/** Fills a pod spec, in place. */
export function applyPodSpecDefaults(spec: Fields): void {
  spec['restartPolicy'] ??= 'Always';
  spec['terminationGracePeriodSeconds'] ??= 30;
  spec['dnsPolicy'] ??= 'ClusterFirst';
  spec['securityContext'] ??= {};
  spec['schedulerName'] ??= 'default-scheduler';
  // Both names are kept: the second is the old one that clients still read.
  if (spec['serviceAccountName'] === undefined) copy(spec, 'serviceAccount', 'serviceAccountName');
  copy(spec, 'serviceAccountName', 'serviceAccount');
  for (const list of ['initContainers', 'containers', 'ephemeralContainers']) {
    for (const container of records(spec[list])) applyContainerDefaults(container);
  }
  for (const volume of records(spec['volumes'])) applyVolumeDefaults(volume);
}

/** Sets the fields that are absent. */
function setDefaults(target: Fields, defaults: Readonly<Fields>): void {
  for (const [key, value] of Object.entries(defaults)) target[key] ??= structuredClone(value);
}

function applyContainerDefaults(container: Fields): void {
  const image = String(container['image'] ?? '');
  setDefaults(container, {
    imagePullPolicy: isLatest(image) ? 'Always' : 'IfNotPresent',
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    resources: {},
  });
  for (const port of records(container['ports'])) setDefaults(port, { protocol: 'TCP' });
  for (const env of records(container['env'])) {
    if (isRecord(env['valueFrom'])) defaultFieldRef(env['valueFrom']);
  }
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = container[name];
    if (isRecord(probe)) applyProbeDefaults(probe);
  }
}

/** In pods, not in templates: a limit without a request requests as much. */
export function requestLimits(spec: Fields): void {
  for (const list of ['initContainers', 'containers']) {
    for (const container of records(spec[list])) copyLimits(container['resources']);
  }
}

function copyLimits(resources: unknown): void {
  if (!isRecord(resources) || !isRecord(resources['limits'])) return;
  const requests: Fields = isRecord(resources['requests']) ? resources['requests'] : {};
  resources['requests'] = { ...resources['limits'], ...requests };
}

function applyProbeDefaults(probe: Fields): void {
  setDefaults(probe, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 });
  if (isRecord(probe['httpGet'])) setDefaults(probe['httpGet'], { path: '/', scheme: 'HTTP' });
}

const MODE_0644 = 420;

function applyVolumeDefaults(volume: Fields): void {
  for (const kind of ['configMap', 'secret', 'downwardAPI', 'projected']) {
    const source = volume[kind];
    if (isRecord(source)) setDefaults(source, { defaultMode: MODE_0644 });
  }
  if (isRecord(volume['hostPath'])) setDefaults(volume['hostPath'], { type: '' });
  defaultItems(volume['downwardAPI']);
  const { projected } = volume;
  for (const source of records(isRecord(projected) ? projected['sources'] : undefined)) {
    const token = source['serviceAccountToken'];
    if (isRecord(token)) setDefaults(token, { expirationSeconds: 3600 });
    defaultItems(source['downwardAPI']);
  }
}

function defaultItems(downward: unknown): void {
  for (const item of records(isRecord(downward) ? downward['items'] : undefined)) defaultFieldRef(item);
}

function defaultFieldRef(item: Fields): void {
  if (isRecord(item['fieldRef'])) setDefaults(item['fieldRef'], { apiVersion: 'v1' });
}

function isLatest(image: string): boolean {
  if (image.includes('@')) return false;
  const tag = image.slice(image.lastIndexOf('/') + 1).split(':')[1];
  return tag === undefined || tag === 'latest';
}

function copy(spec: Fields, from: string, to: string): void {
  if (spec[from] !== undefined && spec[from] !== '') spec[to] = spec[from];
}

/** The records of a list; nothing when it is none. */
export function records(list: unknown): Fields[] {
  return Array.isArray(list) ? list.filter(isRecord) : [];
}
