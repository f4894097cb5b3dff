// The kinds of the operator framework and of logging, by their REST names.
import type { ResourceType } from '@pergola/kube-client';

function namespaced(group: string, version: string, plural: string, kind: string): ResourceType {
  return { group, version, plural, kind, namespaced: true };
}

export const loggingResources = {
  subscriptions: namespaced('operators.coreos.com', 'v1alpha1', 'subscriptions', 'Subscription'),
  serviceVersions: namespaced(
    'operators.coreos.com',
    'v1alpha1',
    'clusterserviceversions',
    'ClusterServiceVersion',
  ),
  forwarders: namespaced('logging.openshift.io', 'v1', 'clusterlogforwarders', 'ClusterLogForwarder'),
  clusterLoggings: namespaced('logging.openshift.io', 'v1', 'clusterloggings', 'ClusterLogging'),
} as const;

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** A condition of an object's status. */
export function conditionOf(
  object: { readonly [field: string]: unknown },
  type: string,
): Condition | undefined {
  const status = object['status'] as { readonly conditions?: readonly Condition[] } | undefined;
  return status?.conditions?.find((condition) => condition.type === type);
}

/** `Ready False MissingResource: secret "s" not found`, for messages. */
export function renderCondition(condition: Condition | undefined): string {
  if (!condition) return 'the status says nothing yet';
  const { type, status, reason = '', message = '' } = condition;
  return `${type} is ${status} ${reason}: ${message}`;
}
