// The custom resource definitions of the logging operator.
import type { KubeResource } from '@pergola/kube-client';
import { clusterLoggingDefinition } from './cluster-logging.ts';
import { forwarderDefinition } from './forwarder.ts';
import { legacyForwarderDefinition } from './legacy-forwarder.ts';

export const loggingCrds: readonly KubeResource[] = [
  legacyForwarderDefinition,
  clusterLoggingDefinition,
  forwarderDefinition,
];
