// From the schemas of this house to those of an OpenAPI v3 document: references in full, the wrapped types spelled
// out as clients know them.
import type { KubeSchema } from '../schema/schema.ts';

/** A schema as published; x-kubernetes extensions may be added. */
export type Published = Record<string, unknown>;

const prefix = '#/components/schemas/';

/** Publishes a schema and notes the definitions that it refers to. */
export function publishSchema(schema: KubeSchema, references: Set<string>): Published {
  const { $ref, properties, items, additionalProperties, ...rest } = schema;
  const published: Published = { ...rest };
  for (const key of ['allOf', 'anyOf', 'oneOf'] as const) {
    const parts = schema[key];
    if (parts) published[key] = parts.map((part) => publishSchema(part, references));
  }
  if (schema.not) published['not'] = publishSchema(schema.not, references);
  if (items) published['items'] = publishSchema(items, references);
  if (properties) {
    const fields = Object.entries(properties);
    published['properties'] = Object.fromEntries(
      fields.map(([name, field]) => [name, publishSchema(field, references)]),
    );
  }
  if (additionalProperties !== undefined) {
    published['additionalProperties'] =
      typeof additionalProperties === 'object'
        ? publishSchema(additionalProperties, references)
        : additionalProperties;
  }
  if ($ref !== undefined) return publishReference($ref, published, references);
  return spellOut(schema, published);
}

/** What stands beside a reference is ignored by readers, so it goes around an allOf. */
function publishReference(name: string, beside: Published, references: Set<string>): Published {
  references.add(name);
  const reference = { $ref: prefix + name };
  return Object.keys(beside).length === 0 ? reference : { allOf: [reference], ...beside };
}

function spellOut(schema: KubeSchema, published: Published): Published {
  if (schema.format === 'quantity') {
    const { anyOf: _, format: __, ...rest } = published;
    return { ...rest, oneOf: [{ type: 'string' }, { type: 'number' }] };
  }
  if (schema['x-kubernetes-int-or-string'] && schema.type === undefined && !schema.anyOf && !schema.allOf) {
    return { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }], ...published };
  }
  return published;
}
