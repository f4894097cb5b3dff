import { expect, test } from 'vitest';
import { clusterLoggingConditions } from './cluster-logging-conditions.ts';
import { placementOf } from './placement.ts';

const instance = {
  apiVersion: 'logging.openshift.io/v1',
  namespace: 'openshift-logging',
  name: 'instance',
} as const;

test("the seed's resource is read, with what is deprecated in it", () => {
  const conditions = clusterLoggingConditions(
    { collection: { logs: { type: 'fluentd' } }, forwarder: { fluentd: {} }, managementState: 'Managed' },
    instance,
  );
  expect(conditions).toEqual([
    { type: 'Ready', status: 'True' },
    {
      type: 'Deprecated',
      status: 'True',
      reason: 'DeprecatedCollectionLogsSpec',
      message:
        'spec.forwarder is deprecated in favor of spec.collection.fluentd; spec.collection.logs.* is deprecated in favor of spec.collection.*',
    },
    {
      type: 'CollectorImplementation',
      status: 'True',
      reason: 'OneCollector',
      message:
        'type fluentd is accepted: one collector serves both types, fluentd and vector, and tuning of fluentd has no effect',
    },
  ]);
});

test('what is not served is said', () => {
  const conditions = clusterLoggingConditions(
    { collection: { type: 'rsyslog' }, logStore: { type: 'lokistack' }, visualization: { type: 'kibana' } },
    instance,
  );
  expect(conditions.map(({ type, status, message }) => [type, status, message])).toEqual([
    ['Ready', 'False', 'Collector implementation is not supported: "rsyslog"'],
    ['Ignored', 'True', 'spec.logStore, spec.visualization: not implemented, nothing is deployed for it'],
  ]);
  expect(clusterLoggingConditions({}, { ...instance, name: 'other' })[0]?.message).toContain(
    'instance is read',
  );
});

test('the older fields win where they are given', () => {
  const collection = {
    type: 'vector',
    nodeSelector: { a: 'new' },
    tolerations: [{ key: 'new' }],
    logs: { type: 'fluentd', fluentd: { nodeSelector: { a: 'old' } } },
  };
  expect(placementOf({ collection })).toEqual({
    type: 'fluentd',
    placement: { nodeSelector: { a: 'old' }, tolerations: [{ key: 'new' }] },
    problem: undefined,
  });
  expect(placementOf({}).type).toBe('vector');
});
