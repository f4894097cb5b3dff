// The Secret that a forwarder's collectors read their configuration from.
import { createHash } from 'node:crypto';
import type { KubeResource } from '@pergola/kube-client';
import type { CollectorConfig } from '../../config/collector-config.ts';
import type { CollectorNames } from '../names.ts';
import { objectLabels } from './collector-labels.ts';

export const configKey = 'collector.json';

export function configSecret(names: CollectorNames, config: CollectorConfig): KubeResource {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: names.configSecret, namespace: names.namespace, labels: objectLabels(names) },
    type: 'Opaque',
    data: { [configKey]: Buffer.from(JSON.stringify(config, undefined, 2)).toString('base64') },
  };
}

/** Changes whenever the configuration does. */
export function configHash(config: CollectorConfig): string {
  return createHash('sha256').update(JSON.stringify(config)).digest('hex').slice(0, 32);
}
