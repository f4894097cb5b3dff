// The kinds of logging, by their REST names.
import type { ResourceType } from '@pergola/kube-client';

function namespaced(group: string, version: string, plural: string, kind: string): ResourceType {
  return { group, version, plural, kind, namespaced: true };
}

export const loggingResources = {
  forwarders: namespaced('logging.openshift.io', 'v1', 'clusterlogforwarders', 'ClusterLogForwarder'),
  clusterLoggings: namespaced('logging.openshift.io', 'v1', 'clusterloggings', 'ClusterLogging'),
} as const;
