// The labels of a forwarder's objects and pods.
import { type CollectorNames, operatorName, ownedLabels } from '../names.ts';

/** On every object. */
export function objectLabels({ collector }: CollectorNames): Record<string, string> {
  return {
    ...ownedLabels,
    'app.kubernetes.io/name': 'collector',
    'app.kubernetes.io/instance': collector,
    'app.kubernetes.io/component': 'collector',
    'app.kubernetes.io/part-of': 'cluster-logging',
  };
}

/** What a collector's pods are selected by. */
export function podSelector({ collector }: CollectorNames): Record<string, string> {
  return {
    component: 'collector',
    'app.kubernetes.io/instance': collector,
    'app.kubernetes.io/managed-by': operatorName,
  };
}

/** On pods. */
export function podLabels(names: CollectorNames): Record<string, string> {
  return {
    ...objectLabels(names),
    ...podSelector(names),
    'logging-infra': 'collector',
    provider: 'openshift',
  };
}
