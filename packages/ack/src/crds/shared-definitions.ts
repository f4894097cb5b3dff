// The CustomResourceDefinitions that ACK's controllers share: FieldExport and IAMRoleSelector.
import type { KubeResource, ResourceType } from '@pergola/kube-client';
import { fieldExports, roleSelectors } from '../runtime/cluster/custom-types.ts';

type Schema = Readonly<Record<string, unknown>>;

const text: Schema = { type: 'string' };

function object(properties: Schema, required: readonly string[] = [], description?: string): Schema {
  return {
    type: 'object',
    properties,
    ...(required.length === 0 ? {} : { required }),
    ...(description === undefined ? {} : { description }),
  };
}

const matchLabels = object({ matchLabels: { type: 'object', additionalProperties: text } }, ['matchLabels']);

const status = object(
  {
    conditions: {
      type: 'array',
      items: object(
        {
          type: text,
          status: text,
          lastTransitionTime: { type: 'string', format: 'date-time' },
          reason: text,
          message: text,
        },
        ['status', 'type'],
      ),
    },
  },
  ['conditions'],
);

const exportSpec = object(
  {
    from: object(
      {
        path: { ...text, maxLength: 1024, description: 'Where the field is, e.g. .status.endpoint.address' },
        resource: object({ group: text, kind: text, name: text }, ['group', 'kind', 'name']),
      },
      ['path', 'resource'],
      'The field, of a resource in the same namespace.',
    ),
    to: object(
      {
        kind: { ...text, enum: ['configmap', 'secret'] },
        name: text,
        namespace: text,
        key: { ...text, description: 'Default: namespace and name of the export, joined by a dot.' },
      },
      ['kind', 'name'],
      'The ConfigMap or Secret, which is made when it is absent.',
    ),
  },
  ['from', 'to'],
);

const selectorSpec = object(
  {
    arn: {
      ...text,
      description: 'The role that is assumed for what is selected.',
      'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'Value is immutable once set' }],
    },
    namespaceSelector: object({ names: { type: 'array', items: text }, labelSelector: matchLabels }),
    resourceLabelSelector: matchLabels,
    resourceTypeSelector: { type: 'array', items: object({ group: text, version: text, kind: text }) },
  },
  ['arn'],
);

/** What every package of the operator brings besides its own kinds. */
export const sharedDefinitions: readonly KubeResource[] = [
  definitionOf(fieldExports, exportSpec, [
    { name: 'Source', jsonPath: '.spec.from.resource.name' },
    { name: 'Path', jsonPath: '.spec.from.path' },
    { name: 'Target', jsonPath: '.spec.to.name' },
    { name: 'Ready', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
  ]),
  definitionOf(roleSelectors, selectorSpec, [{ name: 'Role', jsonPath: '.spec.arn' }]),
];

function definitionOf(
  { group, version, plural, kind, namespaced }: ResourceType,
  spec: Schema,
  columns: readonly { readonly name: string; readonly jsonPath: string }[],
): KubeResource {
  const schema = object({ apiVersion: text, kind: text, metadata: { type: 'object' }, spec, status });
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: namespaced ? 'Namespaced' : 'Cluster',
      names: {
        categories: ['aws', 'ack'],
        kind,
        listKind: `${kind}List`,
        plural,
        singular: kind.toLowerCase(),
      },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: schema },
          subresources: { status: {} },
          additionalPrinterColumns: [
            ...columns.map((column) => ({ type: 'string', ...column })),
            { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
          ],
        },
      ],
    },
  };
}
