// The Service by which monitoring finds a forwarder's collectors.
import type { KubeResource } from '@pergola/kube-client';
import { collectorMetricsPort } from '../../config/collector-places.ts';
import type { CollectorNames } from '../names.ts';
import { objectLabels, podSelector } from './collector-labels.ts';

export function metricsService(names: CollectorNames): KubeResource {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: names.metricsService,
      namespace: names.namespace,
      labels: { ...objectLabels(names), 'logging-infra': 'support' },
    },
    spec: {
      selector: podSelector(names),
      ports: [{ name: 'metrics', port: collectorMetricsPort, targetPort: 'metrics', protocol: 'TCP' }],
    },
  };
}
