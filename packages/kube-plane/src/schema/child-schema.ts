// How a value's fields find their schemas. The one place that knows which fields an object schema admits.
import { objectMetaName } from './definition-name.ts';
import { type KubeSchema, resolveSchema, type SchemaSource } from './schema.ts';

/** The schema of a field; `open` when any value is admitted; undefined when the field is unknown. */
export type ChildSchema = KubeSchema | 'open' | undefined;

const text: KubeSchema = { type: 'string' };

/**
 * The schema of a whole resource: custom resources need not declare apiVersion, kind and metadata, yet have them.
 * Built-in kinds come back as they are.
 */
export function resourceSchema(schema: KubeSchema, source: SchemaSource): KubeSchema {
  const resolved = resolveSchema(schema, source);
  const own = resolved.properties ?? {};
  if (own['apiVersion'] && own['metadata']?.$ref) return resolved;
  const metadata: KubeSchema = source.definition(objectMetaName)
    ? { $ref: objectMetaName }
    : { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  return { ...resolved, properties: { ...own, apiVersion: text, kind: text, metadata } };
}

/** Follows `$ref`, and completes the schema of an embedded resource. */
export function openSchema(schema: KubeSchema, source: SchemaSource): KubeSchema {
  const resolved = resolveSchema(schema, source);
  return resolved['x-kubernetes-embedded-resource'] ? resourceSchema(resolved, source) : resolved;
}

/** The schema of field `key` of an object with the opened schema `schema`. */
export function childSchema(schema: KubeSchema, key: string): ChildSchema {
  const { properties, additionalProperties } = schema;
  if (properties && Object.hasOwn(properties, key)) return properties[key];
  if (typeof additionalProperties === 'object') return additionalProperties;
  if (additionalProperties === true || isOpen(schema)) return 'open';
  return undefined;
}

/** True when fields that the schema does not name are kept. */
export function isOpen(schema: KubeSchema): boolean {
  if (schema['x-kubernetes-preserve-unknown-fields']) return true;
  return schema.type === undefined && !schema.properties && schema.additionalProperties === undefined;
}
