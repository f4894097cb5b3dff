// ClusterLogForwarder of logging.openshift.io/v1, as in logging 5.9.
import { customResources } from '../custom-resources.ts';
import { conditionColumn, definitionOf } from './definition.ts';
import { choice, flag, integer, list, object, open, quantity, type Schema, text, textMap } from './schema.ts';
import {
  filterFields,
  groupFields,
  labelSelector,
  limit,
  namespaceContainers,
  otherOutputs,
  plainConditions,
} from './shared-schemas.ts';

const otherTypes = [
  'syslog',
  'fluentdForward',
  'elasticsearch',
  'kafka',
  'loki',
  'googleCloudLogging',
  'splunk',
  'http',
  'azureMonitor',
];

const input = object(
  {
    name: text(),
    application: object({
      namespaces: list(text()),
      selector: labelSelector,
      containerLimit: limit,
      groupLimit: limit,
      includes: namespaceContainers,
      excludes: namespaceContainers,
    }),
    infrastructure: object({ sources: list(text()) }),
    audit: object({ sources: list(text()) }),
    receiver: open,
  },
  ['name'],
);

const output = object(
  {
    name: text(),
    type: choice('cloudwatch', ...otherTypes),
    url: text({ pattern: String.raw`^$|[a-zA-z]+:\/\/.*` }),
    cloudwatch: object({
      region: text(),
      groupBy: choice('logType', 'namespaceName', 'namespaceUUID'),
      groupPrefix: text(),
      ...groupFields,
    }),
    ...otherOutputs(otherTypes),
    tls: object({ insecureSkipVerify: flag, securityProfile: open }),
    secret: object({ name: text() }, ['name']),
    limit,
    tuning: object({
      delivery: choice('AtLeastOnce', 'AtMostOnce'),
      compression: choice('gzip', 'none', 'snappy', 'zlib', 'zstd', 'lz4'),
      maxWrite: quantity,
      minRetryDuration: integer(),
      maxRetryDuration: integer(),
    }),
  },
  ['name', 'type'],
);

const filter = object({ name: text(), type: choice('kubeAPIAudit', 'drop', 'prune'), ...filterFields }, [
  'name',
  'type',
]);

const pipeline = object(
  {
    name: text(),
    inputRefs: list(text()),
    outputRefs: list(text()),
    filterRefs: list(text()),
    labels: textMap,
    parse: choice('json'),
    detectMultilineErrors: flag,
  },
  ['inputRefs', 'outputRefs'],
);

const namedConditions: Schema = { type: 'object', additionalProperties: plainConditions };

export const legacyForwarderDefinition = definitionOf(customResources.legacyForwarders, {
  shortNames: ['clf'],
  description: 'Forwards logs from named inputs through pipelines to named outputs.',
  spec: object({
    inputs: list(input),
    outputs: list(output),
    filters: list(filter),
    pipelines: list(pipeline),
    serviceAccountName: text(),
    outputDefaults: open,
  }),
  status: object({
    conditions: plainConditions,
    inputs: namedConditions,
    outputs: namedConditions,
    filters: namedConditions,
    pipelines: namedConditions,
  }),
  columns: [conditionColumn('Ready', 'Ready'), conditionColumn('Delivering', 'Delivering')],
});
