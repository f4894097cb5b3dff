// The DaemonSet that runs a forwarder's collectors, one on each node.
import type { KubeResource } from '@pergola/kube-client';
import type { CollectorConfig } from '../../config/collector-config.ts';
import {
  collectorMetricsPort,
  collectorNodeOptions,
  collectorVariables,
} from '../../config/collector-places.ts';
import type { CollectorNames } from '../names.ts';
import type { CollectorSpec } from '../spec/forwarder-spec.ts';
import { objectLabels, podLabels, podSelector } from './collector-labels.ts';
import { collectorVolumes } from './collector-volumes.ts';
import { configHash } from './config-secret.ts';

export interface Workload {
  readonly names: CollectorNames;
  readonly config: CollectorConfig;
  /** Where collectors run and what they may use. */
  readonly placement: CollectorSpec;
  readonly image: string;
  readonly logLevel?: string | undefined;
}

export const configHashAnnotation = 'pergola.dev/config-hash';

const tolerations = [
  { key: 'node-role.kubernetes.io/master', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node-role.kubernetes.io/control-plane', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' },
];

const droppedCapabilities = [
  'CHOWN',
  'DAC_OVERRIDE',
  'FSETID',
  'FOWNER',
  'SETGID',
  'SETUID',
  'SETPCAP',
  'NET_BIND_SERVICE',
  'KILL',
];

export function collectorDaemonSet(workload: Workload): KubeResource {
  const { names, config, placement } = workload;
  const { affinity, maxUnavailable = '100%', terminationGracePeriodSeconds = 10 } = placement;
  const { volumes, mounts, variables } = collectorVolumes(names, config);
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: names.collector, namespace: names.namespace, labels: objectLabels(names) },
    spec: {
      selector: { matchLabels: podSelector(names) },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable } },
      template: {
        metadata: {
          labels: podLabels(names),
          annotations: { [configHashAnnotation]: configHash(config) },
        },
        spec: {
          serviceAccountName: names.serviceAccount,
          priorityClassName: 'system-node-critical',
          nodeSelector: { 'kubernetes.io/os': 'linux', ...placement.nodeSelector },
          tolerations: [...tolerations, ...(placement.tolerations ?? [])],
          ...(affinity === undefined ? {} : { affinity }),
          terminationGracePeriodSeconds,
          containers: [{ ...collectorContainer(workload, variables), volumeMounts: mounts }],
          volumes,
        },
      },
    },
  };
}

function collectorContainer(
  { names, image, placement, logLevel }: Workload,
  variables: Readonly<Record<string, string>>,
): object {
  const fromField = (fieldPath: string) => ({ valueFrom: { fieldRef: { fieldPath } } });
  return {
    name: 'collector',
    image,
    imagePullPolicy: 'IfNotPresent',
    args: ['collector', 'run', ...(logLevel === undefined ? [] : ['--log-level', logLevel])],
    env: [
      { name: collectorVariables.node, ...fromField('spec.nodeName') },
      { name: collectorVariables.metricsHost, ...fromField('status.podIP') },
      { name: collectorVariables.metricsPort, value: `${collectorMetricsPort}` },
      { name: collectorVariables.namespace, value: names.namespace },
      { name: collectorVariables.name, value: names.collector },
      { name: 'NODE_OPTIONS', value: collectorNodeOptions },
      ...Object.entries(variables).map(([name, value]) => ({ name, value })),
    ],
    ports: [{ name: 'metrics', containerPort: collectorMetricsPort, protocol: 'TCP' }],
    resources: placement.resources ?? { requests: { cpu: '50m', memory: '96Mi' } },
    livenessProbe: probe('/healthz', { initialDelaySeconds: 10, periodSeconds: 30, failureThreshold: 4 }),
    readinessProbe: probe('/readyz', { initialDelaySeconds: 1, periodSeconds: 5, failureThreshold: 3 }),
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: droppedCapabilities },
      readOnlyRootFilesystem: true,
      seLinuxOptions: { type: 'spc_t' },
      seccompProfile: { type: 'RuntimeDefault' },
    },
  };
}

function probe(path: string, timing: Readonly<Record<string, number>>): object {
  return { httpGet: { path, port: 'metrics', scheme: 'HTTP' }, timeoutSeconds: 5, ...timing };
}
