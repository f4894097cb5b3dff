// What the status of a ClusterLogging says.
import type { ForwarderIdentity } from '../../config/collector-config.ts';
import { type NewCondition, notReady, plainReady } from '../conditions.ts';
import { isLegacyInstance } from '../names.ts';
import type { ClusterLoggingSpec } from '../spec/legacy-forwarder-spec.ts';
import { placementOf } from './placement.ts';

const unserved = ['logStore', 'visualization', 'curation'] as const;

export function clusterLoggingConditions(
  spec: ClusterLoggingSpec,
  identity: ForwarderIdentity,
): NewCondition[] {
  if (!isLegacyInstance(identity)) {
    return [notReady('Invalid', 'only the ClusterLogging openshift-logging/instance is read')];
  }
  const { type, problem } = placementOf(spec);
  const conditions = [
    problem === undefined ? plainReady : notReady('Invalid', problem),
    ...deprecations(spec),
  ];
  if (type === 'fluentd') {
    conditions.push({
      type: 'CollectorImplementation',
      status: 'True',
      reason: 'OneCollector',
      message:
        'type fluentd is accepted: one collector serves both types, fluentd and vector, and tuning of fluentd has no effect',
    });
  }
  const ignored = unserved.filter((part) => spec[part]);
  if (ignored.length > 0) {
    const parts = ignored.map((part) => `spec.${part}`).join(', ');
    conditions.push({
      type: 'Ignored',
      status: 'True',
      reason: 'NotImplemented',
      message: `${parts}: not implemented, nothing is deployed for it`,
    });
  }
  return conditions;
}

function deprecations({ collection, forwarder }: ClusterLoggingSpec): NewCondition[] {
  const found: { reason: string; message: string }[] = [];
  if (collection && forwarder) {
    found.push({
      reason: 'DeprecatedForwarderSpec',
      message: 'spec.forwarder is deprecated in favor of spec.collection.fluentd',
    });
  }
  if (collection?.logs) {
    found.push({
      reason: 'DeprecatedCollectionLogsSpec',
      message: 'spec.collection.logs.* is deprecated in favor of spec.collection.*',
    });
  }
  const last = found.at(-1);
  // One condition of a type: the original keeps the last only, whose reason stands here too.
  return last
    ? [
        {
          type: 'Deprecated',
          status: 'True',
          reason: last.reason,
          message: found.map(({ message }) => message).join('; '),
        },
      ]
    : [];
}
