// The CustomResourceDefinition of a kind: ACK's own, with what AWS accepts added to it.
import type { KubeResource } from '@pergola/kube-client';
import type { ReferenceField } from '../kind.ts';
import type { KindModel, TopField } from '../model/kind-model.ts';
import { type Schema, SchemaWriter, referenceSchema } from './schema.ts';

export interface DefinitionParts {
  readonly model: KindModel;
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly references: readonly ReferenceField[];
  readonly texts: Readonly<Record<string, string>>;
}

export function customResourceDefinition(parts: DefinitionParts): KubeResource {
  const { description } = parts.model;
  const { kind } = description;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${parts.plural}.${parts.group}` },
    spec: {
      group: parts.group,
      scope: 'Namespaced',
      names: {
        kind,
        listKind: `${kind}List`,
        plural: parts.plural,
        singular: kind.toLowerCase(),
        ...(description.shortNames && { shortNames: [...description.shortNames] }),
        categories: ['aws', 'ack'],
      },
      versions: [
        {
          name: parts.version,
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: columnsOf(parts.model),
          schema: { openAPIV3Schema: wholeSchema(parts) },
        },
      ],
    },
  };
}

function wholeSchema(parts: DefinitionParts): Schema {
  return {
    type: 'object',
    description: `A ${parts.model.description.kind} of AWS.`,
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { type: 'object' },
      spec: specSchema(parts),
      status: statusSchema(parts),
    },
  };
}

function specSchema({ model, references, texts }: DefinitionParts): Schema {
  const writer = new SchemaWriter({ catalogue: model.catalogue, texts, isChecked: true });
  const properties: Record<string, Schema> = {};
  // A resource under another name would be another one, and nobody would look after the first.
  const identity = model.specByKey.get(model.description.identity);
  for (const field of model.spec) {
    const isFixed = field.rule.immutable === true || field === identity;
    properties[field.name] = { ...specField(writer, field), ...(isFixed && immutable) };
  }
  for (const { refPath, isList } of references) {
    addAt(properties, refPath, isList ? { type: 'array', items: referenceSchema } : referenceSchema);
  }
  const required = model.spec.filter((field) => field.required).map(({ name }) => name);
  return { type: 'object', properties, ...(required.length > 0 && { required }) };
}

function specField(writer: SchemaWriter, field: TopField): Schema {
  const { rule } = field;
  // What can be taken away may be empty, whatever AWS says of its length.
  const { minItems: _items, minProperties: _properties, ...schema } = writer.field(field);
  const { minLength: _length, pattern: _pattern, ...emptied } = schema;
  return {
    ...(rule.part?.remove ? emptied : schema),
    ...(rule.description !== undefined && { description: rule.description }),
  };
}

const immutable: Schema = {
  'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'Value is immutable once set' }],
};

function statusSchema({ model, texts }: DefinitionParts): Schema {
  const writer = new SchemaWriter({ catalogue: model.catalogue, texts: {}, isChecked: false });
  const properties = Object.fromEntries(
    model.status.map((field) => {
      const description = texts[field.origin];
      return [field.name, { ...writer.field(field), ...(description !== undefined && { description }) }];
    }),
  );
  return { type: 'object', properties: { ackResourceMetadata, conditions, ...properties } };
}

const text: Schema = { type: 'string' };

const ackResourceMetadata: Schema = {
  type: 'object',
  description: 'Where the resource is, and whose.',
  properties: { arn: text, ownerAccountID: text, partition: text, region: text },
  required: ['ownerAccountID', 'region'],
};

const conditions: Schema = {
  type: 'array',
  description: 'What the controller found, and what it could not do.',
  items: {
    type: 'object',
    properties: {
      lastTransitionTime: { type: 'string', format: 'date-time' },
      message: text,
      reason: text,
      status: text,
      type: text,
    },
    required: ['status', 'type'],
  },
};

/** Puts a schema beside the field that it fills, which may lie deeper: `a.b`. */
function addAt(properties: Record<string, Schema>, path: string, schema: Schema): void {
  const [first = '', ...rest] = path.split('.');
  if (rest.length === 0) {
    properties[first] = schema;
    return;
  }
  const holder = properties[first];
  if (!holder) return;
  const inner = { ...(holder['properties'] as Record<string, Schema>) };
  addAt(inner, rest.join('.'), schema);
  properties[first] = { ...holder, properties: inner };
}

function columnsOf({ description, status }: KindModel): readonly Schema[] {
  const { columns, progress } = description;
  const state = progress && status.find(({ key }) => key === progress.path);
  const own = columns ?? (state ? [{ name: 'STATUS', path: `.status.${state.name}` }] : []);
  return [
    ...own.map(({ name, path, type = 'string', priority }) => ({
      name,
      type,
      jsonPath: path,
      ...(priority !== undefined && { priority }),
    })),
    {
      name: 'Synced',
      type: 'string',
      jsonPath: '.status.conditions[?(@.type=="ACK.ResourceSynced")].status',
    },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  ].map((column) => column satisfies Schema);
}
