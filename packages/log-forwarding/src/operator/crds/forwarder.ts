// ClusterLogForwarder of observability.openshift.io/v1, as in logging 6.
import { customResources } from '../custom-resources.ts';
import { conditionColumn, definitionOf } from './definition.ts';
import { groupNamePattern } from './group-name-pattern.ts';
import {
  choice,
  flag,
  integer,
  list,
  nullable,
  object,
  open,
  quantity,
  type Schema,
  text,
  textMap,
} from './schema.ts';
import {
  conditions,
  filterFields,
  groupFields,
  labelSelector,
  limit,
  namespaceContainers,
  otherOutputs,
  schedulingFields,
} from './shared-schemas.ts';

const itemName = text({ pattern: '^[a-z][a-z0-9-]*[a-z0-9]$' });
const secretKey = object({ secretName: text(), key: text() }, ['secretName', 'key']);
const otherTypes = [
  'azureLogsIngestion',
  'azureMonitor',
  'elasticsearch',
  'googleCloudLogging',
  'http',
  'kafka',
  'loki',
  'lokiStack',
  'otlp',
  's3',
  'splunk',
  'syslog',
];

/** Rules in CEL, for API servers that run them; the operator checks the same. */
function needs(types: readonly string[], what: string): Schema {
  return {
    'x-kubernetes-validations': types.map((type) => ({
      rule: `self.type != '${type}' || has(self.${type})`,
      message: `Additional type specific spec is required for ${what}`,
    })),
  };
}

const containerTuning = object({ rateLimitPerContainer: limit, maxMessageSize: quantity });

const input: Schema = {
  ...object(
    {
      name: itemName,
      type: choice('audit', 'application', 'infrastructure', 'receiver'),
      application: nullable(
        object({
          selector: labelSelector,
          tuning: containerTuning,
          includes: namespaceContainers,
          excludes: namespaceContainers,
        }),
      ),
      infrastructure: object({
        sources: list(choice('container', 'node')),
        tuning: object({ container: containerTuning }),
      }),
      audit: object({
        sources: list(choice('auditd', 'kubeAPI', 'openshiftAPI', 'ovn')),
        tuning: object({ ignoreOlder: text() }),
      }),
      receiver: open,
    },
    ['name', 'type'],
  ),
  ...needs(['application', 'infrastructure', 'audit', 'receiver'], 'the input type'),
};

const assumeRole = nullable(
  object(
    {
      roleARN: secretKey,
      externalID: text({ minLength: 2, maxLength: 1_224, pattern: String.raw`^[\w+=,.@:/-]*$` }),
      sessionName: text(),
    },
    ['roleARN'],
  ),
);

const authentication: Schema = {
  ...object(
    {
      type: choice('awsAccessKey', 'iamRole'),
      awsAccessKey: nullable(
        object({ keyId: secretKey, keySecret: secretKey, assumeRole }, ['keyId', 'keySecret']),
      ),
      iamRole: nullable(
        object(
          {
            roleARN: secretKey,
            token: object(
              {
                from: choice('secret', 'serviceAccount'),
                secret: nullable(object({ name: text(), key: text() }, ['name', 'key'])),
              },
              ['from'],
            ),
            assumeRole,
          },
          ['roleARN', 'token'],
        ),
      ),
      assumeRole,
    },
    ['type'],
  ),
  ...needs(['awsAccessKey', 'iamRole'], 'authentication'),
};

const cloudwatch = object(
  {
    url: text(),
    region: text(),
    groupName: text({ pattern: groupNamePattern }),
    authentication,
    tuning: object({
      deliveryMode: choice('AtLeastOnce', 'AtMostOnce'),
      compression: choice('gzip', 'none', 'snappy', 'zlib', 'zstd'),
      maxWrite: quantity,
      minRetryDuration: integer(),
      maxRetryDuration: integer(),
    }),
    ...groupFields,
  },
  ['authentication', 'groupName', 'region'],
);

const configKey = object({ secretName: text(), configMapName: text(), key: text() }, ['key']);

const output: Schema = {
  ...object(
    {
      name: itemName,
      type: choice('cloudwatch', ...otherTypes),
      tls: object({
        ca: nullable(configKey),
        certificate: nullable(configKey),
        key: nullable(secretKey),
        keyPassphrase: nullable(secretKey),
        insecureSkipVerify: flag,
        securityProfile: open,
      }),
      rateLimit: limit,
      cloudwatch,
      ...otherOutputs(otherTypes),
    },
    ['name', 'type'],
  ),
  ...needs(['cloudwatch', ...otherTypes], 'the output type'),
};

const filterTypes = ['openshiftLabels', 'detectMultilineException', 'drop', 'kubeAPIAudit', 'parse', 'prune'];

const filter: Schema = {
  ...object({ name: itemName, type: choice(...filterTypes), ...filterFields, openshiftLabels: textMap }, [
    'name',
    'type',
  ]),
  ...needs(['kubeAPIAudit', 'drop', 'prune', 'openshiftLabels'], 'the filter type'),
};

const pipeline = object(
  { name: itemName, inputRefs: list(text()), outputRefs: list(text()), filterRefs: list(text()) },
  ['inputRefs', 'name', 'outputRefs'],
);

export const forwarderDefinition = definitionOf(customResources.forwarders, {
  shortNames: ['obsclf', 'clf'],
  description: 'Forwards logs from named inputs through pipelines to named outputs.',
  spec: object(
    {
      managementState: { ...choice('Managed', 'Unmanaged'), default: 'Managed' },
      collector: nullable(
        object({
          ...schedulingFields,
          affinity: open,
          networkPolicy: object({ ruleSet: choice('AllowAllIngressEgress', 'RestrictIngressEgress') }),
          maxUnavailable: {
            anyOf: [{ type: 'integer' }, { type: 'string' }],
            pattern: '^(?:[0-9]{1,2}|100)%?$',
            'x-kubernetes-int-or-string': true,
          },
          terminationGracePeriodSeconds: integer({ minimum: 1 }),
        }),
      ),
      inputs: list(input),
      outputs: list(output),
      filters: list(filter),
      pipelines: list(pipeline),
      serviceAccount: object({ name: text({ pattern: '^[a-z][a-z0-9-]{2,62}[a-z0-9]$' }) }, ['name']),
    },
    ['outputs', 'pipelines', 'serviceAccount'],
  ),
  status: object({
    conditions,
    inputConditions: conditions,
    outputConditions: conditions,
    filterConditions: conditions,
    pipelineConditions: conditions,
  }),
  columns: [
    conditionColumn('Ready', 'Ready'),
    conditionColumn('Delivering', 'observability.openshift.io/Delivering'),
  ],
});
