// Schemas that the custom resources of both API groups share.
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

const conditionFields = {
  lastTransitionTime: text({ format: 'date-time' }),
  message: text(),
  reason: text(),
  status: text(),
  type: text(),
};

/** Conditions of logging.openshift.io: reason and message may be absent. */
export const plainConditions = list(object(conditionFields, ['status', 'type']));

/** metav1.Condition. */
export const conditions = list(
  object(
    {
      ...conditionFields,
      message: text({ maxLength: 32_768 }),
      observedGeneration: integer({ minimum: 0 }),
      reason: text({
        maxLength: 1_024,
        minLength: 1,
        pattern: '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$',
      }),
      status: choice('True', 'False', 'Unknown'),
      type: text({ maxLength: 316 }),
    },
    ['lastTransitionTime', 'message', 'reason', 'status', 'type'],
  ),
);

export const labelSelector = object({
  matchLabels: textMap,
  matchExpressions: list(
    object({ key: text(), operator: text(), values: list(text()) }, ['key', 'operator']),
  ),
});

const resourceList: Schema = { type: 'object', additionalProperties: quantity };

/** Where collectors run and what they may use. */
export const schedulingFields: Readonly<Record<string, Schema>> = {
  resources: nullable(
    object({
      claims: list(object({ name: text() }, ['name'])),
      limits: resourceList,
      requests: resourceList,
    }),
  ),
  nodeSelector: nullable(textMap),
  tolerations: nullable(
    list(
      object({
        effect: text(),
        key: text(),
        operator: text(),
        tolerationSeconds: integer(),
        value: text(),
      }),
    ),
  ),
};

/** A namespace and a container, each a glob. */
export const namespaceContainers = list(object({ namespace: text(), container: text() }));

const auditRule = object(
  {
    level: choice('None', 'Metadata', 'Request', 'RequestResponse'),
    users: list(text()),
    userGroups: list(text()),
    verbs: list(text()),
    resources: list(object({ group: text(), resources: list(text()), resourceNames: list(text()) })),
    namespaces: list(text()),
    nonResourceURLs: list(text()),
    omitStages: list(text()),
    omitManagedFields: flag,
  },
  ['level'],
);

/** The bodies of filters that both groups know. */
export const filterFields: Readonly<Record<string, Schema>> = {
  kubeAPIAudit: object({
    rules: list(auditRule),
    omitStages: list(text()),
    omitResponseCodes: nullable(list(integer())),
  }),
  drop: list(
    object({
      test: list(object({ field: text(), matches: text(), notMatches: text(), olderThan: text() })),
    }),
  ),
  prune: object({ in: list(text()), notIn: list(text()) }),
};

export const limit = object({ maxRecordsPerSecond: integer() });

/** Pergola's own fields of a CloudWatch output, for the groups that its collector creates. */
export const groupFields: Readonly<Record<string, Schema>> = {
  retentionInDays: {
    ...integer(),
    description: 'Pergola only: how many days the log groups that are created keep their events.',
  },
  tags: { ...textMap, description: 'Pergola only: tags of the log groups that are created.' },
  kmsKeyId: { ...text(), description: 'Pergola only: the KMS key of the log groups that are created.' },
};

/** Output types that this version keeps and refuses with a condition. */
export function otherOutputs(names: readonly string[]): Record<string, Schema> {
  return Object.fromEntries(names.map((name) => [name, open]));
}
